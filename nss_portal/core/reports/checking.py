"""A public page on which anybody checks whether a file is one that the portal made; nothing of it is kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from nss_portal.core import formats
from nss_portal.core.models import Report, ReportState
from nss_portal.core.pdf import seal
from nss_portal.core.rendering import render
from nss_portal.core.reports.registry import kinds
from nss_portal.core.reports.verdict import Outcome, Verdict, verdict_on
from nss_portal.core.throttle import too_often

# Files that one address may have checked in ten minutes.
MOST, SECONDS = 30, 600


class CheckForm(forms.Form):
    """The file to check."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF, or the data of a contract (JSON). The file is read and not kept."),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is larger than the portal reads."""
        upload: UploadedFile = self.cleaned_data["file"]
        limit = settings.NSS_UPLOAD_MAX_BYTES
        if (upload.size or 0) > limit:
            raise ValidationError(_("This file is larger than %s MB.") % localize(limit // 1_000_000))
        return upload


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a file, and say what it is."""
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    context: dict[str, Any] = {"form": form, "found": None, "fingerprint": seal.fingerprint()}
    if request.method == "POST":
        if too_often(request, form="report-check", most=MOST, seconds=SECONDS):
            form.add_error(None, _("You have checked many files. Wait ten minutes and go on."))
        elif form.is_valid():
            upload = form.cleaned_data["file"]
            context |= _said(verdict_on(upload.read(), request.user), request) | {"name": upload.name}
    return render(request, "reports/check.html", context)


def _said(found: Verdict, request: HttpRequest) -> dict[str, Any]:
    """Put a verdict into words; a report leads to its page only for who may see it."""
    report = found.report
    seen = report is not None and Report.objects.visible_to(request.user).filter(pk=report.pk).exists()
    titles = {
        Outcome.OURS: (_("This file was made by the portal and has not been changed"), "good"),
        Outcome.SEALED: (_("This file bears the whole seal of the portal and has not been changed"), "good"),
        Outcome.DATA: (_("These are the data as the portal handed them out, to the last byte"), "good"),
        Outcome.CHANGED: (_("This file was changed after the portal made it"), "bad"),
        Outcome.UNKNOWN: (_("The portal does not know this file"), "attention"),
    }
    title, tone = titles[found.outcome]
    return {
        "found": found,
        "title": title,
        "tone": tone,
        "facts": _facts(found),
        "report_url": report if report is not None and seen and report.file_id else None,
        "newer": _newer(report, request) if report is not None and found.outcome == Outcome.OURS else None,
        "is_changed": found.outcome == Outcome.CHANGED,
        "is_unknown": found.outcome == Outcome.UNKNOWN,
    }


def _newer(report: Report, request: HttpRequest) -> Report | None:
    """Give the newest report on the same record that says something else since, as far as the reader sees it."""
    same = Report.objects.visible_to(request.user).filter(
        kind=report.kind,
        object_ref=report.object_ref,
        format=report.format,
        language=report.language,
        state=ReportState.READY,
        file__isnull=False,
    )
    newest = same.order_by("-ready_at", "-pk").first()
    return newest if newest is not None and newest.sha256 != report.sha256 else None


def _facts(found: Verdict) -> list[tuple[str, object]]:
    kind = kinds().get(found.kind)
    facts: list[tuple[str, object]] = []
    if found.recognised is not None:
        facts.append((_("What it is"), found.recognised.title))
    if kind is not None:
        facts.append((_("Kind"), kind.label))
    if found.outcome == Outcome.OURS and found.report is not None:
        facts.append((_("Title"), found.report.title))
        facts.append((_("Made"), formats.format_moment(found.report.ready_at)))
    if found.version:
        label = _("Says that it shows") if found.outcome == Outcome.CHANGED else _("Shows")
        facts.append((label, found.version))
    words = {
        seal.Seal.INTACT: _("whole"),
        seal.Seal.BROKEN: _("broken"),
        seal.Seal.NONE: _("none; not every file has one"),
    }
    facts.append((_("Seal of the portal"), words[found.seal]))
    return facts
