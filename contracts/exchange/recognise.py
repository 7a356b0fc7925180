"""Which tables of a contract a file holds: by their headings, in both template versions, in Dutch and English."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from contracts.exchange.grids import Grid
from contracts.models import TemplateColumn
from contracts.tables.template import COMPUTED, Table, Template
from contracts.tables.units import unit_of
from contracts.tables.values import NUMBERS
from contracts.tables.vocab import plain

CODE = re.compile(r"\b((?:IP-)?[A-C]-?\d(?:\.\d)?)\b", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[\[(]([^)\]]*)[\])]")
NUMBERED = re.compile(r"^\(\d\)\s*")
UNIT_LABELS = frozenset({"unit", "eenheid", "units"})
YEAR_LABELS = frozenset({"base year", "basisjaar", "year", "jaar", "reference year"})
PUBLISHED_MARKS = frozenset({"published", "gepubliceerd"})
# What the portal worked out itself, in a file that it made.
WORKED_OUT_MARKS = frozenset({"worked out", "berekend"})


@dataclass(frozen=True)
class Heading:
    """A heading that is recognised: its column, and what one of its numbers counts for (None: not clear)."""

    column: TemplateColumn
    factor: Decimal | None
    is_published: bool = False


@dataclass
class Block:
    """One table in a sheet: its heading's row, the columns that are known, its rows as raw cells."""

    grid: Grid
    table: Table
    heading_row: int
    headings: dict[int, Heading]
    rows: list[int] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)
    # A table that stands on its side: for each record the cells by column key.
    records: list[dict[str, tuple[int, int]]] = field(default_factory=list)


@dataclass
class Found:
    """What was recognised in a file, and what is said of the rest: (address, reason)."""

    blocks: list[Block] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def bare(text: str) -> str:
    """Give a heading as it is compared: without its number, unit and what stands in brackets."""
    return plain(NUMBERED.sub("", IN_BRACKETS.sub("", NUMBERED.sub("", text.strip()))))


def words_of(column: TemplateColumn) -> set[str]:
    """Give all headings under which a column may stand."""
    titles = [column.title_nl, column.title_en, column.key, *column.aliases]
    return {word for title in titles for word in (plain(title), bare(title)) if word}


def recognise(grids: Iterable[Grid], template: Template, others: Iterable[Table] = ()) -> Found:
    """Find the tables of a standard in sheets; `others` are tables of other standards, to be named."""
    found = Found()
    tables = list(template.tables)
    asked = {table.concept for table in tables}
    known = [*tables, *(table for table in others if table.concept not in asked)]
    words = {table.concept: _words(table) for table in known}
    codes = _codes([*tables, *others])
    for grid in grids:
        if grid.refused:
            found.refused.append((grid.name, grid.refused))
            continue
        blocks = list(_blocks(grid, known, words, codes, asked, found))
        for block in blocks:
            if block.table.concept in asked:
                found.blocks.append(block)
            else:
                text = _("the table '{table}' is not asked by this contract's standard")
                place = grid.address(block.heading_row, min(block.headings, default=1))
                found.refused.append((place, text.format(table=block.table.title)))
    return found


def _words(table: Table) -> Mapping[str, TemplateColumn]:
    found: dict[str, TemplateColumn] = {}
    for column in table.columns:
        for word in words_of(column):
            # A title of its own goes before another column's alias.
            if word not in found or word in {plain(column.title_nl), plain(column.title_en)}:
                found[word] = column
    return found


def _codes(tables: Iterable[Table]) -> Mapping[str, set[str]]:
    """Give, for each code, the concepts that some template version means by it."""
    found: dict[str, set[str]] = {}
    for table in tables:
        found.setdefault(table.code.upper(), set()).add(table.concept)
    return found


def _blocks(
    grid: Grid,
    tables: list[Table],
    words: Mapping[str, Mapping[str, TemplateColumn]],
    codes: Mapping[str, set[str]],
    asked: set[str],
    found: Found,
) -> Iterator[Block]:
    by_row = grid.by_row()
    current: Block | None = None
    above: list[str] = []
    seen = False
    for number in range(1, grid.rows + 1):
        row = by_row.get(number, {})
        texts = {column: value for column, value in row.items() if isinstance(value, str)}
        candidates = _candidates(texts, len(row), tables, words) if len(texts) >= 2 else []
        if candidates and not (current and len(candidates[0][1]) < 3 and len(current.headings) >= 3):
            if current:
                yield current
            seen = True
            current = _begin(grid, number, row, candidates, [grid.name, *above], codes, asked, found)
            if current:
                current.defaults = _preamble(grid, number, current.table)
            above = []
        elif current is not None and row:
            current.rows.append(number)
        else:
            above.extend(texts.values())
        if not row and current is not None and not by_row.get(number + 1):
            yield current
            current = None
    if current:
        yield current
    if not seen:
        yield from _sideways(grid, tables, words, found)


def _candidates(
    texts: Mapping[int, str], filled: int, tables: list[Table], words: Mapping[str, Mapping[str, TemplateColumn]]
) -> list[tuple[Table, dict[int, TemplateColumn]]]:
    """Give the tables whose headings this row may be, the best first; [] where it is no row of headings."""
    found = []
    for table in tables:
        matched: dict[int, TemplateColumn] = {}
        for column, text in texts.items():
            held = words[table.concept].get(plain(text)) or words[table.concept].get(bare(text))
            if held is not None and (held not in matched.values() or _is_published(text)):
                matched[column] = held
        wanted = [column for column in table.typed if column.is_required]
        enough = len(matched) >= 2 and len(matched) * 2 >= filled
        if enough and any(column in matched.values() for column in wanted):
            found.append((table, matched))
    return sorted(found, key=lambda each: (-len(each[1]), len(each[0].columns)))


