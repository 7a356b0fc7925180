"""Date polls by the clock: reminders before the last day."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services import poll_choice
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "activities.polls_day"


@jobs.handler(DAY_JOB)
def polls_day(job: jobs.RunningJob) -> dict[str, object]:
    """Write the reminders of the day on which it runs; each poll notes it, so that none comes twice."""
    return {"reminded": poll_choice.remind(day=today(), guard=job.checkpoint)}


@shared_task(name="activities.polls_day")
def ask_for_polls_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Date polls: reminders of today"),
        )
