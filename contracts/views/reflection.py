"""The national reflection as a page to read; public, as far as the contracts in it are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from contracts.models import ReviewRound
from contracts.models.review import RoundState
from contracts.presenting.reflection import Reflection
from contracts.reports.review import NAME
from contracts.selectors.review import visible_contracts
from contracts.services.review.reports import FORMATS
from nss_portal.core.kept import kept
from nss_portal.core.models import Report, ReportState
from nss_portal.core.rendering import render


@require_GET
def reflection(request: HttpRequest, year: int) -> HttpResponse:
    """What all reviews of a year say together. 404 until the round is closed."""
    closed = ReviewRound.objects.light().filter(state=RoundState.CLOSED, reflection__isnull=False)
    current = get_object_or_404(closed, year=year)
    parts = kept("reflection", request.user, current.pk, make=lambda: _parts(request, current.pk))
    context = {"round": current, "parts": parts, "files": _files(request, current)}
    return render(request, "contracts/reflection/page.html", context)


def _parts(request: HttpRequest, key: int) -> dict[str, SafeString]:
    """Draw what the page says of a round; the same for everybody with the same rights."""
    current = ReviewRound.objects.get(pk=key)
    context = {"reflection": Reflection(current, visible_contracts(current, request.user))}
    return {
        "header": render_to_string("contracts/reflection/_header.html", context, request),
        "main": render_to_string("contracts/reflection/_main.html", context, request),
    }


def _files(request: HttpRequest, current: ReviewRound) -> list[Report]:
    """Give the newest file of each format in this language that the reader may see, in the order of `FORMATS`."""
    ready = Report.objects.visible_to(request.user).filter(
        kind=NAME,
        object_ref=str(current.year),
        language=get_language() or "nl",
        state=ReportState.READY,
        file__isnull=False,
    )
    newest = {report.format: report for report in ready.order_by("ready_at")}
    return [newest[format] for format in FORMATS if format in newest]
