"""Calls: the list of them, and the page of one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cities.models import EoiAnalysis, EoiCall, EoiSubmission
from cities.presenting_eoi import asking_calls, asks_of, call_days, call_mark, calls_with_numbers
from cities.selectors_eoi import questions_of, screens_of
from cities.workflow import EOI_CALL
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core.access import may
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50


def _own(request: HttpRequest) -> list[Organisation]:
    """Give the organisations in whose name the person answers."""
    if not may(request.user, "eoi_submission", "change"):
        return []
    return list(organisations_for(request.user, "eoi_submission", "change"))


def index(request: HttpRequest) -> HttpResponse:
    """All calls, what is asked of me, and the way to the analysis."""
    return render(
        request, "cities/eoi/index.html", {"body": KeptPart(request, "eoi", lambda: _index_context(request))}
    )


def _index_context(request: HttpRequest) -> dict[str, Any]:
    asks = [ask for ask in asks_of(request.user, _own(request), asking_calls()) if ask.is_asked]
    asks.sort(key=lambda ask: ask.due)
    return {
        "asks": asks,
        "calls": calls_with_numbers(request.user),
        "analyses": EoiAnalysis.objects.visible_to(request.user).exists(),
        "may_manage": may(request.user, "eoi_call", "manage"),
    }


def call(request: HttpRequest, code: str) -> HttpResponse:
    """One call: when, what is asked, what I have, and who handed in as far as one may see."""
    found = get_object_or_404(EoiCall.objects.visible_to(request.user), code=code)
    body = KeptPart(request, "eoi_call", lambda: _call_context(request, found))
    return render(request, "cities/eoi/call.html", {"call": found, "body": body})


def _call_context(request: HttpRequest, found: EoiCall) -> dict[str, Any]:
    may_manage = may(request.user, "eoi_call", "manage")
    submissions = (
        EoiSubmission.objects.visible_to(request.user)
        .filter(call=found, submitted_at__isnull=False)
        .select_related("organisation")
        .order_by("organisation__name")
    )
    handed_in = EoiSubmission.objects.filter(call=found, submitted_at__isnull=False).count()
    return {
        "mark": call_mark(found),
        "days": call_days(found),
        "asks": asks_of(request.user, _own(request), [found]),
        "screens": screens_of(questions_of(found)),
        "page_obj": Paginator(submissions, PER_PAGE).get_page(request.GET.get("page")),
        "handed_in": handed_in,
        "has_analysis": handed_in > 0
        and EoiAnalysis.objects.visible_to(request.user).filter(pk=found.pk).exists(),
        "may_manage": may_manage,
        "moves": EOI_CALL.open_steps(found) if may_manage else [],
        "updates": list(found.updates.all()),
    }
