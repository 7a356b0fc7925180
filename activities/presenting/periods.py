"""What the pages of the agenda of a period say, put in words and lists for the components."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models.activity import SHOWN_STATES, Audience, Kind
from activities.models.period import AgendaLine, AgendaVersion, Choice, VersionState
from activities.presenting.agenda import hours_in_words, short_audience
from activities.votes import Changed, Tally, compare
from nss_portal.core.time import today

TONES = {
    VersionState.DRAFT: "neutral",
    VersionState.VOTE: "attention",
    VersionState.ADOPTED: "good",
    VersionState.RETURNED: "neutral",
    VersionState.REPLACED: "neutral",
}
CHOICE_TONES = {Choice.YES: "good", Choice.REMARK: "good", Choice.NO: "bad"}


def quarter_in_words(day: date) -> str:
    """Name a quarter: 'first quarter of 2027'."""
    names = (_("first quarter"), _("second quarter"), _("third quarter"), _("fourth quarter"))
    return _("{quarter} of {year}").format(quarter=names[(day.month - 1) // 3], year=day.year)


def period_in_words(starts_on: date, ends_on: date) -> str:
    """Write from which day to which day."""
    words = {"first": date_format(starts_on, "j F Y"), "last": date_format(ends_on, "j F Y")}
    return _("{first} to {last}").format(**words)


def means_in_words(line: AgendaLine) -> str:
    """Write what each organisation brings to a line: 'Utrecht: 40 uur, € 10.000'."""
    return "; ".join(
        f"{one.organisation.short_name or one.organisation.name}: {amount_in_words(one.hours, one.euros)}"
        for one in line.means.all()
    )


def amount_in_words(hours: int | None, euros: int | None) -> str:
    """Write hours and euros beside each other."""
    parts = []
    if hours:
        number = number_format(hours, use_l10n=True, force_grouping=True)
        parts.append(ngettext("{number} hour", "{number} hours", hours).format(number=number))
    if euros:
        parts.append(f"€\N{NO-BREAK SPACE}{number_format(euros, use_l10n=True, force_grouping=True)}")
    return ", ".join(parts)


def status_of(version: AgendaVersion) -> tuple[str, str]:
    """Give the word and tone of where a version stands; a vote whose last day has gone is closed."""
    state = VersionState(version.state)
    if state == VersionState.VOTE and version.closes_on and version.closes_on < today():
        return _("vote closed"), "info"
    return str(state.label), TONES[state]


def quarters(lines: Sequence[AgendaLine], seen: frozenset[int]) -> list[dict[str, Any]]:
    """Give the lines by quarter; `seen` are the activities (primary keys) that the reader may open."""
    return [
        {"label": capfirst(quarter_in_words(day)), "rows": [_row(line, seen) for line in group]}
        for day, group in groupby(lines, key=lambda line: line.planned_on)
    ]


def _row(line: AgendaLine, seen: frozenset[int]) -> dict[str, Any]:
    activity = line.activity
    return {
        "key": line.key,
        "title": line.title,
        "why": line.why,
        "kind": capfirst(Kind(line.kind).label),
        "audience": short_audience(line.audience),
        "lead": line.lead.short_name or line.lead.name,
        "lead_id": line.lead_id,
        "hours": hours_in_words(line.preparation_hours),
        "means": means_in_words(line),
        "url": activity.get_absolute_url() if activity and activity.pk in seen else "",
        "state": str(activity.get_state_display())
        if activity and activity.pk in seen and activity.state in SHOWN_STATES
        else "",
        "is_planned": activity is not None,
    }


def words_of(line: AgendaLine) -> dict[str, str]:
    """Give a line's fields in words, for the comparison of two versions."""
    return {
        "title": line.title,
        "kind": str(Kind(line.kind).label),
        "audience": str(Audience(line.audience).label),
        "planned_on": quarter_in_words(line.planned_on),
        "lead": str(line.lead),
        "preparation_hours": hours_in_words(line.preparation_hours),
        "means": means_in_words(line),
        "why": line.why,
    }


def changes_between(before: Sequence[AgendaLine], after: Sequence[AgendaLine]) -> list[dict[str, Any]]:
    """Give what changed between the lines of two versions, for the page."""
    labels: Mapping[str, str] = {
        "title": _("Title"),
        "kind": _("Kind"),
        "audience": _("For whom"),
        "planned_on": _("Quarter"),
        "lead": _("Led by"),
        "preparation_hours": _("Hours asked of each city"),
        "means": _("Means"),
        "why": _("What it yields"),
    }
    kinds = {"added": _("new"), "removed": _("taken off"), "changed": _("changed")}
    tones = {"added": "good", "removed": "bad", "changed": "info"}
    found: list[Changed] = compare(*({line.key: words_of(line) for line in lines} for lines in (before, after)))
    nothing = _("nothing")
    return [
        {
            "title": one.title,
            "label": kinds[one.kind],
            "tone": tones[one.kind],
            "fields": [
                {"label": labels[name], "before": old or nothing, "after": new or nothing}
                for name, old, new in one.fields
            ],
        }
        for one in found
    ]


def outcome_in_words(tally: Tally) -> list[str]:
    """Say how a vote stands: the cities, the others, whether it carries."""
    lines = [
        _("{voted} of {asked} cities voted; {needed} have to.").format(
            voted=tally.cities_voted, asked=tally.cities_asked, needed=tally.needed
        ),
        _("Of the cities {yes} say yes and {no} say no.").format(yes=tally.cities_yes, no=tally.cities_no),
        _("Of ministries and partners {yes} say yes and {no} say no.").format(
            yes=tally.others_yes, no=tally.others_no
        ),
    ]
    if not tally.has_quorum:
        lines.append(_("There are not enough votes of cities yet."))
    elif tally.carried:
        lines.append(_("That is a majority of the cities, and of all who voted."))
    else:
        lines.append(_("That is no majority of the cities and of all who voted."))
    return lines
