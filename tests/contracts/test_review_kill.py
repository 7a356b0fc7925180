"""A worker that is killed while it opens and closes a round, on servers of its own: none left out, none twice."""

from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.contracts.review_ground import call, check_closed, check_opened, close, load, open_and_wait_for
from tests.core.ground import Ground, standing_on
from tests.supervisor.conftest import environment, layout

__all__ = ["environment", "layout"]

CONTRACTS = 30
SECONDS = 0.2

pytestmark = pytest.mark.slow


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=True) as ground:
        load(ground, CONTRACTS, parties=2, actions=12, commitments=4)
        call(ground, f"slow_down({SECONDS})")
        yield ground


def test_a_killed_worker_leaves_no_contract_out_and_does_none_twice(ground: Ground) -> None:
    open_and_wait_for(ground, 5)
    ground.kill("worker")
    assert ground.ask("SELECT count(*) FROM contracts_annualreview") < CONTRACTS, "it was killed in the middle"
    ground.empty_redis()
    ground.start_worker()
    check_opened(ground, CONTRACTS, parties=2, kills=1)
    close(ground, 5)
    ground.kill("worker")
    assert ground.ask("SELECT state FROM contracts_reviewround") == "closing"
    ground.start_worker()
    check_closed(ground, CONTRACTS)
