"""One organisation's contributions over the years, what it gives elsewhere, and what it brought and took."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from governance import presenting_contributions as presenting
from governance.models import Contribution, Organisation, VariantRole
from governance.models.organisation import Group
from governance.selectors import levels_of
from governance.selectors_exchange import of_organisation
from governance.services.contributions.giving import (
    Given,
    given,
    may_speak_for,
    pledged,
    years_to_confirm,
    years_to_pledge,
)
from governance.services.contributions.parts import ASKED, role_of, roles_in_force
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.registry import given_elsewhere
from nss_portal.core.time import today

YEARS_OF_EXCHANGE = 6


def own_context(
    request: HttpRequest,
    organisation: Organisation,
    years: Sequence[Contribution],
    *,
    is_own: bool,
    sees_all: bool,
) -> dict[str, Any]:
    """Work out the page of an organisation; `sees_all` may read the history, only `is_own` what it took."""
    may_say = may_speak_for(request.user, organisation)
    this = today().year
    span = range(this - YEARS_OF_EXCHANGE + 1, this + 1)
    year = _chosen(request, [*span, *(one.year for one in years)], this)
    chosen = next((one for one in years if one.year == year), None)
    elsewhere = sorted(
        (line for source in given_elsewhere for line in source(request.user, organisation)),
        key=lambda line: (-line.year, str(line.label)),
    )
    return {
        "organisation": organisation,
        "is_own": is_own,
        "may_say": may_say,
        "rows": [_row(one, may_say=may_say) for one in years],
        "chart": presenting.organisation_chart(years),
        "elsewhere": elsewhere,
        "year": year,
        "span": span,
        "exchange": of_organisation(request.user, organisation.pk, span, year)
        if is_own and year in span
        else None,
        "history": _history(chosen) if chosen and sees_all else [],
        "role": role_in_words(organisation, request.user),
        "to_do": _to_do(organisation, years) if may_say else [],
    }


def _chosen(request: HttpRequest, there: Sequence[int], default: int) -> int:
    text = request.GET.get("jaar", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else default
    return year if year in there else default


def role_in_words(organisation: Organisation, actor: Actor) -> dict[str, Any]:
    """Give the variant in force, with part and role of an organisation in it. Three queries, two of one's own."""
    known = standing_of(actor).levels
    if organisation.group == Group.MUNICIPALITY and organisation.pk not in known:
        known = levels_of({organisation.pk})
    level = known.get(organisation.pk, "")
    period, roles = roles_in_force()
    found = role_of(organisation, level, roles)
    if period is None:
        return {}
    coordinates = period.coordinating_organisation_id == organisation.pk
    part = VariantRole.Part.COORDINATOR if coordinates else (VariantRole.Part(found.part) if found else None)
    return {
        "variant": period.variant.label,
        "part": part.label if part else "",
        "role": found.role if found else "",
        "is_asked": part in ASKED,
    }


def _row(one: Contribution, *, may_say: bool) -> dict[str, Any]:
    label, tone = presenting.state_of(one.year, one.pledged_at, one.confirmed_at, one.is_as_pledged)
    return {
        "one": one,
        "pledged": presenting.in_words(pledged(one), said=one.pledged_at is not None),
        "given": presenting.in_words(given(one), said=one.confirmed_at is not None),
        "state": label,
        "tone": tone,
        "may_correct": may_say and one.confirmed_at is not None,
        "may_change": may_say and one.year in years_to_pledge(),
        "may_confirm": may_say and one.confirmed_at is None and one.year in years_to_confirm(),
    }


def _history(one: Contribution) -> list[dict[str, Any]]:
    return [
        {
            "text": f"{entry.get_kind_display().capitalize()}: "
            + presenting.in_words(Given(entry.euros, entry.hours, entry.in_kind)),
            "when": entry.at,
            "who": entry.by_label,
            "reason": entry.reason,
        }
        for entry in reversed(list(one.entries.all()))
    ]


def _to_do(organisation: Organisation, years: Sequence[Contribution]) -> list[dict[str, Any]]:
    """Give what whoever leads the organisation can do now: confirm last year, pledge for this one and the next."""
    there = {one.year: one for one in years}
    this = today().year
    last = there.get(this - 1)
    steps = []
    if last is None or last.confirmed_at is None:
        steps.append(("confirm", this - 1, bool(last and last.pledged_at)))
    steps += [
        ("pledge", year, True) for year in (this, this + 1) if not (year in there and there[year].pledged_at)
    ]
    return [
        {
            "kind": kind,
            "year": year,
            "is_asked": is_asked,
            "url": reverse(f"governance:contribution_{kind}", args=[organisation.public_id, year]),
        }
        for kind, year, is_asked in steps
    ]
