"""Asking for a job, and telling a worker about it."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.db import connection, transaction
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


@dataclass(frozen=True)
class Wanted:
    """One effect that is asked for among others of its kind; see `enqueue`."""

    key: str
    payload: Mapping[str, object]
    title: str = ""


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
    wanted = Wanted(key=key, payload=payload, title=title)
    return enqueue_many(kind=kind, wanted=[wanted], actor=actor, run_after=run_after)[0]


def enqueue_many(
    *, kind: str, wanted: Sequence[Wanted], actor: Actor | None = None, run_after: datetime | None = None
) -> list[Job]:
    """Ask for many effects of one kind at once; gives their jobs in the order of `wanted`.

    Leaves what as many calls of `enqueue` would, in two queries, and raises as it does.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("jobs.enqueue() belongs inside the transaction of the change that causes the job")
    handler_for(kind)
    user = actor if isinstance(actor, get_user_model()) else None
    rows = [
        Job(
            kind=kind,
            key=one.key,
            payload=dict(one.payload),
            actor_id=getattr(user, "pk", None),
            actor_label=_label(actor),
            title=one.title[:200],
            run_after=run_after or timezone.now(),
        )
        for one in wanted
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    held = Job.objects.filter(kind=kind, key__in=[row.key for row in rows]).order_by("pk")
    there = {job.key: job for job in held}
    mine = {row.public_id for row in rows}
    announce(*(job for job in there.values() if job.public_id in mine))
    return [there[row.key] for row in rows]


def find(*, kind: str, key: str) -> Job | None:
    """Give the job of an effect, or None when it was never asked for."""
    return Job.objects.filter(kind=kind, key=key).first()


def announce(*waiting: Job) -> None:
    """Tell a worker about waiting jobs once the transaction is through; later jobs are the sweeper's to tell."""
    soon = timezone.now() + timedelta(seconds=1)
    messages = [(job.pk, job.kind) for job in waiting if job.run_after <= soon]
    if messages:
        transaction.on_commit(partial(send_messages, messages), robust=True)


def send_messages(messages: Sequence[tuple[int, str]]) -> int:
    """Send the messages that make a worker look at jobs, each a primary key and a kind; gives how many went.

    A message is a hint, so one that cannot be sent raises nothing: the sweeper sends another.
    """
    global _away_until
    from nss_portal.celery import app

    if time.monotonic() < _away_until:
        return 0
    # Noted before they are sent: a worker may be done with a job before we could note it afterwards.
    waiting = Job.objects.filter(state=JobState.QUEUED)
    waiting.filter(pk__in=[job_id for job_id, _kind in messages]).update(message_at=Now())
    for sent, (job_id, kind) in enumerate(messages):
        try:
            app.send_task(TASK, args=[job_id], queue=handler_or_stand_in(kind).queue, retry=False)
        except Exception as error:
            _away_until = time.monotonic() + AWAY
            logger.warning("message for job %s not sent: %s", job_id, type(error).__name__)
            waiting.filter(pk__in=[left for left, _kind in messages[sent:]]).update(message_at=None)
            return sent
    return len(messages)


def _label(actor: Actor | None) -> str:
    if actor is None:
        return ""
    return (actor.label if isinstance(actor, LinkActor) else str(actor))[:200]
