"""The sweeper: makes good what a lost message or a dead worker left behind."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from nss_portal.core import locks
from nss_portal.core.jobs.handlers import handler_or_stand_in
from nss_portal.core.jobs.queue import SCHEDULED, send_messages
from nss_portal.core.jobs.run import try_again
from nss_portal.core.models import Job, JobState

logger = logging.getLogger(__name__)

# A message that nobody took after so long is sent again: soon where the queue is empty, so that it must be
# lost, later where it may be waiting behind others.
LOST_AFTER = timedelta(seconds=8)
WAITING_AFTER = timedelta(minutes=5)
BATCH = 500
SILENT = "The worker stopped in the middle."
ROUTINE_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Swept:
    """How many leases had run out, and how many messages were sent."""

    expired: int = 0
    sent: int = 0


def sweep() -> Swept:
    """Put back the jobs whose lease ran out and send the messages that are missing; one sweeper at a time."""
    with transaction.atomic():
        if not locks.try_lock("core.sweep"):
            return Swept()
        expired = _put_back_expired()
    sent = send_messages(list(_without_message()))
    return Swept(expired=expired, sent=sent)


def _put_back_expired() -> int:
    """A job whose worker fell silent goes back at once, or is stopped when that happened too often.

    A row that a handler's open transaction holds (`checkpoint`) is skipped: its worker is alive.
    """
    rows = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=JobState.RUNNING, lease_until__lt=Now()
    )[:BATCH]
    jobs = list(rows)
    for job in jobs:
        logger.warning("job %s (%s): its worker fell silent", job.pk, job.kind)
        if try_again(job, handler_or_stand_in(job.kind), SILENT) == JobState.QUEUED:
            Job.objects.filter(pk=job.pk).update(run_after=Now())
    return len(jobs)


def forget_routine() -> int:
    """Delete what the clock set going and was done a month ago; other jobs stay, since their keys count."""
    old = Job.objects.filter(kind=SCHEDULED, state=JobState.DONE, finished_at__lt=Now() - ROUTINE_KEPT)
    return old.delete()[0]


def _without_message() -> list[tuple[int, str]]:
    """Give the due jobs that no message is on its way for, oldest first."""
    empty = {queue for queue, size in queue_sizes().items() if size == 0}
    due = Job.objects.filter(state=JobState.QUEUED, run_after__lte=Now()).filter(
        Q(message_at__isnull=True) | Q(message_at__lt=Now() - LOST_AFTER)
    )
    found = due.annotate(age=Now() - F("message_at")).order_by("run_after", "pk")
    return [
        (pk, kind)
        for pk, kind, age in found.values_list("pk", "kind", "age")[:BATCH]
        if age is None or age > WAITING_AFTER or handler_or_stand_in(kind).queue in empty
    ]


def queue_sizes() -> dict[str, int]:
    """Ask the broker how many messages wait in each queue; a queue that it does not know is empty."""
    from nss_portal.celery import app

    sizes: dict[str, int] = {}
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        for name in app.amqp.queues:
            sizes[name] = int(channel.client.llen(name))
    return sizes
