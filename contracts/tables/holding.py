"""Where the rows of a table live: the record's own kind for parties, promises, actions, money and emissions.

A table is a view on these records, never a second truth beside them. `Row.ident` names a row within its table.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.canonical import emission_source_code
from contracts.models import (
    Action,
    Commitment,
    ContractVersion,
    EmissionFigure,
    Indicator,
    Investment,
    Measure,
    Party,
    TableRow,
)
from contracts.models.emission import FigureKind, Unit
from contracts.tables.indicator_rows import cells_of
from contracts.tables.template import Table
from contracts.tables.values import Names, Value, from_json

# Column keys whose field has another name.
RENAMED: Mapping[str, str] = {}
MODELS: Mapping[str, Any] = {
    "parties": Party,
    "commitments": Commitment,
    "actions": Action,
    "investments": Investment,
}
SCOPES = ("1", "2", "3")
# What a file says in a column that the portal works out: kept beside it, and shown where the two differ.
PUBLISHED = "published"


@dataclass
class Row:
    """A row of a table: its cells by column key; `computed` is what the portal works out."""

    ident: str
    cells: dict[str, Value | None]
    revision: int = 0
    code: str = ""
    is_illustrative: bool = False
    # Not to be changed here: a published figure, say.
    fixed: str = ""
    computed: dict[str, Value | None] = field(default_factory=dict)
    published: dict[str, Decimal] = field(default_factory=dict)

    def number(self, key: str) -> Decimal | None:
        """Give a number, typed or computed, or None."""
        value = self.cells.get(key, self.computed.get(key))
        return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


@dataclass
class Held:
    """Everything that a version says in tables, read once; and the names that its cells refer to."""

    version: ContractVersion
    rows: dict[str, list[Row]]  # by concept
    names: Names

    def of(self, concept: str) -> list[Row]:
        """Give the rows of a table; [] where the standard has no such table."""
        return self.rows.get(concept, [])


def names_of(version: ContractVersion) -> Names:
    """Give the names that cells of a version may refer to; three queries."""
    return _names(
        version.parties.values_list("name", flat=True),
        version.actions.values_list("code", "title", "title_en"),
    )


def _names(parties: Iterable[str], actions: Iterable[tuple[str, str, str]]) -> Names:
    names = Names(kinds=_kinds)
    for name in parties:
        names.add_party(name)
    held = list(actions)
    for code, *_titles in held:
        names.add_action(code)
    for code, title, title_en in held:
        names.titles[code] = title
        names.add_action(code, title, title_en)
    return names


def _kinds() -> Iterable[tuple[str, str, str]]:
    return Measure.objects.values_list("code", "label_nl", "label_en")


def held_by(
    version: ContractVersion, tables: Iterable[Table], *, figures: Iterable[EmissionFigure] | None = None
) -> Held:
    """Read the rows of tables of a version: at most seven queries, however many tables.

    `figures` are those of the contract with their series and source, where somebody read them already. Names are
    known of what the tables hold or refer to.
    """
    wanted = list(tables)
    asked = {table.holds for table in wanted} | {column.kind for table in wanted for column in table.typed}
    own: dict[int, list[TableRow]] = defaultdict(list)
    own_rows = {"rows"} if version.is_open else {"rows", "indicators"}
    table_ids = [table.record.pk for table in wanted if table.holds in own_rows]
    if table_ids:
        for row in version.table_rows.filter(table__in=table_ids).order_by("order", "pk"):
            own[row.table_id].append(row)
    parties = list(version.parties.order_by("order", "pk")) if asked & {"parties", "party"} else []
    actions = list(version.actions.order_by("order", "pk")) if asked & {"actions", "action"} else []
    names = _names([each.name for each in parties], [(a.code, a.title, a.title_en) for a in actions])
    readers: dict[str, Callable[[], Iterable[Any]]] = {
        "parties": lambda: parties,
        "actions": lambda: actions,
        "commitments": lambda: version.commitments.order_by("order", "pk"),
        "investments": lambda: version.investments.order_by("pk"),
    }
    by_pk: dict[str, dict[int, Any]] = {
        "party": {each.pk: each.name for each in parties},
        "action": {each.pk: each.code for each in actions},
    }
    rows: dict[str, list[Row]] = {}
    for table in wanted:
        if table.holds in own_rows:
            rows[table.concept] = [_own_row(table, row) for row in own[table.record.pk]]
        elif table.holds == "indicators":
            rows[table.concept] = indicator_rows(version, table)
        elif table.holds == "emissions":
            rows[table.concept] = emission_rows(version, figures)
        else:
            rows[table.concept] = [_row(table, record, by_pk) for record in readers[table.holds]()]
    return Held(version, rows, names)


def indicator_rows(version: ContractVersion, table: Table) -> list[Row]:
    """Give the indicators of a contract as rows: what an open version says in this table. One query."""
    keys = [column.key for column in table.typed]
    return [
        Row(
            ident=str(each.pk),
            code=each.code,
            cells=cells_of(each, keys),
            revision=each.revision,
            is_illustrative=each.is_illustrative,
        )
        for each in Indicator.objects.filter(contract=version.contract_id).order_by("pk")
    ]


def _own_row(table: Table, row: TableRow) -> Row:
    held: dict[str, Any] = row.cells
    published = held.get(PUBLISHED, {})
    return Row(
        ident=str(row.pk),
        code=row.code,
        cells={column.key: from_json(column.kind, held.get(column.key)) for column in table.typed},
        revision=row.revision,
        is_illustrative=row.is_illustrative,
        published={key: Decimal(value) for key, value in published.items()},
    )


def _row(table: Table, record: Any, by_pk: Mapping[str, Mapping[int, Any]]) -> Row:
    cells = {column.key: _value(record, column.key, column.kind, by_pk) for column in table.typed}
    return Row(
        ident=str(record.pk),
        code=getattr(record, "code", ""),
        cells=cells,
        revision=record.revision,
        is_illustrative=record.is_illustrative,
    )


def _value(record: Any, key: str, kind: str, by_pk: Mapping[str, Mapping[int, Any]]) -> Value | None:
    if kind in by_pk:
        held = getattr(record, f"{key}_id")
        return None if held is None else by_pk[kind][held]
    value: Value | None = getattr(record, key)
    if value == "":
        return None
    return str(value) if kind == "choice" else value


def _measured(version: ContractVersion) -> Iterable[EmissionFigure]:
    """Read the figures that a contract's own table shows; one query."""
    found = EmissionFigure.objects.filter(
        series__contract=version.contract_id, series__unit=Unit.KT, kind=FigureKind.MEASURED, is_detail=False
    ).exclude(sector=EmissionFigure.TOTAL)
    return found.select_related("series__source")


