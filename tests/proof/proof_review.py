"""The yearly review of 120 contracts under kills: none left out, none twice, no mail twice. With real leases."""

import signal
from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.contracts.review_ground import call, check_closed, check_opened, close, load, open_and_wait_for
from tests.core.ground import Ground, standing_on
from tests.figures import Figures

CONTRACTS = 120


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=False) as ground:
        load(ground, CONTRACTS, parties=3, actions=25, commitments=6)
        call(ground, "slow_down(0.05)")
        yield ground


def test_a_killed_worker(ground: Ground, figures: Figures) -> None:
    open_and_wait_for(ground, CONTRACTS // 3)
    ground.kill("worker")
    ground.start_worker()
    uncertain = check_opened(ground, CONTRACTS, parties=3, kills=1)
    figures.record("review, kill -9 while opening: reviews missing or double, mails twice", 0, "rows", at_most=0)
    figures.record("review, kill -9 while opening: mails that stay uncertain", uncertain, "mails", at_most=2)
    close(ground, CONTRACTS // 3)
    ground.kill("worker")
    ground.start_worker()
    check_closed(ground, CONTRACTS)
    figures.record("review, kill -9 while closing: outcomes missing", 0, "rows", at_most=0)


def test_an_emptied_redis(ground: Ground, figures: Figures) -> None:
    open_and_wait_for(ground, 1)
    ground.empty_redis()
    uncertain = check_opened(ground, CONTRACTS, parties=3, kills=0)
    figures.record("review, emptied Redis while opening: mails that stay uncertain", uncertain, "mails", at_most=0)


def test_a_restarted_and_a_crashed_postgres(ground: Ground, figures: Figures) -> None:
    open_and_wait_for(ground, CONTRACTS // 3)
    ground.restart_postgres()
    check_opened(ground, CONTRACTS, parties=3, kills=1)
    close(ground, CONTRACTS // 3)
    ground.restart_postgres(signal.SIGQUIT)
    check_closed(ground, CONTRACTS)
    figures.record("review, PostgreSQL restarted and crashed: reviews missing or double", 0, "rows", at_most=0)
