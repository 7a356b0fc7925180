"""The desk by the clock: reminders, closing what was answered, forgetting what nobody confirmed."""

from collections.abc import Callable
from datetime import date, timedelta

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services.desk import clock
from activities.services.desk.asking import forget_unverified_questions
from nss_portal.core import jobs
from nss_portal.core.time import end_of, today

DAY_JOB = "activities.desk_day"
UNVERIFIED_DAYS = 30


def _forget(day: date) -> int:
    return forget_unverified_questions(before=end_of(day - timedelta(days=UNVERIFIED_DAYS)))


PARTS: dict[str, Callable[[date], int]] = {
    "reminded": lambda day: clock.remind(day=day),
    "asked": lambda day: clock.remind_askers(day=day),
    "closed": lambda day: clock.close_answered(day=day),
    "forgotten": _forget,
}


@jobs.handler(DAY_JOB)
def desk_day(job: jobs.RunningJob) -> dict[str, object]:
    """Do what the day asks; mails have keys and states are looked at, so that nothing is done twice."""
    day = today()
    found: dict[str, object] = {}
    for name, do in PARTS.items():
        with transaction.atomic():
            job.checkpoint()
            found[name] = do(day)
    return found


@shared_task(name="activities.desk_day")
def ask_for_desk_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Desk: what today asks for"),
        )
