"""The list of pilots, the page of one, and which pilots fit a municipality."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from activities.models import Pilot
from activities.models.pilot import FOLLOWABLE, PilotPartState, PilotState
from activities.models.twinning import TwinningState
from activities.selectors.pilot_fit import fitting_pilots
from activities.selectors.pilots import listed, parts_of, twinnings_of
from activities.services.pilots import twinnings
from activities.workflow.pilot import PILOT, missing
from cities.models import Bottleneck, Municipality, Theme, TransitionStep
from cities.presenting import transition_history
from governance.models.organisation import Group
from nss_portal.core.access import may, require, standing_of
from nss_portal.core.formats import format_date, format_percent, format_whole_euro
from nss_portal.core.kept import KeptPart
from nss_portal.core.markdown import rendered
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 50
TONES = {
    PilotState.PROPOSED: "attention",
    PilotState.RUNNING: "good",
    PilotState.COMPLETED: "info",
    PilotState.STOPPED: "neutral",
}
TWIN_TONES = {
    TwinningState.ASKED: "attention",
    TwinningState.AGREED: "good",
    TwinningState.FINISHED: "info",
    TwinningState.ENDED: "neutral",
    TwinningState.DECLINED: "neutral",
    TwinningState.WITHDRAWN: "neutral",
}
PART_TONES = {PilotPartState.JOINED: "good", PilotPartState.ASKED: "attention"}


class PilotFilter(django_filters.FilterSet):
    """Pilots by words, state, theme and step."""

    q = django_filters.CharFilter(method="by_words", label=gettext_lazy("Search"), max_length=100)
    stand = django_filters.ChoiceFilter(
        "state", label=gettext_lazy("State"), choices=PilotState.choices, empty_label=gettext_lazy("All")
    )
    thema = django_filters.ModelChoiceFilter(
        "theme",
        label=gettext_lazy("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("All"),
    )
    stap = django_filters.ModelChoiceFilter(
        "steps",
        label=gettext_lazy("Step"),
        queryset=TransitionStep.objects.all(),
        to_field_name="code",
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Pilot
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Pilot], name: str, value: str) -> QuerySet[Pilot]:
        """Look for every word in the texts and in the name of who leads it."""
        for word in value.split():
            queryset = queryset.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(plan__icontains=word)
                | Q(organisation__name__icontains=word)
            )
        return queryset


def find(request: HttpRequest, public_id: str) -> Pilot:
    """Give a pilot that the person may see; raises Http404."""
    seen = Pilot.objects.visible_to(request.user).select_related("organisation", "theme")
    return get_object_or_404(seen, public_id=public_id)


def changeable(request: HttpRequest, public_id: str) -> Pilot:
    """Give one that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    pilot = find(request, public_id)
    require(request.user, "pilot", "change", pilot)
    return pilot


