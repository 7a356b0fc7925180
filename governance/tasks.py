"""Governance by the clock: assessments and rights, copies of personal data, who and what is forgotten."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.services.assessments.day import close_passed, remind
from governance.services.emergency import close_passed_roles
from governance.services.privacy.asking import COPY_JOB, ERASURE_JOB
from governance.services.privacy.copying import make_copy
from governance.services.privacy.erasing import ask_for_due, carry_out
from governance.services.rights_review import rights_day
from governance.services.sign_up import forget_old_sign_ups
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "governance.day"
RIGHTS_JOB = "governance.rights"


jobs.handler(COPY_JOB)(make_copy)
jobs.handler(ERASURE_JOB)(carry_out)


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


@shared_task(name="governance.privacy_day")
def ask_for_privacy_day() -> None:
    """Set going by the clock, several times a night: a job for each person whose days of grace are over."""
    ask_for_due(today())
