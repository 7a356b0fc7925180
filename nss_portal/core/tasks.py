"""Thin Celery tasks: messages that come in, and what the clock sets going."""

from celery import current_app, shared_task
from django.db import close_old_connections, transaction
from django.utils.translation import gettext as _

from nss_portal.core import jobs
from nss_portal.core.archive.exporting import make as make_archive
from nss_portal.core.files.cleanup import clean_up
from nss_portal.core.jobs import run, sweep
from nss_portal.core.jobs.queue import SCHEDULED, TASK
from nss_portal.core.mail import send  # registers the handler
from nss_portal.core.reports.tasks import make_report
from nss_portal.core.retention import JOB as RETENTION_JOB
from nss_portal.core.time import today

__all__ = [
    "ask_for_retention_day",
    "clean_up_files",
    "make_archive",
    "make_report",
    "run_job",
    "run_scheduled",
    "send",
    "sweep_jobs",
]


@shared_task(name=TASK)
def run_job(job_id: int) -> None:
    """Carry out one job, if it is still there to be taken."""
    close_old_connections()  # a connection is kept between jobs; PostgreSQL may have restarted since
    run.run(job_id)


@jobs.handler(SCHEDULED)
def run_scheduled(job: jobs.RunningJob) -> None:
    """Carry out a task that the clock set going."""
    task = current_app.tasks[job.payload["task"]]
    task.run(*job.payload["args"], **job.payload["kwargs"])


@shared_task(name="core.sweep")
def sweep_jobs() -> None:
    """Every few seconds: make good what a lost message or a dead worker left behind."""
    close_old_connections()
    sweep.sweep()


@shared_task(name="core.clean_up_files")
def clean_up_files() -> None:
    """Every night: throw away files that belong to nothing, and the memory of last month's routine."""
    clean_up()
    sweep.forget_routine()


@shared_task(name="core.retention_day")
def ask_for_retention_day() -> None:
    """Set going by the clock, several times a night: one job per day lets go what is past its term."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=RETENTION_JOB,
            key=f"{RETENTION_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Records of which the term is over"),
        )
