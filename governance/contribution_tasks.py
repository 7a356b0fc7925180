"""Contributions by the clock: asked for, opened for confirmation, reminded of."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from governance.services.contributions.asking import ask_for_pledges, open_confirmation, remind
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "governance.contributions_day"


@jobs.handler(DAY_JOB)
def contributions_day(job: jobs.RunningJob) -> dict[str, object]:
    """Do what the day asks; each of it bears a second time."""
    day = today()
    return {"asked": ask_for_pledges(day), "opened": open_confirmation(day), "reminded": remind(day)}


@shared_task(name="governance.contributions_day")
def ask_for_contributions_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today().isoformat()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day}",
            payload={"day": day},
            title=_("Contributions: pledges and confirmations that are asked"),
        )
