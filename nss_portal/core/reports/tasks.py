"""The job that makes a report."""

from nss_portal.core import jobs
from nss_portal.core.models import Job, Report
from nss_portal.core.reports import services


def _failed(job: Job) -> None:
    report = Report.objects.filter(pk=job.payload["report"]).first()
    if report is not None:
        services.give_up(report, job.last_error)


@jobs.handler(services.JOB, retries=(10, 60), on_failed=_failed)
def make_report(job: jobs.RunningJob) -> dict[str, object]:
    """Make a report with the rights of whoever asked for it; a report that is gone is nobody's any more."""
    report = Report.objects.filter(pk=job.payload["report"]).first()
    if report is None:
        return {"report": None}
    try:
        made, _content = services.produce(report, actor=job.actor, progress=job.progress, guard=job.checkpoint)
    except services.NotThere as gone:
        raise jobs.GiveUp(str(gone)) from gone
    return {"report": made.public_id, "sha256": made.sha256}
