"""Files as grids of cells with their addresses: XLSX, CSV, and what somebody pastes out of a spreadsheet."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from nss_portal.core.files.kinds import is_bomb

MOST_ROWS = 5000  # in a sheet
MOST_COLUMNS = 200
MOST_SHEETS = 80
MERGED = re.compile(rb'<mergeCell[^>]*\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
LARGEST_SHEET = 100_000_000  # bytes, unpacked


class UnreadableFile(Exception):
    """The file as a whole cannot be taken; the text says why and what to do."""


@dataclass
class Grid:
    """A sheet: its cells by row and column (from 1), and what is special about some of them."""

    name: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    # Formulas: with the result that the spreadsheet worked out last (None: it never did).
    formulas: dict[tuple[int, int], Any] = field(default_factory=dict)
    # Cells whose value is that of the merged cell above them.
    filled: set[tuple[int, int]] = field(default_factory=set)
    rows: int = 0
    # Why the sheet is left out as a whole.
    refused: str = ""

    def address(self, row: int, column: int) -> str:
        """Give the address as people say it: 'Blad1!C7'; of what was pasted only 'C7'."""
        place = f"{get_column_letter(column)}{row}"
        return f"{self.name}!{place}" if self.name else place

    def row(self, number: int) -> dict[int, Any]:
        """Give the filled cells of a row by column."""
        return self.by_row().get(number, {})

    def by_row(self) -> dict[int, dict[int, Any]]:
        """Give all filled cells by row, worked out once."""
        held: dict[int, dict[int, Any]] | None = self.__dict__.get("_by_row")
        if held is None:
            held = {}
            for (row, column), value in sorted(self.cells.items()):
                held.setdefault(row, {})[column] = value
            self.__dict__["_by_row"] = held
        return held


def read_grids(content: bytes, name: str) -> list[Grid]:
    """Read the sheets of an XLSX or CSV file; raises UnreadableFile."""
    ending = PurePosixPath(name).suffix.lower()
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content, ending)
    if ending in {".xls", ".xlsb"} or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(_("This is an old or locked workbook. Save it as XLSX, without a password."))
    if ending in {".csv", ".txt", ".tsv"}:
        return [_csv(content, PurePosixPath(name).stem)]
    raise UnreadableFile(_("This file is no XLSX, CSV or JSON."))


def _workbook(content: bytes, ending: str) -> list[Grid]:
    if is_bomb(content):
        raise UnreadableFile(_("This file would unpack to far more than it says, so it is not opened."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.namelist()
            if ending == ".xlsm" or any("vbaproject" in part.lower() for part in parts):
                raise UnreadableFile(_("This workbook has a macro in it. Save it as XLSX without macros."))
            results = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
            return list(_sheets(archive, results, formulas))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        SyntaxError,
        OSError,
    ) as error:
        raise UnreadableFile(_("This file is damaged or no XLSX. Open it and save it again as XLSX.")) from error


def _sheets(archive: zipfile.ZipFile, results: Any, formulas: Any) -> Iterator[Grid]:
    names = results.sheetnames
    if len(names) > MOST_SHEETS:
        raise UnreadableFile(
            _("This workbook has {number} sheets; at most {most} are read.").format(
                number=len(names), most=MOST_SHEETS
            )
        )
    for name in names:
        sheet = results[name]
        if not hasattr(sheet, "iter_rows"):
            continue  # a sheet that is a chart
        yield _sheet(archive, name, sheet, formulas[name])


def _sheet(archive: zipfile.ZipFile, name: str, sheet: Any, formulas: Any) -> Grid:
    grid = Grid(name)
    # Excel's own note of the size is wrong in some exports.
    sheet.reset_dimensions()
    formulas.reset_dimensions()
    for values, written in zip(sheet.iter_rows(), formulas.iter_rows(), strict=False):
        for value, source in zip(values, written, strict=False):
            if source.value is None or source.column > MOST_COLUMNS:
                continue
            place = (source.row, source.column)
            grid.rows = max(grid.rows, source.row)
            grid.cells[place] = value.value
            if source.data_type == "f":
                grid.formulas[place] = value.value
        if grid.rows > MOST_ROWS:
            return Grid(
                name,
                rows=grid.rows,
                refused=_("has more than {most} rows; keep the rows of the contract and take out the rest").format(
                    most=MOST_ROWS
                ),
            )
    _fill_merged(archive, sheet, grid)
    return grid


def _fill_merged(archive: zipfile.ZipFile, sheet: Any, grid: Grid) -> None:
    """Give each cell of a cell that is merged downwards the value that people see there."""
    path = getattr(sheet, "_worksheet_path", "")
    if not path or archive.getinfo(path).file_size > LARGEST_SHEET:
        return
    for match in MERGED.findall(archive.read(path)):
        left, top, right, bottom = range_boundaries(match.decode())
        if None in (left, top, right, bottom) or bottom == top or bottom > MOST_ROWS:
            continue
        value = grid.cells.get((top, left))
        if value is None:
            continue
        for row in range(top + 1, bottom + 1):
            if (row, left) not in grid.cells:
                grid.cells[row, left] = value
                grid.filled.add((row, left))
                grid.rows = max(grid.rows, row)


def _csv(content: bytes, name: str) -> Grid:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise UnreadableFile(_("This is neither UTF-8 nor Windows-1252 text.")) from None
    if "\0" in text[:1000]:
        raise UnreadableFile(_("This is no text file."))
    first = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=first.count)
    return _lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), name)


def pasted(text: str) -> Grid:
    """Read what somebody copied out of a spreadsheet: tabs between cells; quotes around cells of several lines."""
    return _lines(csv.reader(io.StringIO(text, newline=""), delimiter="\t"), "")


def _lines(reader: Any, name: str) -> Grid:
    grid = Grid(name)
    csv.field_size_limit(1_000_000)
    try:
        for number, row in enumerate(reader, start=1):
            if number > MOST_ROWS:
                text = _("has more than {most} rows; keep the rows of the contract and take out the rest")
                return Grid(name, rows=number, refused=text.format(most=MOST_ROWS))
            for column, value in enumerate(row[:MOST_COLUMNS], start=1):
                if value.strip():
                    grid.cells[number, column] = _unguarded(value)
                    grid.rows = number
    except csv.Error as error:
        raise UnreadableFile(_("This text has a fault in it: {error}.").format(error=error)) from None
    return grid


def _unguarded(value: str) -> str:
    """Take away the apostrophe that keeps a spreadsheet from reading a text as a formula."""
    return value[1:] if re.match(r"'[=+\-@\t\r\n]", value) else value


def checked_upload(upload: Any, limit: int) -> tuple[bytes, str]:
    """Give the content and name of what somebody sent; raises ValidationError."""
    from nss_portal.core.files.scanner import scan

    if (upload.size or 0) > limit:
        raise ValidationError(_("This file is larger than %s MB.") % (limit // 1_000_000))
    content = upload.read()
    if not content:
        raise ValidationError(_("This file is empty."))
    scan(content)
    return content, upload.name or ""
