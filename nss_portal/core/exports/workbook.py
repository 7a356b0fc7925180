"""XLSX: real numbers and dates, a heading that stays, texts that are never formulas."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from django.utils import timezone
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from nss_portal.core.exports.sheets import Cell, Column, Sheet, clean, looks_like_formula

LONGEST = 32_767  # characters in a cell
NARROWEST, WIDEST = 9.0, 60.0
HEAD_FONT = Font(bold=True, color="FFFFFF")
HEAD_FILL = PatternFill("solid", fgColor="0B5F66")
HEAD_ALIGNMENT = Alignment(vertical="top", wrap_text=True)


def xlsx(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """Write sheets as one workbook; raises ValueError without any sheet, or for a row of another length."""
    if not sheets:
        raise ValueError("a workbook has at least one sheet")
    filled = [(sheet, [tuple(row) for row in sheet.rows]) for sheet in sheets]
    for sheet, rows in filled:
        if any(len(row) != len(sheet.columns) for row in rows):
            raise ValueError(f"{sheet.title}: a row has not as many cells as there are columns")
    book = openpyxl.Workbook(write_only=True)
    book.properties.title = clean(title)
    book.properties.creator = ""
    names: set[str] = set()
    for sheet, rows in filled:
        name = _sheet_name(sheet.title, names)
        names.add(name.lower())
        _write(book.create_sheet(name), sheet, rows)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    """Give a name that Excel takes: 31 characters, none of []:*?/\\, not twice."""
    base = re.sub(r"[\[\]:*?/\\]+", " ", clean(title)).strip(" '")[:31] or "Blad"
    name, number = base, 2
    while name.lower() in taken:
        name = f"{base[:27]} ({number})"
        number += 1
    return name


def _write(target: WriteOnlyWorksheet, sheet: Sheet, rows: Sequence[Sequence[Cell]]) -> None:
    for number, column in enumerate(sheet.columns):
        target.column_dimensions[get_column_letter(number + 1)].width = column.width or _width(
            column, rows, number
        )
    target.freeze_panes = "A2"
    target.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"
    target.append(_head(target, sheet.columns))
    for row in rows:
        cells = zip(row, sheet.columns, strict=True)
        target.append([_cell(target, value, column) for value, column in cells])
    if sheet.note:
        target.append([])
        target.append([_cell(target, sheet.note, Column(""))])


def _width(column: Column, rows: Sequence[Sequence[Cell]], number: int) -> float:
    """Give a width in which heading and the first hundred rows fit."""
    longest = max([len(column.head), *(len(str(row[number] or "")) for row in rows[:100])])
    return min(max(longest * 1.1 + 2, NARROWEST), WIDEST)


def _head(target: WriteOnlyWorksheet, columns: Sequence[Column]) -> Iterator[WriteOnlyCell]:
    for column in columns:
        cell = _cell(target, column.head, column)
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, HEAD_ALIGNMENT
        yield cell


def _cell(target: WriteOnlyWorksheet, value: Cell, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(target)
    match value:
        case None:
            return cell
        case str():
            cell.value = clean(value)[:LONGEST]
            cell.data_type = "s"  # openpyxl would make a formula of what begins with '='
            cell.quotePrefix = looks_like_formula(value)
        case bool():
            cell.value = value
        case int() | float() | Decimal():
            cell.value = value
            cell.number_format = _number_format(value, column)
        case datetime():
            cell.value = timezone.make_naive(value) if timezone.is_aware(value) else value
            cell.number_format = "d mmm yyyy hh:mm"
        case date():
            cell.value = value
            cell.number_format = "d mmm yyyy"
    return cell


def _number_format(value: int | float | Decimal, column: Column) -> str:
    """Give the number format; Excel itself shows points and commas as its reader's country has them."""
    if column.year:
        return "0"
    if column.decimals is not None:
        return "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
    return "#,##0" if value == int(value) else "#,##0.##"
