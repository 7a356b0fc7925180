"""What the planning board says: a quarter by month, by kind or by who leads."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models.activity import COMING_STATES, ActivityState, Kind, slug_of
from activities.presenting.agenda import TONES, hours_in_words, short_audience
from activities.selectors.board import Clash, Line
from activities.selectors.overview import CityLoad

BY_KIND, BY_LEADER = "soort", "trekker"
TITLES_SHOWN = 2


def quarter_named(text: str, day: date) -> date:
    """Read '2027-1' as the first day of that quarter; anything else is the quarter of a day."""
    year, _dash, number = text.partition("-")
    if year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4") and int(year) > 1990:
        return date(int(year), int(number) * 3 - 2, 1)
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def name_of(day: date) -> str:
    """Write a quarter as the address holds it: '2027-1'."""
    return f"{day.year}-{(day.month + 2) // 3}"


def shifted(first: date, quarters: int) -> date:
    """Give the first day of a quarter that is some quarters later."""
    months = first.year * 12 + first.month - 1 + 3 * quarters
    return date(months // 12, months % 12 + 1, 1)


def cards_of(
    lines: Sequence[Line], found: Mapping[tuple[int, date], Clash], own: frozenset[int] | None
) -> list[dict[str, Any]]:
    """Give what the board shows of each session; `own` are the organisations for which one may move, None all."""
    states = {state.value: (str(state.label), TONES[state]) for state in ActivityState}
    kinds = {kind.value: capfirst(kind.label) for kind in Kind}
    address = reverse("activities:activity", args=["222222", "x"]).replace("222222-x/", "")
    now = timezone.now()
    # Few of these differ; putting each into words once is most of the work of a full quarter.
    audiences = {audience: short_audience(audience) for audience in {line.audience for line in lines}}
    hours = {number: hours_in_words(number) for number in {line.hours for line in lines}}
    days = {day: date_format(day, "D j b") for day in {line.day for line in lines}}
    cards = []
    for line in lines:
        if not line.is_listed:
            continue
        label, tone = states[line.state]
        may_move = (
            line.state in COMING_STATES and line.starts_at > now and (own is None or line.organisation in own)
        )
        clash = found.get((line.activity, line.day))
        cards.append(
            {
                "month": line.day.replace(day=1),
                "date": line.day,
                "day": days[line.day],
                "title": line.title,
                "url": f"{address}{line.public_id}-{slug_of(line.title)}/",
                "kind": kinds[line.kind],
                "leader": line.leader,
                "audience": audiences[line.audience],
                "hours": hours[line.hours],
                "state": label,
                "tone": tone,
                "clash": clash_in_words(clash) if clash else "",
                "move": f"{address}{line.public_id}/verplaatsen/" if may_move else "",
            }
        )
    return cards


def clash_in_words(clash: Clash) -> str:
    """Say which cities are asked twice on a day, and by what."""
    text = ngettext(
        "{number} city is asked twice on this day: {titles}",
        "{number} cities are asked twice on this day: {titles}",
        clash.cities,
    )
    titles = ", ".join(clash.titles[:TITLES_SHOWN])
    more = len(clash.titles) - TITLES_SHOWN
    if more > 0:
        titles = _("{titles} and {number} more").format(titles=titles, number=more)
    return text.format(number=clash.cities, titles=titles)


def months(cards: Sequence[dict[str, Any]], first: date, by: str) -> list[dict[str, Any]]:
    """Give the three months of a quarter, each with its groups: by kind or by who leads."""
    field = "leader" if by == BY_LEADER else "kind"
    found = []
    for ahead in range(3):
        month = date(first.year, first.month + ahead, 1)
        there = sorted((card for card in cards if card["month"] == month), key=lambda card: card[field].lower())
        groups = [
            {"label": label, "cards": sorted(group, key=lambda card: card["date"])}
            for label, group in groupby(there, key=lambda card: card[field])
        ]
        found.append({"label": capfirst(date_format(month, "F Y")), "groups": groups})
    return found


def hours_rows(cities: Sequence[CityLoad], limit: Any) -> list[dict[str, Any]]:
    """Give what is asked of each city beside the limit, the most first."""
    return [
        {
            "name": city.name,
            "code": city.code,
            "asked": hours_in_words(city.asked) or "–",
            "taken_on": hours_in_words(city.taken_on) or "–",
            "above": city.is_above(limit),
        }
        for city in sorted(cities, key=lambda city: (-city.asked, city.name))
    ]
