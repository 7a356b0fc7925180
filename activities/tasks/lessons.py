"""Lessons by the clock: what came of those that somebody applies."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services.lesson_mails import ask_what_came_of_it
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "activities.lessons_day"


@jobs.handler(DAY_JOB)
def lessons_day(job: jobs.RunningJob) -> dict[str, object]:
    """Ask what came of lessons of the day on which it runs; each is noted, so that nobody is asked twice."""
    return {"asked": ask_what_came_of_it(day=today(), guard=job.checkpoint)}


@shared_task(name="activities.lessons_day")
def ask_for_lessons_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Lessons: what came of them"),
        )
