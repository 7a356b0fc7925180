"""A version as one JSON document and as one workbook; both come in again without loss.

The document is described in `docs/contract.schema.json`. Numbers are text with a decimal point, dates are ISO,
choices are codes. In the workbook each table has a sheet whose headings carry the unit; what the portal works out
is marked so and is not taken back in.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from contracts.exchange.grids import Grid, UnreadableFile
from contracts.exchange.plan import as_cells
from contracts.exchange.taking import ORDER, Content, Incoming, make_known
from contracts.models import ContractVersion, TemplateColumn
from contracts.services.draft import PERSONAL
from contracts.tables.computed import work_out
from contracts.tables.holding import PUBLISHED, Held, Row, held_by
from contracts.tables.limits import fitted
from contracts.tables.template import COMPUTED, Table, Template
from contracts.tables.units import unit_label
from contracts.tables.values import NUMBERS, BadCell, Names, Reading, from_json, read, shown, to_json
from nss_portal.core.exports import Column, Sheet

SCHEMA = "nss-contract/1"
MOST_BYTES = 20_000_000
TEXT_HEADS = ("section", "text", "text_en")
VERSION_NAMES = ("target_year", "base_year", "summary", "summary_en", "source")


def document(version: ContractVersion, template: Template, *, personal: bool = False) -> dict[str, Any]:
    """Give all that a version says as one document; `personal` adds who is responsible at each party."""
    contract = version.contract
    held = held_by(version, template.tables)
    places = contract.contract_municipalities.order_by("order", "pk").values_list("municipality__code", flat=True)
    return {
        "schema": SCHEMA,
        "standard": template.standard.code,
        "contract": {
            "id": contract.public_id,
            "title": contract.title,
            "title_en": contract.title_en,
            "municipalities": list(places),
        },
        "version": {"number": version.number, **{name: getattr(version, name) for name in VERSION_NAMES}},
        "texts": [
            {"section": each.section.code, "text": each.text, "text_en": each.text_en}
            for each in version.texts.select_related("section").order_by("section__order")
            if each.text or each.text_en
        ],
        "tables": [
            {"code": table.code, "concept": table.concept, "rows": _rows(table, held, personal=personal)}
            for table in template.tables
            if held.of(table.concept)
        ],
    }


def _rows(table: Table, held: Held, *, personal: bool) -> list[dict[str, Any]]:
    left_out = frozenset() if personal else PERSONAL
    rows = []
    for row in held.of(table.concept):
        cells = {key: value for key, value in as_cells(row).items() if key not in left_out}
        published = cells.pop(PUBLISHED, None)
        said: dict[str, Any] = {"cells": cells}
        if row.code and table.holds != "emissions":
            said["code"] = row.code
        if published:
            said["published"] = published
        rows.append(said)
    return rows


def read_document(content: bytes, template: Template, names: Names) -> Content:
    """Read a JSON document; raises UnreadableFile where it is none of this form."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("This file is larger than %s MB.") % (MOST_BYTES // 1_000_000))
    try:
        held = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        says = _("This file is no JSON: line {line}, character {column} cannot be read.")
        raise UnreadableFile(says.format(line=error.lineno, column=error.colno)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("This file is no JSON that can be read here.")) from error
    if not isinstance(held, dict) or held.get("schema") != SCHEMA:
        raise UnreadableFile(_("This JSON is no contract of the form {form}.").format(form=SCHEMA))
    found = Content()
    _read_version(held.get("version"), found)
    for place, each in enumerate(_list(held.get("texts"))):
        if isinstance(each, dict) and all(isinstance(each.get(name, ""), str) for name in TEXT_HEADS):
            found.texts.append({name: str(each.get(name, "")) for name in TEXT_HEADS})
        else:
            found.refused.append((f"texts[{place}]", _("this is no text of a section")))
    tables = {table.concept: table for table in template.tables}
    given = [each for each in _list(held.get("tables")) if isinstance(each, dict)]
    rank = {concept: place for place, concept in enumerate(ORDER)}
    for each in sorted(given, key=lambda each: rank.get(str(each.get("concept")), len(ORDER))):
        table = tables.get(str(each.get("concept"))) or template.table(str(each.get("code")))
        if table is None:
            text = _("this table is not asked by this contract's standard")
            found.refused.append((f"tables {each.get('code')}", text))
            continue
        for number, row in enumerate(_list(each.get("rows"))):
            _read_row(table, row, f"{table.code}[{number}]", names, found)
    return found


def _list(held: object) -> list[Any]:
    return held if isinstance(held, list) else []


def _read_version(held: object, found: Content) -> None:
    if not isinstance(held, dict):
        return
    for name in VERSION_NAMES:
        value = held.get(name)
        kind = int if name.endswith("year") else str
        if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
            found.version[name] = value
        else:
            found.refused.append(
                (f"version.{name}", _("'{text}' does not belong here").format(text=str(value)[:60]))
            )