@require_safe
def pilot_list(request: HttpRequest) -> HttpResponse:
    """What pilots there are, the newest first, narrowed as the address says."""
    body = KeptPart(request, "pilots", lambda: _list_context(request))
    return render(request, "activities/pilots/list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    visible = Pilot.objects.visible_to(request.user)
    found = PilotFilter(request.GET, queryset=visible, request=request)
    page = Paginator(listed(found.qs), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": found,
        "page_obj": page,
        "rows": [_row(row) for row in page],
        "may_begin": may(request.user, "pilot", "change"),
        "may_follow": may(request.user, "pilot", "follow"),
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    state = PilotState(row["state"])
    theme = row.get("theme__label_nl") or row.get("theme__label_en") or ""
    return {
        "title": row["title"],
        "url": reverse("activities:pilot", args=[row["public_id"]]),
        "state": state.label,
        "tone": TONES[state],
        "theme": theme,
        "lead": row["organisation__short_name"] or row["organisation__name"],
        "cities": row["cities"],
        "followers": row["followers"],
        "is_draft": row["sharing"] == "draft",
        "is_illustrative": row["is_illustrative"],
    }


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One pilot: plan, who does, pays and gains what, who follows, and what came of it."""
    pilot = find(request, public_id)
    body = KeptPart(request, "pilot", lambda: _record_context(request, pilot))
    return render(request, "activities/pilots/record.html", {"pilot": pilot, "body": body})


def _record_context(request: HttpRequest, pilot: Pilot) -> dict[str, Any]:
    actor = request.user
    may_change = may(actor, "pilot", "change", pilot)
    moves = PILOT.open_steps(pilot) if may_change else []
    lacks = list(missing(pilot)) if may_change and pilot.state == PilotState.PROPOSED else []
    seen = Bottleneck.objects.visible_to(actor).filter(pilots=pilot).select_related("organisation")
    held = standing_of(actor).organisations
    parts = [_part(part, pilot, held) for part in parts_of(pilot)]
    over = pilot.ends_on is not None and pilot.ends_on <= today()
    # What is up next; to complete it is so once the period is over.
    next_up = {"start": not lacks, "complete": over}
    strong = next((one for one in moves if next_up.get(one.name)), None)
    can_follow = pilot.takes_followers and pilot.state in FOLLOWABLE and may(actor, "pilot", "follow")
    labels = {state.value: str(state.label) for state in PilotState}
    return {
        "may_change": may_change,
        "tone": TONES[PilotState(pilot.state)],
        "facts": _facts(pilot),
        "plan": rendered(pilot.plan, heading=2) if pilot.plan else "",
        "parts": parts,
        "paid": _paid(pilot, parts),
        "bottlenecks": list(seen),
        "twins": [_twin(one, held, may_change=may_change) for one in twinnings_of(pilot)],
        "may_follow": can_follow and twinnings.may_follow_for(actor, pilot).exists(),
        "strong": strong,
        "moves": [step for step in moves if step is not strong and not (step.name == "start" and lacks)],
        "lacks": lacks,
        "may_discard": may_change and pilot.sharing == "draft" and len(parts) == 1 and pilot.state == "proposed",
        "is_open": pilot.state not in ("completed", "stopped"),
        "history": transition_history(pilot, labels, with_people=True) if may_change else [],
    }


def _facts(pilot: Pilot) -> list[tuple[str, str]]:
    period = ""
    if pilot.starts_on and pilot.ends_on:
        period = _("{first} to {last}").format(first=format_date(pilot.starts_on), last=format_date(pilot.ends_on))
    facts = [
        (_("Led by"), pilot.organisation.local_name),
        (_("Theme"), str(pilot.theme) if pilot.theme else ""),
        (_("Period"), period),
        (_("Costs in all"), format_whole_euro(pilot.cost) if pilot.cost is not None else ""),
        (_("Steps"), ", ".join(str(step) for step in pilot.steps.all())),
        (_("Shared with"), pilot.get_sharing_display()),
    ]
    return [(label, text) for label, text in facts if text]


def _part(part: Any, pilot: Pilot, held: frozenset[int]) -> dict[str, Any]:
    share = ""
    if part.pays is not None and pilot.cost:
        share = format_percent(100 * part.pays / pilot.cost)
    return {
        "pk": part.pk,
        "name": part.organisation.local_name,
        "is_city": part.organisation.group == Group.MUNICIPALITY,
        "leads": part.organisation_id == pilot.organisation_id,
        "state": part.get_state_display(),
        "tone": PART_TONES[PilotPartState(part.state)],
        "asked": part.state == PilotPartState.ASKED,
        "does": part.does,
        "pays": format_whole_euro(part.pays) if part.pays is not None else "",
        "amount": part.pays or 0,
        "share": share,
        "gains": part.gains,
        "mine": part.organisation_id in held and pilot.state not in ("completed", "stopped"),
    }


def _paid(pilot: Pilot, parts: list[dict[str, Any]]) -> str:
    """Say how far the parts cover what it costs; empty while the cost is not known."""
    if not pilot.cost:
        return ""
    total = sum(part["amount"] for part in parts if not part["asked"])
    if total == pilot.cost:
        return _("Together they pay all of it.")
    if total > pilot.cost:
        return _("Together they pay {more} more than it costs.").format(more=format_whole_euro(total - pilot.cost))
    return _("{rest} of {all} is not covered yet.").format(
        rest=format_whole_euro(pilot.cost - total), all=format_whole_euro(pilot.cost)
    )


def _twin(one: Any, held: frozenset[int], *, may_change: bool) -> dict[str, Any]:
    seen = may_change or one.follower_id in held or one.city_id in held
    return {
        "title": str(one),
        "url": one.get_absolute_url() if seen else "",
        "state": one.get_state_display(),
        "tone": TWIN_TONES[TwinningState(one.state)],
        "until": format_date(one.until) if one.until else "",
        "shows": seen or one.state != TwinningState.ASKED,
    }


@require_safe
def for_us(request: HttpRequest) -> HttpResponse:
    """Lead to the pilots that fit the own municipality; others choose from the list."""
    mine = standing_of(request.user).organisations
    own = Municipality.objects.current().filter(organisation__in=mine).order_by("common_name", "pk").first()
    return redirect("activities:pilots_for", code=own.code) if own else redirect("activities:pilots")


@require_safe
def for_municipality(request: HttpRequest, code: str) -> HttpResponse:
    """The pilots that a municipality could follow, with why and from which city."""
    municipality = get_object_or_404(Municipality.objects.visible_to(request.user).current(), code=code.upper())
    body = KeptPart(request, "pilots-for", lambda: {"rows": _fits(request, municipality)})
    context = {"municipality": municipality, "body": body}
    return render(request, "activities/pilots/fitting.html", context)


def _fits(request: HttpRequest, municipality: Municipality) -> list[dict[str, Any]]:
    return [
        {
            "title": fit.pilot.title,
            "url": fit.pilot.get_absolute_url(),
            "summary": fit.pilot.summary,
            "reasons": fit.reasons,
            "city": fit.city.name if fit.city else "",
            "is_illustrative": fit.pilot.is_illustrative,
        }
        for fit in fitting_pilots(request.user, municipality)
    ]
