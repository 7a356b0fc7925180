"""Workspaces by the clock: reminders, and action points that go along to the next session."""

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from activities.services.workspace import decisions, reminders
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.time import today

DAY_JOB = "activities.workspace_day"


@jobs.handler(DAY_JOB)
def workspace_day(job: jobs.RunningJob) -> dict[str, object]:
    """Write the reminders of the day on which it runs; each is noted, so that none comes twice."""
    day = today()
    carried = decisions.carry_over(actor=User.objects.system(), day=day, guard=job.checkpoint)
    reminded = reminders.remind(day=day, guard=job.checkpoint)
    return {"carried": carried, "reminded": reminded}


@shared_task(name="activities.workspace_day")
def ask_for_workspace_day() -> None:
    """Set going by the clock, several times a day: one job per day, whichever of them comes through."""
    day = today()
    with transaction.atomic():
        jobs.enqueue(
            kind=DAY_JOB,
            key=f"{DAY_JOB}:{day.isoformat()}",
            payload={"day": day.isoformat()},
            title=_("Workspaces: reminders of today"),
        )
