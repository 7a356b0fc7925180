"""Writing the table of emissions: its rows are figures of the contract's own publication, one for each scope."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from zlib import crc32

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from contracts.canonical import emission_source_code
from contracts.importing.rows import own_sector
from contracts.models import ContractVersion, EmissionFigure, EmissionSeries, EmissionSource
from contracts.models.action import Sector
from contracts.models.emission import FigureKind
from contracts.services.errors import Refused
from contracts.services.row_changes import Cells, RowChange, at, gone
from contracts.tables.holding import SCOPES, Row, emission_rows
from contracts.tables.limits import most_rows, too_many
from contracts.tables.template import Table
from contracts.tables.values import to_json
from contracts.tables.vocab import label_of
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

AMOUNTS = ("value", *(f"scope{scope}" for scope in SCOPES))


def emission_revision(row: Row) -> int:
    """Give a number that changes with the figures of a row: what a form remembers of them."""
    return crc32(repr(sorted((key, str(value)) for key, value in row.cells.items())).encode())


def write_emissions(
    version: ContractVersion, actor: Actor, table: Table, changes: Sequence[RowChange]
) -> list[str]:
    """Add rows of emissions and change others, see `write_rows`; the version is locked and the actor may."""
    rows = {row.ident: row for row in emission_rows(version)}
    own = {_place(row.cells): ident for ident, row in rows.items() if not row.fixed}
    if len(own) + sum(not change.ident for change in changes) > most_rows(table):
        raise Refused(too_many(table, len(own), sum(not change.ident for change in changes)))
    source = _own_source(version)
    series: dict[str, EmissionSeries] = {}
    idents: list[tuple[str, EmissionFigure | None]] = []
    replaced: list[Row] = []
    made: list[EmissionFigure] = []
    events: list[tuple[Model, Mapping[str, object]]] = []
    for change in changes:
        kept = _kept(rows, change)
        wanted = {**(kept.cells if kept else {}), **change.cells}
        if kept is not None and wanted == kept.cells:
            idents.append((change.ident, None))
            continue
        if kept is not None and emission_revision(kept) != change.revision:
            raise EditConflict(version)
        with at(change):
            _check(wanted, own.get(_place(wanted)) not in (None, change.ident))
            figures = [
                _figure(_series(series, version, table, source, key), wanted, amount)
                for key in AMOUNTS
                if isinstance(amount := wanted.get(key), Decimal | int)
            ]
        if kept is not None:
            own.pop(_place(kept.cells), None)
            replaced.append(kept)
        own[_place(wanted)] = change.ident or f"new {len(made)}"
        made += figures
        idents.append(("", figures[0]))
        events.append((version.contract, {"emissions": _said(kept, wanted)}))
    _delete(version, replaced)
    EmissionFigure.objects.bulk_create(made, batch_size=500)
    audit.record_many(actor=actor, event=Event.CHANGED, rows=events)
    return [ident if figure is None else f"{figure.series_id}-{figure.pk}" for ident, figure in idents]


def _place(cells: Cells) -> tuple[object, object]:
    return cells.get("year"), cells.get("sector")


def _kept(rows: Mapping[str, Row], change: RowChange) -> Row | None:
    if not change.ident:
        return None
    kept = rows.get(change.ident)
    if kept is None:
        raise gone()
    if kept.fixed:
        raise Refused(_("This figure is published by {source} and stays as it is.").format(source=kept.fixed))
    return kept


def _check(wanted: Cells, is_there: bool) -> None:
    if all(wanted.get(key) is None for key in AMOUNTS):
        raise ValidationError({"value": _("Fill in the total, or at least one scope.")})
    if is_there:
        raise ValidationError({"sector": _("This sector and year stand in the table already.")})


def _said(kept: Row | None, wanted: Cells) -> dict[str, object]:
    before = {key: to_json(value) for key, value in kept.cells.items()} if kept else {}
    return {key: [before.get(key), to_json(value)] for key, value in wanted.items() if value is not None}


def _own_source(version: ContractVersion) -> EmissionSource:
    contract = version.contract
    source, _made = EmissionSource.objects.get_or_create(
        code=emission_source_code(version),
        defaults={
            "label_nl": contract.title[:200],
            "label_en": (contract.title_en or contract.title)[:200],
            "citation": contract.title,
            "is_illustrative": contract.is_illustrative,
        },
    )
    if contract.publication_id is None:
        contract.publication = source
        contract.save(update_fields=["publication"])
    return source


def _series(
    known: dict[str, EmissionSeries], version: ContractVersion, table: Table, source: EmissionSource, key: str
) -> EmissionSeries:
    """Give the series that a column's figures belong to; looked up once."""
    scope = key.removeprefix("scope") if key != "value" else ""
    if scope not in known:
        leading = EmissionSeries.objects.filter(contract=version.contract, is_leading=True)
        known[scope], _made = EmissionSeries.objects.get_or_create(
            source=source,
            contract=version.contract,
            locator=table.record.title_nl[:120],
            scope=scope,
            gas="CO₂",
            defaults={
                "locator_en": table.record.title_en[:120],
                "printed_unit": "kton",
                "is_leading": not scope and not leading.exists(),
            },
        )
    return known[scope]


def _figure(series: EmissionSeries, cells: Cells, amount: Decimal | int) -> EmissionFigure:
    sector = str(cells["sector"])
    figure = EmissionFigure(
        series=series,
        kind=FigureKind.MEASURED,
        year=int(str(cells["year"])),
        sector=sector if sector in Sector.values else own_sector(sector),
        sector_label_nl=label_of("sector", sector)[:160],
        sector_label_en=label_of("sector", sector)[:160],
        printed=str(to_json(Decimal(amount))),
        value=Decimal(amount),
    )
    figure.clean_fields(exclude=["series", "imported"])
    return figure


def remove_emissions(version: ContractVersion, actor: Actor, ident: str) -> None:
    """Take a row of emissions out; the version is locked and the actor may. Raises Refused."""
    row = next((row for row in emission_rows(version) if row.ident == ident), None)
    if row is None or row.fixed:
        raise Refused(_("This row is not there any more, or it is published elsewhere."))
    _delete(version, [row])
    what = {key: to_json(value) for key, value in row.cells.items()}
    audit.record(actor=actor, event=Event.CHANGED, obj=version.contract, changes={"emissions_removed": what})


def _delete(version: ContractVersion, rows: Sequence[Row]) -> None:
    """Delete the figures of rows of the contract's own publication, all scopes of each."""
    if not rows:
        return
    known = EmissionFigure.objects.filter(pk__in=[row.ident.partition("-")[2] for row in rows])
    places = set(known.values_list("series__source", "year", "sector"))
    held = EmissionFigure.objects.filter(
        series__contract=version.contract_id,
        series__source__in={source for source, _year, _sector in places},
        kind=FigureKind.MEASURED,
    ).values_list("pk", "series__source", "year", "sector")
    EmissionFigure.objects.filter(pk__in=[pk for pk, *place in held if tuple(place) in places]).delete()
