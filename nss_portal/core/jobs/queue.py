"""Asking for a job, and telling a worker about it."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from nss_portal.core.access import Actor
from nss_portal.core.access.standing import LinkActor
from nss_portal.core.jobs.handlers import handler_for, handler_or_stand_in
from nss_portal.core.models import Job, JobState

logger = logging.getLogger(__name__)

TASK = "core.run_job"
SCHEDULED = "core.scheduled"  # kind of the jobs that the clock asks for
# After a broker did not answer, a process leaves messages to the sweeper for so long (seconds), so that a change
# that causes a thousand mails does not wait a thousand times.
AWAY = 10.0
_away_until = 0.0


def enqueue(
    *,
    kind: str,
    key: str,
    payload: Mapping[str, object],
    actor: Actor | None = None,
    title: str = "",
    run_after: datetime | None = None,
) -> Job:
    """Ask for one effect, in the transaction of the change that causes it.

    `key` names the effect within its kind: the same key twice is one job, and gives the row that is there.
    `payload` is JSON and holds primary keys rather than records. `actor` is who asks (None: the portal itself),
    `title` a short text for people, `run_after` the earliest moment. Raises RuntimeError outside a transaction
    and LookupError for a kind without a handler.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("jobs.enqueue() belongs inside the transaction of the change that causes the job")
    handler_for(kind)
    user = actor if isinstance(actor, get_user_model()) else None
    wanted = Job(
        kind=kind,
        key=key,
        payload=dict(payload),
        actor_id=getattr(user, "pk", None),
        actor_label=_label(actor),
        title=title[:200],
        run_after=run_after or timezone.now(),
    )
    Job.objects.bulk_create([wanted], ignore_conflicts=True)
    job = Job.objects.get(kind=kind, key=key)
    if job.public_id == wanted.public_id:
        announce(job)
    return job


def find(*, kind: str, key: str) -> Job | None:
    """Give the job of an effect, or None when it was never asked for."""
    return Job.objects.filter(kind=kind, key=key).first()


def announce(job: Job) -> None:
    """Tell a worker about a waiting job once the transaction is through; later jobs are the sweeper's to tell."""
    if job.run_after <= timezone.now() + timedelta(seconds=1):
        transaction.on_commit(partial(send_message, job.pk, job.kind), robust=True)


def send_message(job_id: int, kind: str) -> bool:
    """Send the message that makes a worker look at a job; says whether the broker took it.

    A message is a hint, so one that cannot be sent raises nothing: the sweeper sends another.
    """
    global _away_until
    from nss_portal.celery import app

    if time.monotonic() < _away_until:
        return False
    # Noted before it is sent: a worker may be done with the job before we could note it afterwards.
    waiting = Q(pk=job_id, state=JobState.QUEUED)
    Job.objects.filter(waiting).update(message_at=Now())
    try:
        app.send_task(TASK, args=[job_id], queue=handler_or_stand_in(kind).queue, retry=False)
    except Exception as error:
        _away_until = time.monotonic() + AWAY
        logger.warning("message for job %s not sent: %s", job_id, type(error).__name__)
        Job.objects.filter(waiting).update(message_at=None)
        return False
    return True


def _label(actor: Actor | None) -> str:
    if actor is None:
        return ""
    return (actor.label if isinstance(actor, LinkActor) else str(actor))[:200]
