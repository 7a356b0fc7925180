"""The list of programmes, with the life cycle they are in."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from activities.filters.programmes import ProgrammeFilter
from activities.models import Phase, Programme, ProgrammePhase
from activities.models.programme import ROAD, slug_of
from activities.presenting.programmes import TONES
from activities.selectors.programmes import listed
from nss_portal.core.access import may
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render

PER_PAGE = 50


def programme_list(request: HttpRequest) -> HttpResponse:
    """What programmes there are, by phase; drafts of the own organisation included."""
    body = kept_part(request, "activities/programmes/_list.html", lambda: _context(request))
    return render(request, "activities/programmes/list.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    visible = Programme.objects.visible_to(request.user)
    found = ProgrammeFilter(request.GET, queryset=visible, request=request)
    page = Paginator(listed(found.qs), PER_PAGE).get_page(request.GET.get("page"))
    chosen = request.GET.get("fase", "")
    return {
        "filter": found,
        "page_obj": page,
        "rows": [_row(row) for row in page],
        "cycle": _cycle(visible, chosen),
        "may_begin": may(request.user, "programme", "change"),
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    phase = Phase(row["phase"])
    url = reverse("activities:programme", args=[row["public_id"], slug_of(row["title"])])
    return {**row, "tone": TONES[phase], "phase": phase.label, "url": url}


def _cycle(visible: Any, chosen: str) -> dict[str, Any]:
    """Give the phases with how many programmes are in each, what leads on, and which one is chosen."""
    counts = dict(visible.order_by().values_list("phase").annotate(count=Count("pk")))
    base = reverse("activities:programmes")
    words = {phase.code: phase for phase in ProgrammePhase.objects.all()}
    phases = [
        {
            "label": phase.label,
            "count": counts.get(phase.value, 0),
            "url": f"{base}?fase={phase.value}",
            "is_chosen": phase.value == chosen,
            "leave": words[phase.value].leave if phase.value in words else "",
        }
        for phase in ROAD
    ]
    return {
        "phases": phases,
        "midterm": words["midterm"].leave if "midterm" in words else "",
        "stopped": counts.get(Phase.STOPPED.value, 0),
        "stopped_url": f"{base}?fase={Phase.STOPPED.value}",
        "chosen": next((phase for phase in phases if phase["is_chosen"]), None),
    }
