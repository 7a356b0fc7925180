"""A round while its worker is killed and its servers fail, on servers of its own: none left out, nothing twice.

The short form of `tests/proof/proof_review.py`, which does so with all 342 contracts and at random.
"""

from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.contracts.review_ground import call, check_closed, check_opened, check_reminded
from tests.core.ground import Ground, standing_on
from tests.supervisor.conftest import environment, layout

__all__ = ["environment", "layout"]

CONTRACTS = 24
SECONDS = 0.15

pytestmark = pytest.mark.slow


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=True) as ground:
        ground.start_clock("second clock")
        yield ground


def test_a_round_under_failures_leaves_nothing_out_and_does_nothing_twice(ground: Ground) -> None:
    call(ground, f"load({CONTRACTS}, 2, 12, 4)", f"slow_down({SECONDS})", "begin()")
    ground.wait("count(*) >= 4 FROM contracts_annualreview", "the first reviews")
    ground.kill("worker")
    assert ground.ask("SELECT count(*) FROM contracts_annualreview") < CONTRACTS, "it was killed in the middle"
    ground.empty_redis()
    begun = ground.ask("SELECT count(*) FROM contracts_annualreview")
    ground.start_worker()
    # More than the one before it made, so that its children are at work.
    ground.wait(f"count(*) > {begun} FROM contracts_annualreview", "more reviews")
    assert all(ground.kill_child("worker", number) for number in (0, 1))
    check_opened(ground, CONTRACTS, parties=2, kills=2)
    # A reminder is due: several clocks ask, and what was asked for is told to the worker again.
    call(ground, "answer(0.7)", "make_due(7)", "ring(3)", "deliver_again()")
    assert check_reminded(ground)
    call(ground, "end()", "deliver_again()")
    ground.wait("count(*) >= 4 FROM contracts_annualreview WHERE state = 'closed'", "the first closed")
    ground.restart_postgres()
    check_closed(ground, CONTRACTS)
