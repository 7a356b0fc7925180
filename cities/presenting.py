"""What pages of the cities app say, put in words and lists for the components."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import Involvement, Municipality
from cities.models.bottleneck import BottleneckState
from cities.models.involvement import LEVEL_TONES, Level
from cities.models.request import RequestState
from cities.selectors import MunicipalityRow, other_names_of
from nss_portal.core import workflow
from nss_portal.core.access import Actor, standing_of

BOTTLENECK_TONES = {
    BottleneckState.DRAFT: "neutral",
    BottleneckState.OPEN: "attention",
    BottleneckState.SOLVED: "good",
    BottleneckState.WITHDRAWN: "neutral",
    BottleneckState.MERGED: "neutral",
}
REQUEST_TONES = {
    RequestState.RECEIVED: "attention",
    RequestState.CONFIRMED: "good",
    RequestState.DECLINED: "bad",
    RequestState.WITHDRAWN: "neutral",
}


def table_rows(rows: Iterable[MunicipalityRow]) -> list[dict[str, str]]:
    """Give what the table of municipalities shows, in words: a template is quickest with dictionaries of texts."""
    return [
        {
            "url": row.url,
            "code": row.code,
            "name": row.common_name,
            "level": row.level_label,
            "tone": row.tone,
            "since": format_date(row.level_since, "j F Y") if row.level_since else "",
            "province": row.province,
            "population": "" if row.population is None else grouped(row.population),
        }
        for row in rows
    ]


def population_source(rows: Iterable[MunicipalityRow]) -> str:
    """Say from which year the numbers of inhabitants are, and whose they are."""
    years = sorted({str(row.population_year) for row in rows if row.population_year})
    return _("Inhabitants: CBS, 1 January {years} (CC BY 4.0).").format(years=", ".join(years)) if years else ""


def grouped(number: int) -> str:
    """Write a number with its thousands apart, as the language of the page does."""
    return number_format(number, use_l10n=True, force_grouping=True)


def level_numbers(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Give the numbers of municipalities that take part, per level with its list, for numbers.html."""
    base = reverse("cities:municipalities")
    return [
        {"value": counts[level], "label": levels_in_words(level, counts[level]), "url": f"{base}?niveau={level}"}
        for level in (Level.MISSION, Level.EOI, Level.INTERESTED)
    ]


def levels_in_words(level: Level, number: int) -> str:
    """Name so many municipalities of a level that takes part: 'mission city' or 'mission cities'."""
    words = {
        Level.MISSION: (_("mission city"), _("mission cities")),
        Level.EOI: (_("EoI city"), _("EoI cities")),
        Level.INTERESTED: (_("interested municipality"), _("interested municipalities")),
        Level.OTHER: (_("other municipality"), _("other municipalities")),
    }
    return words[level][0 if number == 1 else 1]


def map_label(rows: Iterable[MunicipalityRow]) -> str:
    """Say what the map shows to who cannot see it."""
    counts = Counter(row.level for row in rows)
    values = {level.value: counts[level.value] for level in Level}
    text = _(
        "Map of the Netherlands with {mission} mission cities, {eoi} EoI cities, {interested} interested"
        " municipalities and {other} others."
    )
    return text.format(**values)


def municipality_facts(municipality: Municipality, periods: list[Involvement]) -> list[tuple[str, str]]:
    """Give the facts of a municipality; what is not known is left out."""
    facts: list[tuple[str, str]] = []
    if municipality.population is not None:
        text = _("{number} (1 January {year})")
        number = grouped(municipality.population)
        facts.append((_("Inhabitants"), text.format(number=number, year=municipality.population_year)))
        part = _("{name} {number} (1 January {year})")
        parts = [
            part.format(name=row["name"], number=grouped(row["number"]), year=row["year"])
            for row in municipality.population_parts
        ]
        if parts:
            facts.append((_("Added up from"), ", ".join(parts)))
    facts.append((_("Province"), municipality.province))
    facts.append((_("CBS code"), municipality.code))
    if municipality.name != municipality.common_name:
        facts.append((_("Name at CBS"), municipality.name))
    names: dict[str, list[str]] = {}
    for other in other_names_of(municipality):
        names.setdefault(other["kind"], []).append(other["name"])
    if "alias" in names:
        facts.append((_("Also called"), ", ".join(names["alias"])))
    if "former" in names:
        facts.append((_("Took in"), ", ".join(names["former"])))
    if municipality.valid_from:
        facts.append((_("Exists since"), format_date(municipality.valid_from, "j F Y")))
    if municipality.valid_to:
        facts.append((_("Existed until"), format_date(municipality.valid_to, "j F Y")))
    return facts


def planned_merger_in_words(municipality: Municipality) -> str:
    """Say what is planned with a municipality of which `planned_merger` was asked; empty when nothing is."""
    planned = getattr(municipality, "planned_merger", None)
    if not planned:
        return ""
    day = format_date(date.fromisoformat(planned["on"]), "j F Y")
    text = _("Planned: {old} goes on in {new} as of {day}.")
    return text.format(old=planned["old"], new=planned["new"], day=day)


def knows_people(actor: Actor) -> bool:
    """Say whether somebody reads names of persons: who takes part does, a visitor reads of organisations only."""
    return bool(standing_of(actor).organisations)


def involvement_history(
    periods: Iterable[Involvement], of: Municipality | None = None, *, with_people: bool
) -> list[dict[str, Any]]:
    """Give the periods of a municipality for a table, the latest first; one that went on in it is named.

    Without people, what an account here decided is told as decided by the coordination team, who alone may.
    """
    return [
        {
            "name": str(period.municipality) if of and period.municipality_id != of.pk else "",
            "level": Level(period.level).label,
            "tone": LEVEL_TONES[Level(period.level)],
            "valid_from": period.valid_from,
            "valid_to": period.valid_to,
            "reason": period.reason,
            "who": period.decided_by_label
            if with_people or not period.decided_by_id
            else _("the coordination team"),
            "source": period.source,
            "is_illustrative": period.is_illustrative,
        }
        for period in periods
    ]


def transition_history(record: Model, labels: dict[str, str], *, with_people: bool) -> list[dict[str, Any]]:
    """Give the changes of state of a record for history.html, the latest first; `labels` names the states.

    Names of persons only `with_people`: see `knows_people`.
    """
    rows = [
        {
            "text": labels.get(row.target, row.target),
            "when": row.at,
            "who": row.actor_label if with_people else "",
            "reason": row.reason,
        }
        for row in workflow.history(record)
    ]
    return list(reversed(rows))


def days_waiting(days: int) -> str:
    """Say how long something has waited: 'since today', '1 day', '12 days'."""
    if days < 1:
        return _("since today")
    return ngettext("{days} day", "{days} days", days).format(days=days)
