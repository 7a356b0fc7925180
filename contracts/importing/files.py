"""The formats of emission files: exports of Klimaatmonitor and Emissieregistratie, and a plain table."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from contracts.figures import FACTORS
from contracts.importing.rows import (
    FileRows,
    RowReason,
    TakenRow,
    UnreadableFile,
    number,
    own_sector,
    sector_of,
    year,
)

MOST_BYTES = 100_000_000
CO2 = "CO₂"
MAIN_SECTORS = "CO2-uitstoot per hoofdsector"
DASHBOARD = ("Tegel", "Indicator", "Eenheid", "Periode", "regio / dimensie", "Waarde")
TABLE = ("municipality", "year", "sector", "value", "unit")
# Units of a plain table, and other ways to write them.
MASSES = tuple(unit for unit in FACTORS if unit != "%")
ALIASES = {"t": "ton", "kt": "kton", "Mt": "Mton"}
INVENTORY = ("Stof", "Code_gebied", "Gebied", "Sector", "Jaar", "Emissie", "Eenheid", "Dataset")
GASES = (
    ("koolstofdioxide", CO2),
    ("co2", CO2),
    ("methaan", "CH₄"),
    ("distikstofoxide", "N₂O"),
    ("lachgas", "N₂O"),
)


def read_file(path: Path, form: str) -> FileRows:
    """Read a file of one of the `FORMATS`; raises UnreadableFile, OSError, and KeyError for another format."""
    reader = FORMATS[form]
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableFile(_("the file is larger than {size} MB").format(size=MOST_BYTES // 1_000_000))
    return reader(path)


def _text(path: Path) -> str:
    """Give a file's text: UTF-8 with or without a byte order mark, else Windows-1252 as older exports have."""
    content = path.read_bytes()
    if b"\0" in content[:1000]:
        raise UnreadableFile(_("this is no text file"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise UnreadableFile(_("this is neither UTF-8 nor Windows-1252 text")) from None


def _delimiter(text: str) -> str:
    """Tell what stands between columns: labels have commas in them, so a comma only where there is no other."""
    first = text.split("\n", 1)[0]
    return next((mark for mark in ";\t" if mark in first), ",")


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of a CSV file with the line in which each begins; the first row tells the delimiter."""
    text = _text(path)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(_("line {line}: {error}").format(line=line, error=error)) from None


def _header(rows: Iterator[tuple[int, list[str]]], needed: tuple[str, ...]) -> list[str]:
    head = [name.strip() for name in next(rows, (1, []))[1]]
    missing = [name for name in needed if name not in head]
    if missing:
        says = _("the first line lacks the columns {names}; is this another format, or another delimiter?")
        raise UnreadableFile(says.format(names=", ".join(missing)))
    return head


def _each(
    rows: Iterator[tuple[int, list[str]]], head: list[str], found: FileRows
) -> Iterator[tuple[int, Mapping[str, str]]]:
    for line, row in rows:
        if len(row) != len(head):
            text = _("{number} columns instead of {wanted}").format(number=len(row), wanted=len(head))
            found.refused.append(RowReason(line, text))
        else:
            yield line, dict(zip(head, row, strict=True))


def dashboard(path: Path) -> FileRows:
    """Read a dashboard of the Klimaatmonitor: a row per indicator, year and area, areas by name."""
    found, rows = FileRows(), _lines(path)
    head = _header(rows, DASHBOARD)
    for line, row in _each(rows, head, found):
        if row["Tegel"] != MAIN_SECTORS:
            text = _("not one of the main sectors: {tile}").format(tile=row["Tegel"])
            found.passed.append(RowReason(line, text))
        else:
            _take(
                found,
                line,
                row["regio / dimensie"],
                row["Indicator"],
                row["Periode"],
                row["Waarde"],
                row["Eenheid"],
            )
    return found


def matrix(path: Path) -> FileRows:
    """Read a matrix of the Klimaatmonitor: a row per municipality, a column per indicator and year, in tons."""
    found, rows = FileRows(), _lines(path)
    head = _header(rows, ("Gemeenten",))
    columns = [name.rsplit("|", 1) for name in head[1:]]
    if head[0] != "Gemeenten" or not columns or any(len(column) != 2 for column in columns):
        raise UnreadableFile(_("the columns are not called 'indicator|year'; is this another format?"))
    for line, row in _each(rows, head, found):
        for (label, when), value in zip(columns, list(row.values())[1:], strict=False):
            _take(found, line, row["Gemeenten"], label, when, value, "ton")
    return found


def _take(found: FileRows, line: int, area: str, label: str, when: str, value: str, unit: str) -> None:
    sector = sector_of(label)
    try:
        if sector is None:
            raise ValueError(_("the indicator '{label}' is not known").format(label=label))
        if unit not in FACTORS:
            raise ValueError(_("the unit '{unit}' is not known").format(unit=unit))
        scope = "1+2"
        taken = TakenRow(line, area.strip(), sector, label.strip(), year(when), number(value), unit, CO2, scope)
    except ValueError as error:
        found.refused.append(RowReason(line, f"{area}: {error}"))
    else:
        found.taken.append(taken)


def inventory(path: Path) -> FileRows:
    """Read an export of the Emissieregistratie (XLSX): areas by CBS number, kg, one data set per file."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError):
        raise UnreadableFile(_("this is no XLSX file")) from None
    try:
        if "Emissies" not in book.sheetnames:
            raise UnreadableFile(_("the workbook has no sheet 'Emissies'"))
        sheet: Any = book["Emissies"]
        # Excel's own note of the size is wrong in these exports.
        sheet.reset_dimensions()
        return _inventory_rows(sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _inventory_rows(rows: Iterator[tuple[Any, ...]]) -> FileRows:
    found = FileRows()
    head = [str(name or "").strip() for name in next(rows, ())]
    missing = [name for name in INVENTORY if name not in head]
    if missing:
        raise UnreadableFile(_("the sheet lacks the columns {names}").format(names=", ".join(missing)))
    releases = set()
    for line, values in enumerate(rows, start=2):
        if not any(values):
            continue
        row = dict(zip(head, values, strict=False))
        releases.add(str(row["Dataset"] or ""))
        code = str(row["Code_gebied"] or "").strip().removesuffix(".0")
        if not re.fullmatch(r"\d{1,4}", code):
            found.passed.append(RowReason(line, _("{area} is no municipality").format(area=row["Gebied"] or "?")))
            continue
        try:
            unit = str(row["Eenheid"] or "").strip()
            if unit not in FACTORS:
                raise ValueError(_("the unit '{unit}' is not known").format(unit=unit))
            label = str(row["Sector"] or "").strip()
            found.taken.append(
                TakenRow(
                    line,
                    f"GM{int(code):04d}",
                    own_sector(label),
                    label,
                    year(row["Jaar"]),
                    number(row["Emissie"]),
                    unit,
                    _gas(str(row["Stof"] or "")),
                    "1",
                )
            )
        except ValueError as error:
            found.refused.append(RowReason(line, f"{row['Gebied']}: {error}"))
    if len(releases) > 1:
        text = _("the file mixes the data sets {names}; every release recalculates the whole series")
        raise UnreadableFile(text.format(names=", ".join(sorted(releases))))
    found.release = next(iter(releases), "")
    return found


def _gas(name: str) -> str:
    plain = name.casefold()
    return next((gas for word, gas in GASES if word in plain), name.strip()[:30] or CO2)


def table(path: Path) -> FileRows:
    """Read a plain table: municipality (code or name), year, sector, value, unit, and if need be gas and scope.

    In a table with commas between its columns '1.234' has decimals, in one with semicolons it is Dutch: 1234.
    """
    found, rows = FileRows(), _lines(path)
    point = _delimiter(_text(path)) == ","
    head = _header(rows, TABLE)
    for line, row in _each(rows, head, found):
        try:
            unit = ALIASES.get(row["unit"].strip(), row["unit"].strip())
            if unit not in MASSES:
                says = _("the unit '{unit}' is not known; known are {units}")
                raise ValueError(says.format(unit=row["unit"], units=", ".join(MASSES)))
            if not row["municipality"].strip():
                raise ValueError(_("the municipality is missing"))
            if not row["sector"].strip():
                raise ValueError(_("the sector is missing"))
            label = row["sector"].strip()
            found.taken.append(
                TakenRow(
                    line,
                    row["municipality"].strip(),
                    "total" if label.casefold() in {"total", "totaal"} else sector_of(label) or own_sector(label),
                    label,
                    year(row["year"]),
                    number(row["value"], point=point),
                    unit,
                    row.get("gas", "").strip()[:30] or CO2,
                    row.get("scope", "").strip()[:12],
                )
            )
        except ValueError as error:
            found.refused.append(RowReason(line, str(error)))
    return found


FORMATS: Mapping[str, Callable[[Path], FileRows]] = {
    "klimaatmonitor-dashboard": dashboard,
    "klimaatmonitor-matrix": matrix,
    "emissieregistratie": inventory,
    "table": table,
}
