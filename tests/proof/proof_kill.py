"""What fails under the work: worker, Redis, PostgreSQL, one by one and all mixed up. With real leases."""

import random
import signal
import time
from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.core.ground import Ground, check_mails, standing_on
from tests.figures import Figures
from tests.supervisor.own import wait_until

CONTRACTS = 120  # as many rows as the yearly review has contracts, with a mail each
END = "NOT EXISTS (SELECT 1 FROM core_outgoingmail WHERE state IN ('queued', 'sending'))"


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=False) as ground:
        yield ground


def finish(ground: Ground, rows: int, *, kills: int, seconds: float = 240) -> int:
    """Wait for the end and check that all was done once; gives the number of mails that stayed uncertain."""
    ground.wait("state = 'done' FROM core_job WHERE kind = 'test.rows'", "the end of the work", seconds)
    ground.wait(END, "the end of the mail", seconds)
    assert ground.rows() == {str(number): 1 for number in range(rows)}
    return check_mails(ground, rows, kills=kills)


def half_way(ground: Ground) -> None:
    """Ask for the work and wait until half of it is there."""
    ground.run(f"workload.ask({CONTRACTS}, 0.05)")
    ground.wait_for_rows(CONTRACTS // 2)


def until_next_row(ground: Ground) -> float:
    """Wait for a further row; gives the seconds."""
    began, before = time.monotonic(), ground.ask("SELECT count(*) FROM core_transition") or CONTRACTS // 2
    ground.wait_for_rows(before + 1)
    return time.monotonic() - began


def test_a_killed_worker(ground: Ground, figures: Figures) -> None:
    half_way(ground)
    ground.kill("worker")
    ground.start_worker()
    figures.record("kill -9 of the worker: until its job goes on", until_next_row(ground), "s", at_most=30)
    uncertain = finish(ground, CONTRACTS, kills=1)
    figures.record("kill -9 of the worker: mails that stay uncertain", uncertain, "mails", at_most=2)
    figures.record("kill -9 of the worker: rows missing or double, mails twice", 0, "rows", at_most=0)


def test_an_emptied_redis(ground: Ground, figures: Figures) -> None:
    half_way(ground)
    for _time in range(5):
        ground.empty_redis()
        time.sleep(0.2)
    began = time.monotonic()
    uncertain = finish(ground, CONTRACTS, kills=0)
    figures.record("emptied Redis: until all mails have gone", time.monotonic() - began, "s", at_most=60)
    figures.record("emptied Redis: mails that stay uncertain", uncertain, "mails", at_most=0)


def test_a_crashed_redis(ground: Ground, figures: Figures) -> None:
    """The worker has to find its way back to a Redis that was gone."""
    half_way(ground)
    ground.crash_redis()
    began = time.monotonic()
    uncertain = finish(ground, CONTRACTS, kills=0)
    figures.record("crashed Redis: until all mails have gone", time.monotonic() - began, "s", at_most=60)
    figures.record("crashed Redis: mails that stay uncertain", uncertain, "mails", at_most=0)


def test_a_restarted_postgres(ground: Ground, figures: Figures) -> None:
    half_way(ground)
    ground.restart_postgres()
    figures.record("restarted PostgreSQL: until the job goes on", until_next_row(ground), "s", at_most=30)
    uncertain = finish(ground, CONTRACTS, kills=0)
    figures.record("restarted PostgreSQL: mails that stay uncertain", uncertain, "mails", at_most=0)


def test_a_crashed_postgres(ground: Ground, figures: Figures) -> None:
    half_way(ground)
    ground.restart_postgres(signal.SIGQUIT)
    figures.record("crashed PostgreSQL: until the job goes on", until_next_row(ground), "s", at_most=30)
    finish(ground, CONTRACTS, kills=1)


def test_everything_at_random(ground: Ground, figures: Figures) -> None:
    """Two minutes of failures of all kinds; then all rows and mails are there, once."""
    rows, kills, failures = 600, 0, 0
    ground.run(f"workload.ask({rows}, 0.15)")
    chance = random.Random(2030)
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        time.sleep(chance.uniform(2, 12))
        kind = chance.choice(["worker", "worker", "redis", "empty", "postgres", "crash", "clock"])
        failures += 1
        if kind in ("worker", "clock"):
            ground.kill(kind)
            time.sleep(chance.uniform(0, 2))
            getattr(ground, f"start_{kind}")()
            kills += kind == "worker"
        elif kind == "empty":
            ground.empty_redis()
        elif kind == "redis":
            ground.crash_redis()
        else:
            ground.wait("1 = 1", "PostgreSQL")
            ground.restart_postgres(signal.SIGINT if kind == "postgres" else signal.SIGQUIT)
            kills += kind == "crash"
    uncertain = finish(ground, rows, kills=kills, seconds=400)
    figures.record("failures at random: how many", failures, "failures")
    figures.record("failures at random: mails that stay uncertain", uncertain, "mails", note=f"of {rows}")


def test_a_mail_that_may_have_gone_is_shown_and_not_sent_again(ground: Ground) -> None:
    ground.run("workload.write_mails(1, 'traag')")
    wait_until(lambda: bool(ground.taken()), "the mail server to take it", 30)
    ground.kill("worker")
    ground.start_worker()
    ground.wait("state = 'uncertain' FROM core_outgoingmail", "it to be shown", 60)
    ground.wait("state = 'done' FROM core_job", "its job to end")
    time.sleep(20)
    assert list(ground.taken().values()) == [1]


def test_what_was_asked_while_redis_was_away(ground: Ground, figures: Figures) -> None:
    """A change does not wait for Redis, and its job runs when Redis is back."""
    ground.environment["REDIS_URL"] = "redis://127.0.0.1:1/0"
    began = time.monotonic()
    ground.run("workload.ask_for_nothing(100)")
    taken = time.monotonic() - began
    del ground.environment["REDIS_URL"]
    figures.record("asking for 100 jobs without Redis, process start included", taken, "s", at_most=20)
    ground.wait("count(*) = 100 FROM core_job WHERE state = 'done'", "the jobs")
