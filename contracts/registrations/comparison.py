"""What contracts and emission figures add to the comparison of municipalities."""

from collections import defaultdict
from collections.abc import Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.models import ClimateContract, ContractMunicipality, EmissionFigure
from contracts.models.emission import FigureKind
from contracts.models.version import VersionState
from contracts.selectors.contract import registered
from nss_portal.core.access import Actor
from nss_portal.core.formats import format_kt, format_percent
from nss_portal.core.registry import ComparedRow, ComparedValue, comparison_rows


@comparison_rows.register
def contracts_beside(actor: Actor, municipalities: list[Municipality]) -> Iterator[ComparedRow]:
    """The climate contract of each with its state and target year, where the actor may see it. One query."""
    inside = ClimateContract.objects.filter(municipalities__in=municipalities).values("pk")
    links = ContractMunicipality.objects.filter(contract=OuterRef("pk"))
    contracts = registered(actor).filter(pk__in=inside).prefetch_related(None)
    held: dict[int, list[ClimateContract]] = defaultdict(list)
    for contract in contracts.annotate(places=ArraySubquery(links.values("municipality"))):
        for place in getattr(contract, "places"):  # noqa: B009 - the annotation adds it
            held[place].append(contract)
    if not held:
        return
    first = [held[municipality.pk][0] if held[municipality.pk] else None for municipality in municipalities]
    group = _("Climate contract")
    values = [
        ComparedValue(text=contract.name, url=contract.get_absolute_url(), note=_state(contract))
        if contract
        else ComparedValue(note=_("none that you may see"))
        for contract in first
    ]
    yield ComparedRow(group=group, label=_("Contract"), values=values, order=20)
    years = [ComparedValue(text=str(contract.target_year) if contract else "", note="") for contract in first]
    yield ComparedRow(group=group, label=_("Target year"), values=years, order=20)


def _state(contract: ClimateContract) -> str:
    """Say where the version stands that the actor sees; `registered` gives it."""
    state = getattr(contract, "shown_state", None)
    return str(VersionState(state).label) if state else ""


@comparison_rows.register
def emissions_beside(actor: Actor, municipalities: list[Municipality]) -> Iterator[ComparedRow]:
    """The newest total per source that has one for two of them: sources are never mixed. One query."""
    rows = (
        EmissionFigure.objects.filter(
            series__municipality__in=municipalities,
            kind=FigureKind.MEASURED,
            sector=EmissionFigure.TOTAL,
            value__isnull=False,
        )
        .select_related("series__source")
        .order_by("series__source__code", "series__scope", "series__gas", "-year", "-series__is_leading", "pk")
    )
    table: dict[tuple[int, str, str], dict[int | None, EmissionFigure]] = defaultdict(dict)
    for row in rows:
        key = (row.series.source_id, row.series.scope, row.series.gas)
        table[key].setdefault(row.series.municipality_id, row)
    # What only one of them publishes says nothing about the others.
    for found in [found for found in table.values() if len(found) > 1]:
        yield _of_source(municipalities, found)


def _of_source(municipalities: list[Municipality], found: dict[int | None, EmissionFigure]) -> ComparedRow:
    series = next(iter(found.values())).series
    scope = _("scope {scope}").format(scope=series.scope.replace("+", _(" and "))) if series.scope else ""
    boundary = ", ".join(part for part in (scope, series.gas) if part)
    values = [_value(found.get(municipality.pk)) for municipality in municipalities]
    label = _("Total: {source} ({boundary})").format(source=series.source.label, boundary=boundary)
    return ComparedRow(
        group=_("Emissions"), label=label, values=values, order=25, is_number=True, source=series.source.citation
    )


def _value(figure: EmissionFigure | None) -> ComparedValue:
    if figure is None or figure.value is None:
        return ComparedValue()
    text = format_kt(figure.value) if figure.series.unit == "kt" else format_percent(figure.value)
    return ComparedValue(text=text, note=str(figure.year), raw=f"{figure.value.normalize():f}")
