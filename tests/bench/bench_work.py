"""What a job and a mail cost, with a real worker, broker, database and mail server."""

from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.core.ground import Ground, standing_on
from tests.figures import Figures
from tests.supervisor.conftest import environment, layout

__all__ = ["environment", "layout"]

JOBS = 500
MAILS = 500


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=False) as ground:
        yield ground


def test_jobs(ground: Ground, figures: Figures) -> None:
    ground.run(f"workload.ask_for_nothing({JOBS})")
    ground.wait(f"count(*) = {JOBS} FROM core_job WHERE state = 'done'", "the jobs")
    asked = float(ground.ask("SELECT extract(epoch FROM max(created_at) - min(created_at)) FROM core_job"))
    done = float(ground.ask("SELECT extract(epoch FROM max(finished_at) - min(started_at)) FROM core_job"))
    figures.record("asking for a job", 1000 * asked / JOBS, "ms", at_most=20)
    figures.record("a job that does nothing, two processes", 1000 * done / JOBS, "ms", at_most=40)
    figures.record("jobs per second", JOBS / done, "1/s", at_least=25)


def test_mails(ground: Ground, figures: Figures) -> None:
    ground.run(f"workload.write_mails({MAILS})")
    ground.wait(f"count(*) = {MAILS} FROM core_outgoingmail WHERE state = 'sent'", "the mails")
    sql = (
        "SELECT extract(epoch FROM max(finished_at) - min(started_at)) FROM core_job WHERE kind = 'core.send_mail'"
    )
    sent = float(ground.ask(sql))
    figures.record("mails per second, two processes, server on this machine", MAILS / sent, "1/s", at_least=10)


def test_how_soon_a_job_begins(ground: Ground, figures: Figures) -> None:
    ground.run("workload.ask_for_nothing(1)")
    ground.wait("state = 'done' FROM core_job", "the job")
    waited = ground.ask("SELECT extract(epoch FROM started_at - created_at) FROM core_job")
    figures.record("from asking to beginning, worker idle", 1000 * float(waited), "ms", at_most=3000)
