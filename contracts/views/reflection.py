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
from nss_portal.core.models import Report, ReportFormat, ReportState


@require_GET
def reflection(request: HttpRequest, year: int) -> HttpResponse:
    """What all reviews of a year say together. 404 until the round is closed."""
    current = get_object_or_404(ReviewRound, year=year, state=RoundState.CLOSED, reflection__isnull=False)
    shown = Reflection(current, visible_contracts(current, request.user))
    context = {"reflection": shown, "report": _report(request, current)}
    return render(request, "contracts/reflection/page.html", context)


def _report(request: HttpRequest, current: ReviewRound) -> Report | None:
    """Give the newest PDF in this language that the reader may see."""
    ready = Report.objects.visible_to(request.user).filter(
        kind=NAME,
        object_ref=str(current.year),
        format=ReportFormat.PDF,
        state=ReportState.READY,
        file__isnull=False,
    )
    return ready.filter(language=get_language() or "nl").order_by("-ready_at").first()
