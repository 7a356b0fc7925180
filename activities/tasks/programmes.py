"""Programmes by the clock: reflections open, filled in from what the portal knows, and people are reminded."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services.programmes.reflections import open_reflections
from activities.services.programmes.reminders import remind
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "activities.programmes_day"


@jobs.handler(DAY_JOB)
def programmes_day(job: jobs.RunningJob) -> dict[str, object]:
    """Open the reflections on the half year that ended, and remind of what is due; each once."""
    day = today()
    opened = open_reflections(day=day, guard=job.checkpoint)
    return {"opened": opened, "due": remind(day=day, guard=job.checkpoint)}


@shared_task(name="activities.programmes_day")
def ask_for_programmes_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Programmes: reflections and reminders"),
        )
