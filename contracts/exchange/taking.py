"""Cells of recognised tables become typed values; what cannot be taken is named with its address.

The result is plain data (`Content`), so that it can wait in the database until somebody has looked at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.exchange.grids import Grid
from contracts.exchange.recognise import Block, Found, Heading
from contracts.services.draft import free_code
from contracts.tables.limits import fitted
from contracts.tables.template import COMPUTED, Table
from contracts.tables.units import unit_of
from contracts.tables.values import NUMBERS, BadCell, Names, Value, read, to_json
from contracts.tables.vocab import plain

TOTALS = frozenset({"total", "totaal", "totals", "sum", "som", "grand total", "subtotal", "subtotaal"})
# Where a file names the field of an action only, the sector follows from it.
SECTOR_OF_FIELD: Mapping[str, str] = {
    "energy": "energy",
    "mobility": "mobility",
    "built": "built",
    "waste": "waste",
    "nature": "agriculture",
    "other": "other",
}
# What others refer to comes first.
ORDER = ("signatories", "actions")


@dataclass
class Incoming:
    """A row that can be taken: values as JSON by column key, and where the row stands in the file."""

    cells: dict[str, Any]
    address: str = ""
    code: str = ""
    published: dict[str, str] = field(default_factory=dict)


@dataclass
class Content:
    """What a file says, by table; and lines about it: (address, text)."""

    rows: dict[str, list[Incoming]] = field(default_factory=dict)
    texts: list[dict[str, str]] = field(default_factory=list)
    version: dict[str, Any] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON holds it."""
        return {
            "rows": {
                concept: [
                    {"cells": row.cells, "at": row.address, "code": row.code, "published": row.published}
                    for row in rows
                ]
                for concept, rows in self.rows.items()
            },
            "texts": self.texts,
            "version": self.version,
            "refused": self.refused,
            "notes": self.notes,
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Content":
        """Give it back from JSON."""
        return cls(
            rows={
                concept: [Incoming(row["cells"], row["at"], row["code"], dict(row["published"])) for row in rows]
                for concept, rows in held.get("rows", {}).items()
            },
            texts=list(held.get("texts", [])),
            version=dict(held.get("version", {})),
            refused=[(place, text) for place, text in held.get("refused", [])],
            notes=[(place, text) for place, text in held.get("notes", [])],
        )


def taken(found: Found, names: Names) -> Content:
    """Read all recognised tables. `names` learns the parties and actions that the file itself brings."""
    content = Content(refused=list(found.refused))
    rank = {concept: place for place, concept in enumerate(ORDER)}
    for block in sorted(found.blocks, key=lambda block: rank.get(block.table.concept, len(ORDER))):
        _take_block(block, names, content)
    return content


def _take_block(block: Block, names: Names, content: Content) -> None:
    grid = block.grid
    block.headings = _clear_headings(block, content)
    for column, text in block.unknown:
        if plain(text) != "code":
            note = _("the column '{name}' is not known and is left out").format(name=text[:60])
            content.notes.append((grid.address(block.heading_row, column), note))
    code_column = next((column for column, text in block.unknown if plain(text) == "code"), None)
    formulas, filled = 0, 0
    records = block.records or [
        {
            heading.column.key: (row, column)
            for column, heading in block.headings.items()
            if not heading.is_published
        }
        for row in block.rows
    ]
    headings = {heading.column.key: heading for heading in block.headings.values() if not heading.is_published}
    printed = {heading.column.key: column for column, heading in block.headings.items() if heading.is_published}
    for number, record in enumerate(records):
        row = block.rows[number] if not block.records else next(iter(record.values()))[0]
        if not block.records and _is_no_row(grid, block, row):
            if plain(str(next(iter(grid.row(row).values())))) in TOTALS:
                note = _("a total is not taken over: the portal works it out")
                content.notes.append((grid.address(row, min(grid.row(row))), note))
            continue
        incoming = _take_row(block, record, headings, names, content)
        formulas += sum(place in grid.formulas for place in record.values())
        filled += sum(place in grid.filled for place in record.values())
        if incoming is None:
            continue
        incoming.code = str(grid.cells.get((row, code_column), "") or "")[:40] if code_column else ""
        for key, column in printed.items():
            _take_published(block.table, key, grid.cells.get((row, column)), incoming)
        make_known(block.table, incoming, names)
        content.rows.setdefault(block.table.concept, []).append(incoming)
    place = grid.address(block.heading_row, min(block.headings, default=1))
    if formulas:
        note = _("{number} cells are formulas; the result that the spreadsheet worked out last is taken")
        content.notes.append((place, note.format(number=formulas)))
    if filled:
        note = _("{number} cells are merged with the one above; its value is taken for each row")
        content.notes.append((place, note.format(number=filled)))


def _clear_headings(block: Block, content: Content) -> dict[int, Heading]:
    """Settle the units of columns; a column of numbers whose unit is not clear is refused as a whole."""
    said = str(block.defaults.get("unit", ""))
    found: dict[int, Heading] = {}
    for column, heading in block.headings.items():
        factor, asked = heading.factor, heading.column
        if factor is None and said:
            factor = unit_of(said, asked.unit)
        needs = asked.kind in NUMBERS and factor is None and _has_bare_numbers(block, column)
        if needs:
            text = _(
                "the unit of '{name}' is not clear, so its numbers are not taken; write it in the heading: {units}"
            )
            units = {"kt": "t, kt, Mt", "MEUR": "euro, mln euro", "MWh": "MWh, GWh"}.get(asked.unit, asked.unit)
            place = block.grid.address(block.heading_row, column)
            content.refused.append((place, text.format(name=asked.title, units=units)))
        else:
            found[column] = Heading(asked, factor, heading.is_published)
    return found


def _has_bare_numbers(block: Block, column: int) -> bool:
    places = [(row, column) for row in block.rows] or [
        place
        for record in block.records
        for key, place in record.items()
        if key == block.headings[column].column.key
    ]
    values = [block.grid.cells.get(place) for place in places]
    return any(
        isinstance(value, int | float) or (isinstance(value, str) and value.strip()[-1:].isdigit())
        for value in values
        if not isinstance(value, bool)
    )


def _is_no_row(grid: Grid, block: Block, row: int) -> bool:
    """Say whether a row is empty in the known columns, or is the sum of the others."""
    cells = grid.row(row)
    first = next(iter(cells.values()), "")
    return plain(str(first)) in TOTALS or not any(column in cells for column in block.headings)


def _take_row(
    block: Block,
    record: Mapping[str, tuple[int, int]],
    headings: Mapping[str, Heading],
    names: Names,
    content: Content,
) -> Incoming | None:
    grid, table = block.grid, block.table
    cells: dict[str, Value | None] = {}
    published: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    first = next(iter(record.values()), (block.heading_row, 1))
    for key, place in record.items():
        if key not in headings:
            continue
        heading, raw = headings[key], grid.cells.get(place)
        if place in grid.formulas and grid.formulas[place] is None:
            text = _("a formula without a result; open the file in a spreadsheet, save it, and try again")
            refused.append((grid.address(*place), text))
            continue
        if heading.column.kind == COMPUTED:
            _published(published, heading, raw)
            continue
        try:
            reading = read(heading.column, raw, names, factor=heading.factor)
            reading = fitted(table, key, heading.column.kind, reading)
        except BadCell as error:
            refused.append((grid.address(*place), f"{heading.column.title}: {error}"))
            continue
        cells[key] = reading.value
        if reading.note:
            content.notes.append((grid.address(*place), reading.note))
    _defaults(block, cells, names, content, grid.address(*first))
    missing = [column.title for column in table.typed if column.is_required and cells.get(column.key) is None]
    if missing and not refused:
        text = _("the row lacks {columns}").format(columns=", ".join(missing))
        refused.append((grid.address(*first), text))
    content.refused += refused
    if refused:
        return None
    said = {key: to_json(value) for key, value in cells.items()}
    return Incoming(said, grid.address(*first), published=published)


def _published(published: dict[str, str], heading: Heading, raw: Any) -> None:
    """Keep what a file says in a column that the portal works out."""
    try:
        amount = read(_AsNumber(heading.column), raw, Names(), factor=heading.factor).value
    except BadCell:
        return
    if isinstance(amount, Decimal):
        published[heading.column.key] = str(to_json(amount))


class _AsNumber:
    """A computed column, read as the number that a file has there."""

    def __init__(self, column: Any) -> None:
        self.key, self.kind, self.vocabulary, self.unit = column.key, "signed", "", column.unit


def _take_published(table: Table, key: str, raw: Any, incoming: Incoming) -> None:
    held = table.column(key)
    _published(incoming.published, Heading(held, Decimal(1)), raw)


def _defaults(block: Block, cells: dict[str, Value | None], names: Names, content: Content, address: str) -> None:
    """Fill in what stands above the table or follows from another column."""
    year = block.defaults.get("year")
    columns = {column.key: column for column in block.table.typed}
    if year and "year" in columns and cells.get("year") is None:
        row, column, raw = year
        try:
            cells["year"] = read(columns["year"], raw, names).value
        except BadCell as error:
            content.refused.append((block.grid.address(row, column), str(error)))
    if block.table.concept == "actions" and cells.get("sector") is None and cells.get("field"):
        cells["sector"] = SECTOR_OF_FIELD[str(cells["field"])]
        text = _("the sector is taken from the field of action")
        content.notes.append((address, text))


def make_known(table: Table, incoming: Incoming, names: Names) -> None:
    """Let later tables refer to parties and actions that this file brings; an action gets its code here."""
    if table.concept == "signatories":
        names.add_party(incoming.cells["name"])
    elif table.concept == "actions":
        title = incoming.cells["title"]
        known = names.actions.get(plain(title))
        incoming.code = incoming.code or known or free_code(set(names.titles), title)
        names.add_action(incoming.code, title)
