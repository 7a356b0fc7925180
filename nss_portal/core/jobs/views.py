"""Coordinators' pages about jobs: what runs, what waits, what stopped and why."""

from datetime import datetime
from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from nss_portal.core import workflow
from nss_portal.core.access import may
from nss_portal.core.formats import format_moment
from nss_portal.core.jobs import mend
from nss_portal.core.jobs.handlers import unlisted_kinds
from nss_portal.core.jobs.progress import progress_context
from nss_portal.core.jobs.queue import SCHEDULED
from nss_portal.core.models import Job, JobState
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

PAGE = 50
TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
}


class JobFilter(django_filters.FilterSet):
    """Jobs by state and by words of the title; the words in the address are Dutch."""

    stand = django_filters.ChoiceFilter(
        "state", label=gettext_lazy("State"), empty_label=gettext_lazy("All"), choices=JobState.choices
    )
    q = django_filters.CharFilter("title", "icontains", label=gettext_lazy("Title"), max_length=100)

    class Meta:
        model = Job
        fields: list[str] = []


def only_for_coordinators(request: HttpRequest, resource: str) -> None:
    """Let through whoever keeps the portal running; for others these pages do not exist."""
    if not may(request.user, resource, "manage"):
        raise Http404


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """List the jobs, newest first; mails have a page of their own."""
    only_for_coordinators(request, "job")
    jobs = Job.objects.visible_to(request.user).exclude(kind__in=unlisted_kinds())
    jobs = jobs.exclude(kind=SCHEDULED, state=JobState.DONE)  # every hour's routine
    chosen = JobFilter(request.GET, queryset=jobs)
    page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
    stopped = jobs.filter(state=JobState.FAILED).count()
    context = {"page_obj": page, "filter": chosen, "stopped": stopped, "rows": [_row(job) for job in page]}
    return render(request, "core/jobs/list.html", context)


@require_safe
def job_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one job: how far it is, how often it was tried, what went wrong."""
    only_for_coordinators(request, "job")
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    context = {**_row(job), **progress_context(job), "facts": _facts(job), "history": workflow.history(job)}
    return render(request, "core/jobs/detail.html", context)


@require_POST
def job_restart(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start a job again that stopped."""
    job = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    try:
        mend.restart(job=job, actor=request.user)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The task starts again. It goes on where it stopped."))
    return redirect("job", public_id=public_id)


def _row(job: Job) -> dict[str, Any]:
    return {"job": job, "tone": TONES[JobState(job.state)], "can_restart": job.state == JobState.FAILED}


def _facts(job: Job) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Asked for by"), job.actor_label or _("the portal itself")),
        (_("Asked for at"), job.created_at),
        (_("Started last at"), job.started_at),
        (_("Ended at"), job.finished_at),
        (_("Tries"), job.attempts),
        (_("Kind"), job.kind),
    ]
    return shown(facts)


def shown(facts: list[tuple[str, object]]) -> list[tuple[str, object]]:
    """Leave out facts without a value and write moments out."""
    return [
        (label, format_moment(value) if isinstance(value, datetime) else value)
        for label, value in facts
        if value is not None
    ]
