"""Thin Celery tasks: messages that come in, and what the clock sets going."""

from celery import current_app, shared_task
from django.db import close_old_connections

from nss_portal.core import jobs
from nss_portal.core.files.cleanup import clean_up
from nss_portal.core.jobs import run, sweep
from nss_portal.core.jobs.queue import SCHEDULED, TASK
from nss_portal.core.mail import send  # registers the handler
from nss_portal.core.reports.tasks import make_report

__all__ = ["clean_up_files", "make_report", "run_job", "run_scheduled", "send", "sweep_jobs"]


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
