"""The national reflection as a page to read; public, as far as the contracts in it are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from contracts.models import ReviewRound
from contracts.models.review import RoundState
from contracts.presenting_reflection import Reflection
from contracts.reports_review import NAME
from contracts.selectors_review import visible_contracts
from contracts.services.review.reports import FORMATS
from nss_portal.core.models import Report, ReportState


@require_GET
def reflection(request: HttpRequest, year: int) -> HttpResponse:
    """What all reviews of a year say together. 404 until the round is closed."""
    current = get_object_or_404(ReviewRound, year=year, state=RoundState.CLOSED, reflection__isnull=False)
    shown = Reflection(current, visible_contracts(current, request.user))
    context = {"reflection": shown, "files": _files(request, current)}
    return render(request, "contracts/reflection/page.html", context)


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