def _of_table(version: ContractVersion, figure: EmissionFigure) -> bool:
    """Say whether a figure is one that `_measured` would read."""
    series = figure.series
    return (
        (series.contract_id, series.unit, figure.kind) == (version.contract_id, Unit.KT, FigureKind.MEASURED)
        and not figure.is_detail
        and figure.sector != EmissionFigure.TOTAL
    )


def emission_rows(version: ContractVersion, figures: Iterable[EmissionFigure] | None = None) -> list[Row]:
    """Give the measured figures of a contract by year and sector, scopes beside each other; at most one query."""
    own = emission_source_code(version)
    rows: dict[tuple[str, int, str], Row] = {}
    found = _measured(version) if figures is None else [each for each in figures if _of_table(version, each)]
    for figure in sorted(found, key=lambda each: (not each.series.is_leading, each.series_id, each.year, each.pk)):
        source = figure.series.source
        key = (source.code, figure.year, figure.sector)
        row = rows.get(key)
        if row is None:
            row = rows[key] = Row(
                ident=f"{figure.series_id}-{figure.pk}",
                code="" if source.code == own else source.code,
                cells={"year": figure.year, "sector": _sector_of(figure), "value": None},
                fixed="" if source.code == own else source.label,
            )
        place = f"scope{figure.series.scope}" if figure.series.scope in SCOPES else "value"
        if row.cells.get(place) is None:
            row.cells[place] = figure.value
    # Of two publications only the leading one is the contract's own; rows of the same source stay together.
    return sorted(rows.values(), key=lambda row: (bool(row.fixed), row.cells["year"]))


def _sector_of(figure: EmissionFigure) -> str:
    from contracts.models.action import Sector

    return figure.sector if figure.sector in Sector.values else figure.sector_label_nl
