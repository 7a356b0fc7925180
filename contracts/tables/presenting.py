"""Tables of a version as pages show them: progress, rows in words, sums, what differs from what was published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator

from contracts.models import ContractVersion, DraftComment, Effort
from contracts.models.template import Part
from contracts.services.draft import PERSONAL
from contracts.tables.computed import NEEDS, sums_of, work_out
from contracts.tables.holding import Held, Row, held_by
from contracts.tables.template import COMPUTED, Section, Table, Template
from contracts.tables.units import unit_label
from contracts.tables.values import NUMBERS, Names, Value, number_text, shown
from contracts.tables.vocab import label_of

PAGE = 200  # rows


@dataclass(frozen=True)
class TableMark:
    """A table in the overview: how many rows it has."""

    table: Table
    count: int
    comments: int = 0

    @property
    def is_done(self) -> bool:
        """Say whether somebody filled it."""
        return self.count > 0


@dataclass(frozen=True)
class SectionMark:
    """A section in the overview."""

    section: Section
    tables: tuple[TableMark, ...]
    has_text: bool
    comments: int = 0

    @property
    def record(self) -> Any:
        """Give the section of the standard."""
        return self.section.record


@dataclass(frozen=True)
class Overview:
    """All sections of a version, in parts, with how far they are."""

    parts: tuple[tuple[str, tuple[SectionMark, ...]], ...]

    @property
    def tables(self) -> list[TableMark]:
        """Give all tables."""
        return [table for _part, sections in self.parts for section in sections for table in section.tables]

    @property
    def done(self) -> int:
        """Count the tables that somebody filled."""
        return sum(table.is_done for table in self.tables)

    @property
    def total(self) -> int:
        """Count the tables."""
        return len(self.tables)

    @property
    def next(self) -> TableMark | None:
        """Give the first table to fill: what is needed goes first."""
        empty = [table for table in self.tables if not table.is_done]
        return next((mark for mark in empty if mark.table.record.is_needed), next(iter(empty), None))


COUNTS = """
SELECT 'parties', count(*) FROM contracts_party WHERE version_id = %(version)s
UNION ALL SELECT 'commitments', count(*) FROM contracts_commitment WHERE version_id = %(version)s
UNION ALL SELECT 'actions', count(*) FROM contracts_action WHERE version_id = %(version)s
UNION ALL SELECT 'investments', count(*) FROM contracts_investment WHERE version_id = %(version)s
UNION ALL SELECT 'emissions', count(*) FROM contracts_emissionfigure f
    JOIN contracts_emissionseries s ON s.id = f.series_id
    WHERE s.contract_id = %(contract)s AND f.kind = 'measured' AND f.sector <> 'total' AND NOT f.is_detail
    AND s.unit = 'kt'
UNION ALL SELECT 'indicators', count(*) FROM contracts_indicator WHERE contract_id = %(contract)s
UNION ALL SELECT table_id::text, count(*) FROM contracts_tablerow WHERE version_id = %(version)s GROUP BY table_id
UNION ALL SELECT 'text:' || section_id, 1 FROM contracts_sectiontext
    WHERE version_id = %(version)s AND text || text_en <> ''
UNION ALL SELECT place, count(*) FROM contracts_draftcomment
    WHERE contract_id = %(contract)s AND settled_at IS NULL GROUP BY place
"""


def overview_of(version: ContractVersion, template: Template, *, comments: bool) -> Overview:
    """Say how far each section and table is; one query. `comments` counts what colleagues said too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"version": version.pk, "contract": version.contract_id})
        counts: dict[str, int] = dict(cursor.fetchall())
    said = counts if comments else {}

    def mark(table: Table) -> TableMark:
        own = table.holds == "rows" or (table.holds == "indicators" and not version.is_open)
        key = str(table.record.pk) if own else table.holds
        return TableMark(table, counts.get(key, 0), said.get(f"table:{table.concept}", 0))

    marks = [
        SectionMark(
            section,
            tuple(mark(table) for table in section.tables),
            f"text:{section.record.pk}" in counts,
            said.get(f"section:{section.record.code}", 0),
        )
        for section in template.sections
    ]
    found = [(str(part.label), tuple(each for each in marks if each.record.part == part)) for part in Part]
    return Overview(tuple((label, sections) for label, sections in found if sections))


@dataclass
class ShownCell:
    """A cell in words; `published` is what the city published where the portal works out something else."""

    label: str
    text: str
    is_number: bool = False
    is_long: bool = False
    is_computed: bool = False
    published: str = ""


@dataclass
class ShownRow:
    """A row in words."""

    row: Row
    cells: list[ShownCell]

    @property
    def title(self) -> str:
        """Give what the row is about: its first cell."""
        return self.cells[0].text if self.cells else ""


