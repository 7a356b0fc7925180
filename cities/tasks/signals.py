"""Signals by the clock: reminders, and what is put before the steering group."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from cities.services.signals import reminders
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "cities.signals_day"


@jobs.handler(DAY_JOB)
def signals_day(job: jobs.RunningJob) -> dict[str, object]:
    """Write the reminders and escalations of the day on which it runs; each is noted, so that none comes twice."""
    day = today()
    reminded = reminders.remind(day=day, guard=job.checkpoint)
    escalated = reminders.escalate(day=day, guard=job.checkpoint)
    return {"reminded": reminded, "escalated": escalated}


@shared_task(name="cities.signals_day")
def ask_for_signals_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Signals: reminders of today"),
        )
