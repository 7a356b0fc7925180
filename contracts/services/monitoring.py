"""Emission figures that a municipality's team enters by hand, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from cities.models import Municipality
from contracts.figures import FACTORS
from contracts.models import EmissionFigure, EmissionSeries, EmissionSource
from contracts.models.action import Sector
from contracts.models.emission import FigureKind, Unit
from contracts.services.errors import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

# What one can fill in; a source of one's own may leave any of them out.
SECTORS = (
    Sector.BUILT,
    Sector.MOBILITY,
    Sector.INDUSTRY,
    Sector.ENERGY,
    Sector.AGRICULTURE,
    Sector.WASTE,
    Sector.OTHER,
)
CODES = (*(str(sector.value) for sector in SECTORS), EmissionFigure.TOTAL)


@dataclass(frozen=True)
class Entered:
    """What somebody typed of one year: sector code to the number as the source prints it, in `printed_unit`."""

    year: int
    status: str
    values: Mapping[str, Decimal]


def may_enter(actor: Actor, municipality: Municipality) -> bool:
    """Say whether somebody may enter figures of a municipality; no query."""
    held = frozenset().union(*granted(actor, "emissions", "change").values())
    return standing_of(actor).is_system or municipality.organisation_id in held


@transaction.atomic
def enter_figures(
    *,
    actor: Actor,
    municipality: Municipality,
    title: str,
    citation: str,
    release: str,
    scope: str,
    gas: str,
    printed_unit: str,
    entered: Entered,
) -> EmissionSeries:
    """Enter the figures of one year out of a source; a source, scope and gas make one series.

    Raises NotAllowed, and Refused without any figure or where that year is in the series already.
    """
    if not may_enter(actor, municipality):
        raise NotAllowed(_("You can enter figures of your own municipality only."))
    _hold_something(entered)
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    source = _source(municipality, title.strip(), citation.strip(), release.strip())
    series, made = EmissionSeries.objects.get_or_create(
        source=source,
        municipality=municipality,
        contract=None,
        locator="opgave",
        scope=scope,
        gas=gas,
        defaults={"locator_en": "entered", "unit": Unit.KT, "printed_unit": printed_unit},
    )
    if series.printed_unit != printed_unit:
        raise Refused(
            _("This source is in the portal in another unit (%(unit)s). Use that one.")
            % {"unit": series.printed_unit}
        )
    if series.figures.filter(year=entered.year).exists():
        raise Refused(_("This source has figures of %(year)s already. Change those.") % {"year": entered.year})
    _write(series, entered)
    changes = _said(entered)
    audit.record(actor=actor, event=Event.CREATED if made else Event.CHANGED, obj=series, changes=changes)
    return series


@transaction.atomic
def change_figures(*, actor: Actor, series: EmissionSeries, revision: int, entered: Entered) -> EmissionSeries:
    """Put other figures of a year in the place of those there. Raises NotAllowed, Refused, EditConflict."""
    fresh = _open(actor, series)
    _hold_something(entered)
    there = {figure.sector: figure for figure in fresh.figures.filter(year=entered.year)}
    before = {sector: figure.printed for sector, figure in there.items()}
    after = {sector: f"{value:f}" for sector, value in entered.values.items()}
    same_status = {figure.status for figure in there.values()} == {entered.status}
    if before == after and same_status:
        return fresh
    if fresh.revision != revision:
        raise EditConflict(fresh)
    fresh.figures.filter(year=entered.year).delete()
    _write(fresh, entered)
    audit.record(
        actor=actor, event=Event.CHANGED, obj=fresh, changes={"year": entered.year, "figures": [before, after]}
    )
    return fresh


@transaction.atomic
def remove_figures(*, actor: Actor, series: EmissionSeries, year: int) -> None:
    """Take the figures of a year away, with a series and a source that stay empty. Raises NotAllowed, Refused."""
    fresh = _open(actor, series)
    before = dict(fresh.figures.filter(year=year).values_list("sector", "printed"))
    if not before:
        raise Refused(_("There are no figures of %(year)s.") % {"year": year})
    fresh.figures.filter(year=year).delete()
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, changes={"year": year, "figures": [before, {}]})
    EmissionSeries.objects.filter(pk=fresh.pk).update(revision=fresh.revision + 1)
    if not fresh.figures.exists():
        fresh.delete()
        if not fresh.source.series.exists():
            fresh.source.delete()


def _open(actor: Actor, series: EmissionSeries) -> EmissionSeries:
    fresh = EmissionSeries.objects.select_for_update(of=("self",)).select_related("source").get(pk=series.pk)
    require(actor, "emissions", "change", fresh)
    if fresh.source.entered_for_id is None:
        raise Refused(_("These figures come from a publication and stay as it prints them."))
    return fresh


def _hold_something(entered: Entered) -> None:
    if not entered.values:
        raise Refused(_("Fill in at least one figure. What you leave empty does not count as zero."))


def _source(municipality: Municipality, title: str, citation: str, release: str) -> EmissionSource:
    code = f"gemeente-{municipality.code.casefold()}-{slugify(f'{title} {release}')}"[:60].rstrip("-")
    label = f"{title}, {release}" if release else title
    source, made = EmissionSource.objects.get_or_create(
        code=code,
        defaults={
            "label_nl": label,
            "label_en": label,
            "citation": citation,
            "release": release,
            "entered_for": municipality,
        },
    )
    if not made and (source.label_nl != label or source.citation != citation):
        says = _(
            "There is a source of nearly this name already, found in: %(where)s."
            " Use the same words, or another name."
        )
        raise Refused(says % {"where": source.citation})
    return source


def _write(series: EmissionSeries, entered: Entered) -> None:
    factor = FACTORS[series.printed_unit]
    labels = _labels()
    EmissionFigure.objects.bulk_create(
        EmissionFigure(
            series=series,
            sector=code,
            sector_label_nl=labels[code][0],
            sector_label_en=labels[code][1],
            kind=FigureKind.MEASURED,
            year=entered.year,
            value=value * factor,
            printed=f"{value:f}",
            status=entered.status,
        )
        for code, value in entered.values.items()
    )
    series.revision += 1
    series.save(update_fields=["revision"])


def _labels() -> dict[str, tuple[str, str]]:
    """Give the names of the sectors in both languages, since a figure keeps them."""
    found: dict[str, list[str]] = {code: [] for code in CODES}
    for language in ("nl", "en"):
        with override(language):
            for sector in SECTORS:
                found[sector.value].append(str(sector.label).capitalize())
            found[EmissionFigure.TOTAL].append(_("Total"))
    return {code: (dutch, english) for code, (dutch, english) in found.items()}


def _said(entered: Entered) -> dict[str, Any]:
    return {"year": entered.year, "figures": {code: f"{value:f}" for code, value in entered.values.items()}}
