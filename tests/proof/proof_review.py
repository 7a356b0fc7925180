"""The yearly review of all municipalities while everything fails under it. With real leases.

Every contract has exactly one review, nobody is invited or reminded twice, every report is complete.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from nss_portal.supervisor.layout import Layout
from tests.contracts.review_ground import (
    NO_MAIL_WAITS,
    call,
    check_closed,
    check_opened,
    check_reminded,
    load,
    open_and_wait_for,
    remind,
)
from tests.core.ground import Ground, check_mails, standing_on
from tests.figures import Figures

CONTRACTS, PARTIES, ACTIONS = 342, 12, 25
MINUTE = 60.0
KINDS = ("child", "child", "worker", "clock", "second clock", "empty", "redis", "postgres", "again", "again")
# Ends of the work of one process; a job is tried twelve times, so no phase has more of them.
DEADLY = ("child", "worker", "postgres")
MOST_DEADLY = 8


@dataclass
class Failures:
    """What fails during a round: one thing every few seconds, until a condition in SQL holds."""

    ground: Ground
    chance: random.Random
    happened: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How many of them may have left a mail uncertain."""
        return sum(kind in (*DEADLY, "redis") for kind in self.happened)

    def until(self, sql: str, seconds: float) -> None:
        """Let things fail until the condition holds; every kind comes at least once in a round."""
        ends, deadly = time.monotonic() + seconds, 0
        self.keep_running()
        while not self.ground.ask(f"SELECT {sql}"):
            assert time.monotonic() < ends, (sql, self.happened)
            time.sleep(self.chance.uniform(2, 6))
            self.keep_running()
            kind = self._next(deadly)
            deadly += kind in DEADLY
            self.happened.append(kind)
            self._let(kind)

    def keep_running(self) -> None:
        """Start again what ended by itself, as the portal's supervisor does."""
        for name, start in (("worker", self.ground.start_worker), ("clock", self.ground.start_clock)):
            if not self.ground.is_running(name):
                self.happened.append(f"{name} ended by itself")
                start()

    def _next(self, deadly: int) -> str:
        allowed = [kind for kind in KINDS if deadly < MOST_DEADLY or kind not in DEADLY]
        missing = [kind for kind in allowed if kind not in self.happened]
        return self.chance.choice(missing or allowed)

    def _let(self, kind: str) -> None:
        ground = self.ground
        if kind == "child":
            # A worker that has just started has none yet, and is left alone.
            if not ground.kill_child("worker", self.chance.randrange(2)):
                self.happened[-1] = "child, but there was none"
        elif kind == "worker":
            ground.kill("worker")
            time.sleep(self.chance.uniform(0, 2))
            ground.start_worker()
        elif kind in ("clock", "second clock"):
            ground.kill(kind)
            ground.start_clock(kind)
        elif kind == "empty":
            ground.empty_redis()
        elif kind == "redis":
            ground.crash_redis()
        elif kind == "postgres":
            ground.restart_postgres()
            ground.wait("1 = 1", "PostgreSQL")
        else:
            call(ground, "deliver_again()")


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=False) as ground:
        load(ground, CONTRACTS, parties=PARTIES, actions=ACTIONS, commitments=PARTIES)
        call(ground, "slow_down(0.1)")
        ground.start_clock("second clock")
        yield ground


def test_a_round_of_all_contracts(ground: Ground, figures: Figures) -> None:
    failures = Failures(ground, random.Random(2030))
    began = time.monotonic()
    open_and_wait_for(ground, CONTRACTS // 6)
    ground.stop_redis(MINUTE)
    failures.happened.append("a minute without Redis")
    failures.until(f"count(*) = {CONTRACTS} FROM contracts_annualreview", 400)
    failures.until("count(*) > 2000 FROM core_outgoingmail WHERE state = 'sent'", 900)
    uncertain = check_opened(ground, CONTRACTS, parties=PARTIES, kills=failures.kills, seconds=900)
    figures.record("review of all, opened under failures: mails that stay uncertain", uncertain, "mails")

    call(ground, "answer()")
    remind(ground, times=5)
    failures.until("count(*) > 100 FROM core_outgoingmail WHERE key LIKE 'review-reminder:%'", 400)
    reminded = check_reminded(ground)
    figures.record("review of all: people reminded, each once", reminded, "people")

    call(ground, "end()")
    failures.until("count(*) >= 300 FROM contracts_annualreview WHERE state = 'closed'", 400)
    failures.until("state = 'closed' FROM contracts_reviewround", 400)
    check_closed(ground, CONTRACTS, seconds=600)
    ground.wait(NO_MAIL_WAITS, "the end of the mail", 400)
    invited = CONTRACTS * (PARTIES - 1)
    uncertain = check_mails(ground, invited + reminded, kills=failures.kills)
    figures.record("review of all: reviews missing or double", 0, "reviews", at_most=0, note=f"of {CONTRACTS}")
    figures.record("review of all: mails twice", 0, "mails", at_most=0, note=f"of {invited + reminded}")
    figures.record("review of all: mails that stay uncertain", uncertain, "mails")
    note = ", ".join(f"{kind} {failures.happened.count(kind)}" for kind in sorted(set(failures.happened)))
    figures.record("review of all: failures", len(failures.happened), "failures", note=note)
    figures.record("review of all: the whole round under failures", time.monotonic() - began, "s")
