"""Carrying out one job: take it, do it, write down how it ended."""

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import translation

from nss_portal.core.jobs.errors import GiveUp, LeaseLost, TryLater
from nss_portal.core.jobs.handlers import Handler, handler_or_stand_in
from nss_portal.core.jobs.running import LEASE, Keeper, RunningJob
from nss_portal.core.models import Job, JobState
from nss_portal.core.workflow import TransitionRefused

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A job that is taken so often, however blamelessly, is stopped for a person to look at.
MAX_CLAIMS = 100
# How long a worker waits for PostgreSQL before it leaves a job to the sweeper, in seconds.
PATIENCE = 30.0
# Exceptions whose text was written for people and so may be shown to a coordinator.
FOR_PEOPLE = (GiveUp, TryLater, TransitionRefused, PermissionDenied)


def worker_name() -> str:
    """Name of this process in leases."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


CLAIM = """
    UPDATE core_job
    SET state = 'running', claims = claims + 1, attempts = attempts + 1, lease_owner = %(owner)s,
        lease_until = statement_timestamp() + %(lease)s,
        started_at = statement_timestamp()
    WHERE id = (
        SELECT id FROM core_job
        WHERE id = %(id)s AND state = 'queued' AND run_after <= statement_timestamp() FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""


def claim(job_id: int) -> Job | None:
    """Take a job that is waiting and due, or None when it is not, or when somebody else is at it."""
    taken = Job.objects.raw(CLAIM, {"id": job_id, "owner": worker_name(), "lease": LEASE})
    return next(iter(taken), None)


def run(job_id: int) -> str:
    """Carry out a job if it is there to be taken; gives its state afterwards, '' when it was not ours."""
    job = claim(job_id)
    if job is None:
        return ""
    keeper = Keeper(job)
    keeper.start()
    try:
        return _carry_out(job, keeper)
    finally:
        keeper.stop()


def run_here(job: Job) -> Job:
    """Carry out a waiting job in this process and wait for it: for commands and tests. Gives the fresh row.

    Needs neither broker nor worker, and works inside a transaction. Waits for no `run_after`.
    """
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED, run_after__gt=Now()).update(run_after=Now())
    taken = claim(job.pk)
    if taken is not None:
        _carry_out(taken, None)
    return Job.objects.get(pk=job.pk)


def run_all_here(kind: str | None = None) -> int:
    """Carry out all jobs that are due, and those that they cause, in this process; gives how many."""
    count = 0
    waiting = Job.objects.filter(state=JobState.QUEUED, run_after__lte=Now()).order_by("pk")
    while (job := (waiting.filter(kind=kind) if kind else waiting).first()) is not None:
        if run_here(job).claims == job.claims:
            break  # somebody else is at it
        count += 1
    return count


def _carry_out(job: Job, keeper: Keeper | None) -> str:
    running = RunningJob(job, keeper=keeper)
    handler = handler_or_stand_in(job.kind)
    try:
        with translation.override(settings.LANGUAGE_CODE):
            result = handler.work(running)
    except LeaseLost:
        logger.warning("job %s (%s) was taken over by another worker", job.pk, job.kind)
        return ""
    except Exception as error:
        return patiently(_after(job, handler, error))
    last = keeper.latest() if keeper else {}
    return patiently(lambda: _finish(job, result, last))


def _after(job: Job, handler: Handler, error: Exception) -> Callable[[], str]:
    """Say what becomes of a job whose handler raised."""
    text = describe(error)
    if isinstance(error, OperationalError | InterfaceError) and not _database_is_there():
        logger.warning("job %s (%s) was interrupted: %s", job.pk, job.kind, text)
        return lambda: release(job, handler, text)
    if not isinstance(error, FOR_PEOPLE):
        logger.error("job %s (%s) went wrong: %s", job.pk, job.kind, text, exc_info=error)
    if isinstance(error, GiveUp):
        return lambda: give_up(job, handler, text)
    return lambda: try_again(job, handler, text)


def describe(error: Exception) -> str:
    """Say what went wrong without what may be secret: texts for people whole, of others the type and the place."""
    if isinstance(error, FOR_PEOPLE) and str(error):
        return str(error)[:1000]
    if isinstance(error, ValidationError):
        return " ".join(error.messages)[:1000]
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(settings.BASE_DIR) and ".venv" not in f.filename]
    place = (ours or list(frames))[-1:]
    where = ", ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in place)
    return f"{type(error).__name__} ({where})"


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, claims=job.claims, state=JobState.RUNNING)


def _finish(job: Job, result: dict[str, object] | None, last: dict[str, Any]) -> str:
    values: dict[str, Any] = {"lease_owner": "", "lease_until": None, "finished_at": Now(), "last_error": ""}
    updated = _mine(job).update(state=JobState.DONE, result=result, **{**last, **values})
    return JobState.DONE.value if updated else ""


def release(job: Job, handler: Handler, error: str) -> str:
    """Put a job back that could not help being interrupted; the try does not count."""
    if job.claims >= MAX_CLAIMS:
        return give_up(job, handler, error)
    return _requeue(job, error, delay=1, attempts=max(job.attempts - 1, 0))


def try_again(job: Job, handler: Handler, error: str) -> str:
    """Put a job back after a failed try, for later, or give it up when that was the last one."""
    if job.attempts >= handler.max_attempts or job.claims >= MAX_CLAIMS:
        return give_up(job, handler, error)
    return _requeue(job, error, delay=handler.delay(job.attempts), attempts=job.attempts)


def _requeue(job: Job, error: str, *, delay: int, attempts: int) -> str:
    updated = _mine(job).update(
        state=JobState.QUEUED,
        attempts=attempts,
        run_after=Now() + timedelta(seconds=delay),
        message_at=None,
        lease_owner="",
        lease_until=None,
        last_error=error,
    )
    return JobState.QUEUED.value if updated else ""


def give_up(job: Job, handler: Handler, error: str) -> str:
    """Mark a job as failed, and let its kind clean up; a coordinator can start it again."""
    with transaction.atomic():
        updated = _mine(job).update(
            state=JobState.FAILED, lease_owner="", lease_until=None, finished_at=Now(), last_error=error
        )
        if not updated:
            return ""
        if handler.on_failed is not None:
            _tell_kind(handler.on_failed, job)
    return JobState.FAILED.value


def _tell_kind(on_failed: Callable[[Job], None], job: Job) -> None:
    """Let a kind clean up; a fault in that must not keep the job from being stopped."""
    try:
        with transaction.atomic():
            on_failed(Job.objects.get(pk=job.pk))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("cleaning up after job %s (%s) went wrong", job.pk, job.kind)


def _database_is_there() -> bool:
    if connection.in_atomic_block:  # a caller's own transaction; only it can say
        return True
    return connection.connection is not None and connection.is_usable()


def patiently(write: Callable[[], T]) -> T:
    """Write down what has happened already, waiting for a PostgreSQL that restarts.

    Gives what `write` gives; raises its OperationalError when PostgreSQL stays away, or inside a transaction.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)