def _is_marked(text: str, marks: frozenset[str]) -> bool:
    return any(plain(part) in marks for part in IN_BRACKETS.findall(text))


def _is_published(text: str) -> bool:
    return _is_marked(text, PUBLISHED_MARKS)


def _begin(
    grid: Grid,
    number: int,
    row: Mapping[int, Any],
    candidates: list[tuple[Table, dict[int, TemplateColumn]]],
    hints: list[str],
    codes: Mapping[str, set[str]],
    asked: set[str],
    found: Found,
) -> Block | None:
    best = [each for each in candidates if len(each[1]) == len(candidates[0][1])]
    if len(best) > 1:
        best = _by_hints(best, hints, codes) or [each for each in best if each[0].concept in asked] or best
    place = grid.address(number, min(row))
    alike = {tuple(sorted(column.key for column in each[1].values())) for each in best}
    if len(best) > 1 and (len(alike) == 1 and len({len(each[0].columns) for each in best}) == 1):
        names = ", ".join(f"{table.code} {table.title}" for table, _matched in best)
        text = _("these headings fit several tables ({tables}); put the table's code in the sheet's name")
        found.refused.append((place, text.format(tables=names)))
        return None
    table, matched = best[0]
    block = Block(grid, table, number, {})
    for column, held in matched.items():
        text = str(row[column])
        if _is_marked(text, WORKED_OUT_MARKS):
            continue
        block.headings[column] = Heading(held, _factor(held, text), _is_published(text))
    block.unknown = [
        (column, str(value)) for column, value in row.items() if column not in matched and plain(str(value))
    ]
    return block


def _by_hints(
    candidates: list[tuple[Table, dict[int, TemplateColumn]]], hints: list[str], codes: Mapping[str, set[str]]
) -> list[tuple[Table, dict[int, TemplateColumn]]]:
    said = " ".join(hints)
    for table, matched in candidates:
        if re.search(rf"(^|[^\w.]){re.escape(table.code)}($|[^\w.])", said):
            return [(table, matched)]
    meant = {concept for code in CODE.findall(said) for concept in codes.get(code.upper(), ())}
    by_code = [each for each in candidates if each[0].concept in meant]
    if len(by_code) == 1:
        return by_code
    plain_said = plain(said)
    named = [
        each
        for each in candidates
        if plain(each[0].record.title_nl) in plain_said or plain(each[0].record.title_en) in plain_said
    ]
    return named if len(named) == 1 else []


def _factor(column: TemplateColumn, heading: str) -> Decimal | None:
    """Say what one of a column's numbers counts for: by the unit in its heading; None where that is not clear."""
    if column.kind not in NUMBERS and column.kind != COMPUTED:
        return Decimal(1)
    if not column.unit:
        return Decimal(1)
    for inside in IN_BRACKETS.findall(heading):
        factor = unit_of(inside, column.unit)
        if factor is not None:
            return factor
    for tail in (re.split(r"[,:\[(]", heading)[-1], heading.rsplit(" ", 1)[-1]):
        factor = unit_of(tail, column.unit)
        if factor is not None:
            return factor
    return None


def _preamble(grid: Grid, number: int, table: Table) -> dict[str, Any]:
    """Read what stands above a table: its unit and its base year."""
    found: dict[str, Any] = {}
    for row in range(max(1, number - 6), number):
        cells = grid.row(row)
        for column, value in cells.items():
            label, colon, rest = str(value).partition(":")
            after = rest.strip() or cells.get(column + 1)
            if not (colon or after):
                continue
            if plain(label) in UNIT_LABELS:
                found["unit"] = str(after)
            elif plain(label) in YEAR_LABELS:
                found["year"] = (row, column + (0 if rest.strip() else 1), after)
    return found


def _sideways(
    grid: Grid, tables: list[Table], words: Mapping[str, Mapping[str, TemplateColumn]], found: Found
) -> Iterator[Block]:
    """Read a table on its side, as the outline of an action stands in the template: labels left, values right."""
    actions = next((table for table in tables if table.concept == "actions"), None)
    if actions is None:
        return
    records: list[dict[str, tuple[int, int]]] = []
    headings: dict[str, Heading] = {}
    for number, row in grid.by_row().items():
        for column, value in row.items():
            held = words["actions"].get(plain(str(value))) or words["actions"].get(bare(str(value)))
            right = next((place for place in sorted(row) if place > column), None)
            if held is None or right is None:
                continue
            if held.key == "title" or not records:
                records.append({})
            if held.key not in records[-1]:
                records[-1][held.key] = (number, right)
                headings[held.key] = Heading(held, _factor(held, str(value)))
            break
    records = [record for record in records if "title" in record and len(record) >= 3]
    if records:
        block = Block(grid, actions, 1, dict(enumerate(headings.values(), start=1)))
        block.records = records
        yield block
    elif grid.cells:
        first = min(grid.cells)
        text = _("no table of a climate contract is recognised here; are the headings those of the template?")
        found.refused.append((grid.address(*first), text))
