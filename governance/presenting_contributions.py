"""Contributions in words: rows of the register, sums, charts, and the years of one organisation."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import Contribution, ContributionSharing, Organisation
from governance.models.organisation import Group, Helix
from governance.selectors_contributions import STRANDS, Sums
from governance.services.contributions.giving import Given
from nss_portal.core import charts
from nss_portal.core.access import Actor
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.formats import MISSING, format_number
from nss_portal.core.time import today

NEWEST = 3


class Listed(NamedTuple):
    """A contribution as the register reads it."""

    organisation_id: int
    public_id: str
    name: str
    short_name: str
    group: str
    year: int
    pledged_hours: int | None
    pledged_euros: int | None
    pledged_in_kind: str
    purpose: str
    given_hours: int | None
    given_euros: int | None
    given_in_kind: str
    reason: str
    pledged_at: Any
    confirmed_at: Any
    sharing: str
    is_illustrative: bool


REGISTER = (
    "organisation_id",
    "organisation__public_id",
    "organisation__name",
    "organisation__short_name",
    "organisation__group",
    "year",
    "pledged_hours",
    "pledged_euros",
    "pledged_in_kind",
    "purpose",
    "given_hours",
    "given_euros",
    "given_in_kind",
    "reason",
    "pledged_at",
    "confirmed_at",
    "sharing",
    "is_illustrative",
)


def in_words(figures: Given, *, said: bool = True) -> str:
    """Write what is pledged or given: '120 hours, € 5.000, meeting room'; a dash where nothing is said."""
    if not said:
        return MISSING
    parts = []
    if figures.hours:
        number = format_number(figures.hours)
        parts.append(ngettext("{number} hour", "{number} hours", figures.hours).format(number=number))
    if figures.euros:
        parts.append(f"€\N{NO-BREAK SPACE}{format_number(figures.euros)}")
    if figures.in_kind:
        parts.append(figures.in_kind)
    return ", ".join(parts) or _("nothing")


def state_of(year: int, pledged_at: Any, confirmed_at: Any, is_as_pledged: bool) -> tuple[str, str]:
    """Say where a year stands, with its tone."""
    if confirmed_at and not pledged_at:
        return _("given without a pledge"), "good"
    if confirmed_at:
        return (_("as pledged"), "good") if is_as_pledged else (_("otherwise than pledged"), "info")
    if not pledged_at:
        return _("asked"), "neutral"
    return (_("to be confirmed"), "attention") if year < today().year else (_("pledged"), "neutral")


def register_rows(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Put rows of `REGISTER` into words."""
    rows = []
    for one in (Listed(*values) for values in found):
        pledged = Given(one.pledged_euros, one.pledged_hours, one.pledged_in_kind)
        given = Given(one.given_euros, one.given_hours, one.given_in_kind)
        label, tone = state_of(one.year, one.pledged_at, one.confirmed_at, pledged == given)
        rows.append(
            {
                "one": one,
                "label": one.short_name or one.name,
                "kind": Group(one.group).label,
                "pledged": in_words(pledged, said=bool(one.pledged_at)),
                "given": in_words(given, said=bool(one.confirmed_at)),
                "state": label,
                "tone": tone,
            }
        )
    return rows


def register_sheet(found: Iterable[Any]) -> Sheet:
    """Give rows of `REGISTER` as a table to take along, with every figure in a column of its own."""
    columns = [
        Column(_("Organisation")),
        Column(_("Kind")),
        Column(_("Strand")),
        Column(_("Year")),
        Column(_("Hours pledged"), 0),
        Column(_("Euros pledged"), 0),
        Column(_("Pledged in kind")),
        Column(_("For what")),
        Column(_("Hours given"), 0),
        Column(_("Euros given"), 0),
        Column(_("Given in kind")),
        Column(_("Why it was otherwise")),
        Column(_("Confirmed on")),
        Column(_("Who sees it")),
        Column(_("Illustrative")),
    ]
    rows = [
        [
            one.name,
            Group(one.group).label,
            STRANDS[one.group].label,
            str(one.year),
            one.pledged_hours,
            one.pledged_euros,
            one.pledged_in_kind,
            one.purpose,
            one.given_hours,
            one.given_euros,
            one.given_in_kind,
            one.reason,
            one.confirmed_at,
            ContributionSharing(one.sharing).label,
            _("yes") if one.is_illustrative else _("no"),
        ]
        for one in (Listed(*values) for values in found)
    ]
    return Sheet(_("Contributions"), columns, rows)


def strand_rows(per_strand: dict[Helix | None, Sums]) -> list[dict[str, Any]]:
    """Give the sums of a year as rows of a table, all together last."""
    return [
        {
            "label": strand.label if strand else _("All together"),
            "is_total": strand is None,
            "is_partial": one.is_partial,
            **{name: cell.value for name, cell in one.cells.items()},
        }
        for strand, one in per_strand.items()
    ]


def sums_chart(found: dict[int, dict[Helix | None, Sums]], unit: str) -> charts.Chart | None:
    """Draw what was pledged and given per year, in hours or euros; None without a figure."""
    years = list(found)
    pledged = [found[year][None].cells[f"pledged_{unit}"].value for year in years]
    given = [found[year][None].cells[f"given_{unit}"].value for year in years]
    if not any(pledged) and not any(given):
        return None
    labels = {"hours": (_("Hours per year"), _("hours")), "euros": (_("Money per year"), _("euros"))}
    title, words = labels[unit]
    return _bars(title, words, years, pledged, [value or None for value in given])


def _bars(
    title: str, unit: str, years: Sequence[int], pledged: Sequence[int | None], given: Sequence[int | None]
) -> charts.Chart:
    newest = max((n for n, value in enumerate(given) if value), default=None)
    told = _("No year has been confirmed yet.")
    if newest is not None:
        told = _("In {year} {given} {unit} were given, of {pledged} pledged.").format(
            year=years[newest],
            given=format_number(given[newest]),
            pledged=format_number(pledged[newest] or 0),
            unit=unit,
        )
    return charts.bar(
        charts.BarChart(
            title=title,
            description=told,
            unit=unit,
            source=_("What organisations pledged and confirmed themselves"),
            categories=[str(year) for year in years],
            category_title=_("Year"),
            series=[
                charts.Series(_("pledged"), list(pledged), charts.Style.TREND),
                charts.Series(_("given"), list(given), charts.Style.MAIN),
            ],
            horizontal=False,
        )
    )


def organisation_chart(found: Sequence[Contribution]) -> charts.Chart | None:
    """Draw the hours of one organisation over the years; None for fewer than two years with hours."""
    rows = sorted((one for one in found if one.pledged_hours or one.given_hours), key=lambda one: one.year)
    if len(rows) < 2:
        return None
    return _bars(
        _("Hours per year"),
        _("hours"),
        [one.year for one in rows],
        [one.pledged_hours for one in rows],
        [one.given_hours for one in rows],
    )


def newest_rows(actor: Actor, organisation: Organisation) -> list[dict[str, Any]]:
    """Give the last years of an organisation that somebody may see, for its own page. One query."""
    seen = Contribution.objects.visible_to(actor).given().filter(organisation=organisation)
    found = seen.order_by("-year").values_list(*REGISTER)[:NEWEST]
    rows = []
    for row in register_rows(found):
        one: Listed = row["one"]
        words = row["given"] if one.confirmed_at else row["pledged"]
        rows.append(
            {"year": str(one.year), "words": words, "state": row["state"], "is_illustrative": one.is_illustrative}
        )
    return rows
