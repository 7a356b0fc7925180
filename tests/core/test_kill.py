"""Worker, Redis and PostgreSQL fail in the middle of work: nothing is left out, nothing is done twice.

On servers of the test's own, with short leases; `make proof` does the same with real ones and more of it.
"""

from collections.abc import Iterator

import pytest

from nss_portal.supervisor.layout import Layout
from tests.core.ground import Ground, check_mails, standing_on
from tests.supervisor.conftest import environment, layout
from tests.supervisor.own import wait_until

__all__ = ["environment", "layout"]

ROWS = 60


@pytest.fixture
def ground(layout: Layout, environment: dict[str, str]) -> Iterator[Ground]:
    with standing_on(layout, environment, quick=True) as ground:
        yield ground


@pytest.mark.slow
def test_work_survives_what_fails_under_it(ground: Ground) -> None:
    ground.run(f"workload.ask({ROWS}, 0.1)")
    ground.wait_for_rows(10)
    ground.empty_redis()
    ground.wait_for_rows(20)
    ground.kill("worker")
    ground.start_worker()
    ground.wait_for_rows(35)
    ground.restart_postgres()
    ground.wait_for_rows(50)
    ground.crash_redis()
    ground.wait("state = 'done' FROM core_job WHERE kind = 'test.rows'", "the end of the work")
    ground.wait(
        "NOT EXISTS (SELECT 1 FROM core_outgoingmail WHERE state IN ('queued', 'sending'))", "the end of the mail"
    )
    assert ground.is_running("worker"), "a worker outlives the crash of Redis"
    assert ground.rows() == {str(number): 1 for number in range(ROWS)}
    check_mails(ground, ROWS, kills=2)
    # The kill counts as a try, the restart of PostgreSQL does not.
    assert ground.ask("SELECT claims FROM core_job WHERE kind = 'test.rows'") == 3
    assert ground.ask("SELECT attempts FROM core_job WHERE kind = 'test.rows'") == 2

    # A worker that dies while the mail server has a mail, but has not answered: it may have gone, so it is shown.
    ground.run("workload.write_mails(1, 'traag')")
    ground.wait("state = 'sending' FROM core_outgoingmail WHERE subject = 'traag'", "a mail on its way")
    slow = ground.ask("SELECT message_id FROM core_outgoingmail WHERE subject = 'traag'")
    wait_until(lambda: slow in ground.taken(), "the mail server to note it")
    ground.kill("worker")
    ground.start_worker()
    ground.wait("state = 'uncertain' FROM core_outgoingmail WHERE subject = 'traag'", "it to be shown")
    ground.wait("state = 'done' FROM core_job WHERE title = 'traag'", "its job to end")
    check_mails(ground, ROWS + 1, kills=3)
