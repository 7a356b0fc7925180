"""How far a job is, as a part of a page that renews itself."""

from typing import Any

from django import template
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nss_portal.core.models import Job
from nss_portal.core.rendering import render

SALT = "core.job_progress"


def progress_context(job: Job, *, url: str = "", label: str = "") -> dict[str, Any]:
    """Give `components/job_progress.html` what it needs.

    `url` and `label` are the link that is shown when the job is done. Whoever is shown the component may go on
    asking how far this job is, by a signature in its address: the page decided who may know.
    """
    token = signing.dumps([job.public_id, url, label], salt=SALT, compress=True)
    return {
        "job": job,
        "poll_url": "" if job.is_over else reverse("job_progress", args=[job.public_id]) + f"?s={token}",
        "result_url": url,
        "result_label": label,
        "percent": min(100, 100 * job.progress_done // job.progress_total) if job.progress_total else None,
    }


@never_cache
@require_safe
def progress_view(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer the component's question how far the job is: with the component, or, without htmx, with a page."""
    try:
        known_id, url, label = signing.loads(request.GET.get("s", ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    if known_id != public_id or (url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None)):
        raise Http404
    job = get_object_or_404(Job, public_id=public_id)
    context = progress_context(job, url=url, label=label)
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "components/job_progress.html" if is_part else "core/jobs/progress.html", context)


register = template.Library()


@register.inclusion_tag("components/job_progress.html")
def job_progress(job: Job, url: str = "", label: str = "") -> dict[str, Any]:
    """Show how far a job is: `{% job_progress job url=result_url label=_("Open the report") %}`."""
    return progress_context(job, url=url, label=label)
