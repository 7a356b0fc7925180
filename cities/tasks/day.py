"""What a day asks about municipalities: mergers and requests."""

from datetime import timedelta

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.services.merging import carry_out_due_mergers
from cities.services.requests import forget_unverified_requests
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "cities.day"
UNVERIFIED_DAYS = 30


@jobs.handler(DAY_JOB)
def day(job: jobs.RunningJob) -> dict[str, object]:
    """Carry out the mergers whose day has come, and forget requests whose address nobody confirmed."""
    with transaction.atomic():
        job.checkpoint()
        merged = carry_out_due_mergers()
    with transaction.atomic():
        job.checkpoint()
        forgotten = forget_unverified_requests(before=timezone.now() - timedelta(days=UNVERIFIED_DAYS))
    return {"merged": merged, "forgotten": forgotten}


@shared_task(name="cities.day")
def ask_for_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    on = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{on.isoformat()}",
            payload={"day": on.isoformat()},
            title=_("Municipalities: what today asks for"),
        )
