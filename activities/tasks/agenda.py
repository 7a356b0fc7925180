"""The agenda by the clock: reminders of a vote."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services.periods.reminders import remind
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "activities.agenda_day"


@jobs.handler(DAY_JOB)
def agenda_day(job: jobs.RunningJob) -> dict[str, object]:
    """Write the reminders of the day on which it runs; the key of each mail keeps it to one."""
    return {"reminded": remind(day=today(), guard=job.checkpoint)}


@shared_task(name="activities.agenda_day")
def ask_for_agenda_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Agenda: reminders of today"),
        )
