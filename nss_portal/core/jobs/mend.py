"""What a coordinator does about a job that stopped."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from nss_portal.core import workflow
from nss_portal.core.access import Actor
from nss_portal.core.jobs.queue import announce
from nss_portal.core.models import Job, JobState

# The worker's own changes of state are in the row's fields; people's go through here.
WORKFLOW = workflow.Workflow(
    "job",
    [workflow.Step("restart", [JobState.FAILED], JobState.QUEUED, "manage", _("Start again"))],
)


@transaction.atomic
def restart(*, job: Job, actor: Actor) -> Job:
    """Start a job again that was given up; it goes on where it stopped, with all its tries before it.

    Raises NotAllowed, and TransitionRefused when it did not stop.
    """
    workflow.take(WORKFLOW, "restart", job, actor=actor)
    Job.objects.filter(pk=job.pk).update(attempts=0, run_after=Now(), message_at=None, finished_at=None)
    job.refresh_from_db()
    announce(job)
    return job
