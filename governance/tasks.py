"""Governance by the clock: assessments are reminded of and closed."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from governance.services.assessments.day import close_passed, remind
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "governance.day"


@jobs.handler(DAY_JOB)
def governance_day(job: jobs.RunningJob) -> dict[str, object]:
    """Close assessments whose last day has passed and remind of those that are open; each bears a second time."""
    day = today()
    return {"closed": close_passed(day), "reminded": remind(day)}


@shared_task(name="governance.day")
def ask_for_governance_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Governance: assessments that close or wait"),
        )
