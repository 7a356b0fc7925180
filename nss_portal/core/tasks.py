"""Thin Celery tasks: messages that come in, and what the clock sets going."""

from celery import shared_task

from nss_portal.core.files.cleanup import clean_up
from nss_portal.core.jobs import run, sweep
from nss_portal.core.jobs.queue import TASK
from nss_portal.core.mail import send  # registers the handler

__all__ = ["clean_up_files", "run_job", "send", "sweep_jobs"]


@shared_task(name=TASK)
def run_job(job_id: int) -> None:
    """Carry out one job, if it is still there to be taken."""
    run.run(job_id)


@shared_task(name="core.sweep")
def sweep_jobs() -> None:
    """Every few seconds: make good what a lost message or a dead worker left behind."""
    sweep.sweep()


@shared_task(name="core.clean_up_files")
def clean_up_files() -> None:
    """Every night: throw away files that belong to nothing."""
    clean_up()