@dataclass
class ShownTable:
    """A table as its page shows it."""

    table: Table
    heads: list[dict[str, Any]]
    rows: list[ShownRow]
    sums: list[dict[str, str]]
    differs: int = 0
    computed: list[str] = field(default_factory=list)


def page_of(rows: Sequence[Row], number: str | None, ident: str = "") -> Page[Row]:
    """Give a page of a table: the one that is asked for, or the one on which the row `ident` stands."""
    wanted = bool(ident) and number is None
    place = next((place for place, row in enumerate(rows) if row.ident == ident), None) if wanted else None
    return Paginator(rows, PAGE).get_page(number if place is None else place // PAGE + 1)


def read_table(version: ContractVersion, template: Template, table: Table) -> Held:
    """Read one table with what its sums need of others."""
    wanted = {table.concept, *NEEDS.get(table.concept, ())}
    if "emissions-gap" in wanted:
        wanted |= {"action-impacts"}
    held = held_by(version, [each for each in template.tables if each.concept in wanted])
    work_out(held)
    if table.concept == "commitments" and not version.is_open:
        _updates(version, held)
    return held


def _updates(version: ContractVersion, held: Held) -> None:
    """Put beside each promise what its party said of it in the years after; one query."""
    efforts = Effort.objects.filter(commitment__version__contract=version.contract_id).exclude(status="")
    said: dict[str, list[str]] = {}
    for code, year, status in efforts.order_by("part__review__round__year").values_list(
        "commitment__code", "part__review__round__year", "status"
    ):
        said.setdefault(code, []).append(f"{year}: {dict(Effort._meta.get_field('status').flatchoices)[status]}")
    for row in held.of("commitments"):
        row.computed["updates"] = "; ".join(said.get(row.code, [])) or None


def shown_table(table: Table, held: Held, *, personal: bool, page: Sequence[Row] | None = None) -> ShownTable:
    """Put a table into words, or the rows of one `page` of it; sums and columns are those of all rows.

    Columns without any value stay away, unless they are required.
    """
    rows = held.of(table.concept)
    columns = [
        column
        for column in table.columns
        if (personal or column.key not in PERSONAL)
        and (column.is_required or any(_has(row, column.key) for row in rows))
    ]
    shown_rows = [
        ShownRow(row, [_cell(column, row, held.names) for column in columns])
        for row in (rows if page is None else page)
    ]
    return ShownTable(
        table=table,
        heads=[
            {
                "title": column.title,
                "unit": unit_label(column.unit) if column.unit else "",
                "is_number": _is_number(column),
            }
            for column in columns
        ],
        rows=shown_rows,
        sums=_sums(table, rows),
        differs=sum(
            _differs(column, row)
            for row in rows
            if row.published
            for column in columns
            if column.key in row.published
        ),
        computed=[column.title for column in columns if column.kind == COMPUTED],
    )


def _has(row: Row, key: str) -> bool:
    return row.cells.get(key) is not None or row.computed.get(key) is not None or key in row.published


def _is_number(column: Any) -> bool:
    return column.kind in {*NUMBERS, "year"} or (column.kind == COMPUTED and bool(column.unit))


def _cell(column: Any, row: Row, names: Names) -> ShownCell:
    value, computed = _value(column, row)
    text = number_text(value) if isinstance(value, Decimal) else shown(column, value, names)
    return ShownCell(
        label=column.title,
        text=text or "–",
        is_number=_is_number(column),
        is_long=column.kind == "long",
        is_computed=computed,
        published=number_text(row.published[column.key]) if _differs(column, row) else "",
    )


def _value(column: Any, row: Row) -> tuple[Value | None, bool]:
    """Give what stands in a cell, and whether the portal worked it out."""
    value = row.cells.get(column.key)
    computed = value is None and row.computed.get(column.key) is not None
    return (row.computed[column.key] if computed else value), computed


def _differs(column: Any, row: Row) -> bool:
    """Say whether a city published another number than stands here."""
    printed = row.published.get(column.key)
    return printed is not None and printed != _value(column, row)[0]


def _sums(table: Table, rows: Iterable[Row]) -> list[dict[str, str]]:
    vocabulary = {"investments": "investment_kind"}.get(table.concept, "")
    return [
        {
            "label": " · ".join(
                part
                for part in (
                    label_of(vocabulary, each.label) if vocabulary else each.label,
                    table.column(each.key).title,
                )
                if part
            ),
            "text": f"{number_text(each.amount)} {unit_label(each.unit)}",
        }
        for each in sums_of(table.concept, table.columns, list(rows))
    ]


def comments_on(version: ContractVersion, place: str) -> list[DraftComment]:
    """Give what colleagues said about a place, the oldest first; one query."""
    return list(DraftComment.objects.filter(contract=version.contract_id, place=place))