def _read_row(table: Table, row: object, place: str, names: Names, found: Content) -> None:
    cells = row.get("cells") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(cells, dict):
        found.refused.append((place, _("this is no row of a table")))
        return
    said: dict[str, Any] = {}
    refused = []
    columns = {column.key: column for column in table.typed}
    for key, value in cells.items():
        if key not in columns:
            found.notes.append(
                (f"{place}.{key}", _("the column '{name}' is not known and is left out").format(name=key))
            )
            continue
        try:
            reading = fitted(table, key, columns[key].kind, _exact(columns[key], value, names))
            said[key] = to_json(reading.value)
            if reading.note:
                found.notes.append((f"{place}.{key}", reading.note))
        except BadCell as error:
            refused.append((f"{place}.{key}", f"{columns[key].title}: {error}"))
    missing = [column.title for column in table.typed if column.is_required and said.get(column.key) is None]
    if missing and not refused:
        refused.append((place, _("the row lacks {columns}").format(columns=", ".join(missing))))
    if refused:
        found.refused += refused
        return
    published = row.get("published")
    kept = {str(key): str(value) for key, value in published.items()} if isinstance(published, dict) else {}
    incoming = Incoming(said, place, str(row.get("code") or "")[:40], kept)
    make_known(table, incoming, names)
    found.rows.setdefault(table.concept, []).append(incoming)


def _exact(column: TemplateColumn, value: Any, names: Names) -> Reading:
    """Read a value of the document: exact for numbers, else as from a cell."""
    if column.kind in NUMBERS and isinstance(value, str):
        try:
            value = from_json(column.kind, value)
        except ArithmeticError:
            raise BadCell(_("'{text}' is not a number").format(text=value[:60])) from None
    return read(column, value, names)


def sheets(version: ContractVersion, template: Template, *, personal: bool = False) -> list[Sheet]:
    """Give the sheets of the workbook: contents, texts, then a sheet for each table, also the empty ones."""
    held = held_by(version, template.tables)
    work_out(held)
    contract = version.contract
    facts = [
        (_("form"), SCHEMA),
        (_("Standard"), template.standard.code),
        (_("Climate contract"), contract.title),
        (_("Version"), str(version.number)),
        *((name, getattr(version, name)) for name in VERSION_NAMES),
        *((table.code, f"{table.title} ({len(held.of(table.concept))})") for table in template.tables),
    ]
    texts = {each.section_id: each for each in version.texts.all()}
    return [
        Sheet(_("Contents"), (Column(_("what")), Column("", width=60)), facts),
        Sheet(
            _("Texts"),
            (Column("section"), Column(_("title")), Column("text", width=60), Column("text_en", width=60)),
            [
                (
                    section.record.code,
                    section.record.title,
                    texts[section.record.pk].text if section.record.pk in texts else "",
                    texts[section.record.pk].text_en if section.record.pk in texts else "",
                )
                for section in template.sections
            ],
        ),
        *(sheet_of(table, held, personal=personal) for table in template.tables),
    ]


def heading(column: TemplateColumn, mark: str = "") -> str:
    """Give a column's heading in a file: title, unit, and a mark where the portal works it out."""
    marked = mark or (_("worked out") if column.kind == COMPUTED else "")
    marks = [unit_label(column.unit) if column.unit else "", marked]
    return " ".join([column.title, *(f"({each})" for each in marks if each)])


def sheet_of(table: Table, held: Held, *, personal: bool) -> Sheet:
    """Give all rows of one table as a sheet."""
    columns = [column for column in table.columns if personal or column.key not in PERSONAL]
    rows = held.of(table.concept)
    printed = [column for column in table.computed if any(column.key in row.published for row in rows)]
    coded = any(row.code for row in rows) and table.holds != "emissions"
    heads = [
        *([Column(_("Code"))] if coded else []),
        *(Column(heading(column), year=column.kind == "year") for column in columns),
        *(Column(heading(column, _("published"))) for column in printed),
    ]
    return Sheet(
        f"{table.code} {table.title}",
        heads,
        [
            [
                *([row.code] if coded else []),
                *(_cell(column, row, held.names) for column in columns),
                *(row.published.get(column.key) for column in printed),
            ]
            for row in rows
        ],
    )


def _cell(column: TemplateColumn, row: Row, names: Names) -> Any:
    value = row.computed.get(column.key) if column.kind == COMPUTED else row.cells.get(column.key)
    if value is None or column.kind in {*NUMBERS, "year", "date", COMPUTED}:
        return value
    if column.kind == "action":
        return names.word_for(str(value))
    return shown(column, value, names)


def read_own_sheets(grids: Iterable[Grid], found: Content) -> list[Grid]:
    """Take the texts and years out of our own workbook; gives the sheets that are tables."""
    held = list(grids)
    first = held[0] if held else None
    if first is None or first.cells.get((2, 2)) != SCHEMA:
        return held
    facts: Mapping[Any, Any] = {
        first.cells.get((row, 1)): first.cells.get((row, 2)) for row in range(2, first.rows + 1)
    }
    _read_version({name: facts.get(name) for name in VERSION_NAMES}, found)
    for row in range(2, held[1].rows + 1) if len(held) > 1 else ():
        code, text, text_en = (held[1].cells.get((row, column)) for column in (1, 3, 4))
        if code and (text or text_en):
            found.texts.append({"section": str(code), "text": str(text or ""), "text_en": str(text_en or "")})
    return held[2:]
