"""The yearly review of 342 contracts with 12 parties and 25 actions each, in a worker that is warm."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nss_portal.supervisor.layout import Layout
from tests.contracts.review_ground import NO_MAIL_WAITS, call, load
from tests.core.ground import Ground, standing_on
from tests.figures import Figures
from tests.supervisor.conftest import environment, layout

__all__ = ["environment", "layout"]

CONTRACTS, PARTIES = 342, 12
TOOK = (
    "SELECT extract(epoch FROM finished_at - started_at) FROM core_job WHERE kind = '{}' ORDER BY id DESC LIMIT 1"
)


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=False) as ground:
        load(ground, CONTRACTS, parties=PARTIES, actions=25, commitments=12)
        yield ground


def took(ground: Ground, kind: str) -> float:
    """Give how long the newest job of a kind took, in seconds."""
    return float(ground.ask(TOOK.format(kind)))


def peak_memory() -> float:
    """Give the largest memory (MB) that a process of Celery's on this machine has had."""
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"celery" in command and "VmHWM" in lines:
            peaks.append(float(lines["VmHWM"].split()[0]) / 1024)
    return max(peaks, default=0.0)


def test_a_round(ground: Ground, figures: Figures) -> None:
    call(ground, "begin()")
    ground.wait("state = 'done' FROM core_job WHERE kind = 'contracts.open_round'", "the opening", 120)
    figures.record("review: opening a round, 342 contracts", took(ground, "contracts.open_round"), "s", at_most=15)
    ground.wait("state = 'done' FROM core_job WHERE kind = 'contracts.invite_round'", "the invitations", 120)
    figures.record(
        f"review: writing {CONTRACTS * (PARTIES - 1)} invitations",
        took(ground, "contracts.invite_round"),
        "s",
        at_most=10,
    )
    began = time.monotonic()
    ground.wait(NO_MAIL_WAITS, "the end of the mail", 600)
    figures.record("review: until all invitations have gone", time.monotonic() - began, "s")
    call(ground, "answer()")
    call(ground, "end()")
    ground.wait("count(*) = 6 FROM core_report WHERE state = 'ready'", "the reports", 240)
    figures.record(
        "review: closing a round, 342 contracts", took(ground, "contracts.close_round"), "s", at_most=30
    )
    # Both languages are made once cold; a warm worker is measured by making one again from changed data.
    call(ground, "report_again()")
    ground.wait("count(*) = 7 FROM core_report WHERE state = 'ready'", "the report", 240)
    figures.record("review: national reflection as PDF, warm worker", took(ground, "core.report"), "s", at_most=30)
    figures.record("review: memory of a worker with the reflection", peak_memory(), "MB", at_most=500)
