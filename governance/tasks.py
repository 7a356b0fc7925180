"""Governance by the clock: assessments are reminded of and closed, rights reviewed, old requests forgotten."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.services.assessments.day import close_passed, remind
from governance.services.emergency import close_passed_roles
from governance.services.rights_review import rights_day
from governance.services.sign_up import forget_old_sign_ups
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "governance.day"
RIGHTS_JOB = "governance.rights"


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


@jobs.handler(RIGHTS_JOB)
def rights_of_the_day(job: jobs.RunningJob) -> dict[str, object]:
    """Open, finish and remind of the review of rights, and forget old requests; each bears a second time."""
    return {**rights_day(today()), "forgotten": forget_old_sign_ups(now=timezone.now())}


@shared_task(name="governance.rights")
def ask_for_rights_day() -> None:
    """Set going by the clock, every half hour: tells of emergency roles that ended, and one job per day."""
    close_passed_roles()
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=RIGHTS_JOB,
            key=f"{RIGHTS_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Governance: who has which rights"),
        )
