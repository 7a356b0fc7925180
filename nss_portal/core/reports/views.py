"""Reports that one may see, asking for one, and what came of it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from nss_portal.core import files, formats, jobs
from nss_portal.core.access import may
from nss_portal.core.kept import KeptPart
from nss_portal.core.models import Report, ReportFormat, ReportState
from nss_portal.core.rendering import render
from nss_portal.core.reports import services
from nss_portal.core.reports.forms import SEPARATOR, ReportForm
from nss_portal.core.reports.registry import kinds

PER_PAGE = 50
TONES = {ReportState.REQUESTED: "info", ReportState.READY: "good", ReportState.FAILED: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """List the reports that one may see, and ask for one: `?rapport=kind|record` has it chosen already."""
    form = None
    if request.method == "POST":
        if not may(request.user, "report", "request"):
            raise Http404
        form = ReportForm(request.POST, actor=request.user)
        report = _asked_for(request, form)
        if report is not None:
            return redirect("reports:detail", public_id=report.public_id)
    # Whoever asked for a report sees it before others do.
    body = KeptPart(request, "reports", lambda: _list_context(request, form), request.user.pk)
    return render(request, "reports/list.html", {"body": body}, status=200 if form is None else 422)


def _list_context(request: HttpRequest, form: ReportForm | None) -> dict[str, Any]:
    if form is None and may(request.user, "report", "request"):
        form = ReportForm(actor=request.user, chosen=request.GET.get("rapport", ""))
    page = Paginator(Report.objects.visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "form": form if form and form.offers else None,
        "page_obj": page,
        "rows": [_row(report) for report in page],
    }


def _asked_for(request: HttpRequest, form: ReportForm) -> Report | None:
    """Ask for what the form says, or note in the form why that cannot be."""
    if not form.is_valid():
        return None
    wanted = {name: form.cleaned_data[name] for name in ("kind", "object_ref", "format", "language")}
    try:
        return services.request_report(**wanted, actor=request.user)
    except (services.NotThere, ValidationError) as refusal:
        form.add_error("what", refusal if isinstance(refusal, ValidationError) else str(refusal))
        return None


@never_cache
@require_safe
def report_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how far a report is, and then where it can be had."""
    report = get_object_or_404(Report.objects.visible_to(request.user), public_id=public_id)
    waiting = report.state == ReportState.REQUESTED
    context = {
        **_row(report),
        "job": jobs.find(kind=services.JOB, key=report.public_id) if waiting else None,
        "again": f"{report.kind}{SEPARATOR}{report.object_ref}",
        "may_request": may(request.user, "report", "request"),
        "facts": _facts(report),
    }
    return render(request, "reports/detail.html", context)


@require_safe
def report_file(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Serve the file of a report to whoever may see the report."""
    visible = Report.objects.visible_to(request.user).select_related("file")
    report = get_object_or_404(visible, public_id=public_id, state=ReportState.READY, file__isnull=False)
    assert report.file is not None  # noqa: S101 by the query
    try:
        content = files.opened(report.file)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=report.format != ReportFormat.PDF,
        filename=services.file_name(report),
        content_type=report.file.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600" if report.is_public else "private, no-cache"
    return response


def _row(report: Report) -> dict[str, Any]:
    kind = kinds().get(report.kind)
    return {
        "report": report,
        "tone": TONES[ReportState(report.state)],
        "name": report.title or f"{kind.label if kind else report.kind}: {report.object_label}",
        "format": report.format.upper(),
        "file_url": reverse("reports:file", args=[report.public_id]) if report.file_id else "",
    }


def _facts(report: Report) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [(_("About"), report.object_label)]
    if report.version:
        facts.append((_("Shows"), report.version))
    facts += [(_("Form"), report.get_format_display()), (_("Language"), report.get_language_display())]
    if report.ready_at:
        facts.append((_("Made"), formats.format_moment(report.ready_at)))
        facts.append((_("Size"), formats.format_size(report.size)))
    else:
        facts.append((_("Asked for at"), formats.format_moment(report.requested_at)))
    return facts
