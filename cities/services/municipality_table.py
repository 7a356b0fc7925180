"""Read a table of municipalities (CSV) and say, line by line, what is wrong with it."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

REQUIRED = ("cbs_code", "name", "province_code", "province", "population", "population_year", "lat", "lon")
OPTIONAL = ("common_name", "valid_from", "valid_to", "successor")
CODE = re.compile(r"GM\d{4}")
LATITUDES, LONGITUDES = (50.5, 53.8), (3.2, 7.3)
# There are no more codes than this: a longer table is another table.
MOST_ROWS, MOST_BYTES = 10_000, 5_000_000
PROBLEMS_SHOWN = 50


class BadTable(Exception):
    """The table cannot be taken; `problems` are texts for people, each with its line number."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

    @property
    def shown(self) -> list[str]:
        """The first problems, and how many more there are: nobody reads a hundred thousand lines."""
        more = len(self.problems) - PROBLEMS_SHOWN
        rest = [_("and {number} more problems").format(number=more)] if more > 0 else []
        return self.problems[:PROBLEMS_SHOWN] + rest


@dataclass(frozen=True)
class Row:
    """One municipality as a table gives it; None where the table says nothing."""

    code: str
    name: str
    province_code: str
    province: str
    population: int | None
    population_year: int | None
    lat: float | None
    lon: float | None
    common_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    line: int = 0


def read_bytes(path: Path) -> bytes:
    """Give the content of a table's file; raises OSError, and BadTable when it is far too large to be one."""
    if path.stat().st_size > MOST_BYTES:
        text = _("the file is larger than {size} MB: that is no table of municipalities")
        raise BadTable([text.format(size=MOST_BYTES // 1_000_000)])
    return path.read_bytes()


def decode(content: bytes) -> str:
    """Give the text of a file; raises BadTable when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        text = _("line {line}: this is not UTF-8 text; save the table as 'CSV UTF-8'")
        raise BadTable([text.format(line=line)]) from error


def read_table(text: str) -> list[Row]:
    """Read a whole table; raises BadTable with every problem found."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames or []
        _check_header(header)
        lines = [(reader.line_num, record) for record in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        raise BadTable([_("line {line}: {error}").format(line=reader.reader.line_num, error=error)]) from error
    if len(lines) > MOST_ROWS:
        text = _("line {line}: more than {number} rows; there are not so many codes")
        raise BadTable([text.format(line=lines[-1][0], number=MOST_ROWS)])
    problems: list[str] = []
    rows = [_read_line(number, record, problems) for number, record in lines]
    good = [row for row in rows if row is not None]
    _check_codes([(number, record.get("cbs_code") or "") for number, record in lines], problems)
    if not lines:
        problems.append(_("line 1: the table has no rows"))
    if problems:
        raise BadTable(problems)
    return good


def _check_header(header: Any) -> None:
    for delimiter, name in ((";", _("semicolons")), ("\t", _("tabs")), ("|", _("vertical bars"))):
        if len(header) == 1 and delimiter in header[0]:
            text = _("line 1: the columns are separated by {name}; separate them by commas")
            raise BadTable([text.format(name=name)])
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column not in REQUIRED + OPTIONAL]
    if missing:
        raise BadTable([_("line 1: these columns are missing: {names}").format(names=", ".join(missing))])
    if unknown:
        raise BadTable([_("line 1: these columns are unknown: {names}").format(names=", ".join(unknown))])


def _check_codes(codes: list[tuple[int, str]], problems: list[str]) -> None:
    seen: dict[str, int] = {}
    for number, code in codes:
        if code in seen:
            text = _("line {line}: {code} stands on line {first} already")
            problems.append(text.format(line=number, code=code, first=seen[code]))
        seen.setdefault(code, number)


def _read_line(number: int, record: Mapping[Any, Any], problems: list[str]) -> Row | None:
    if None in record or None in record.values():
        problems.append(_("line {line}: this line has more or fewer columns than the first").format(line=number))
        return None
    values: dict[str, Any] = {}
    found = 0
    for column, read in COLUMNS.items():
        text = (record.get(column) or "").strip()
        try:
            values["code" if column == "cbs_code" else column] = read(text)
        except ValueError as error:
            found += 1
            problem = _("line {line}, {column}: {error}, not '{value}'")
            problems.append(problem.format(line=number, column=column, error=error, value=text[:60]))
    if found:
        return None
    row = Row(**values, line=number)
    inconsistencies = _inconsistencies(row)
    problems += [_("line {line}: {error}").format(line=number, error=error) for error in inconsistencies]
    return None if inconsistencies else row


def _inconsistencies(row: Row) -> list[str]:
    found = []
    if (row.lat is None) != (row.lon is None):
        found.append(_("give both lat and lon, or neither"))
    if (row.population is None) != (row.population_year is None):
        found.append(_("give both population and population_year, or neither"))
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        found.append(_("valid_to lies before valid_from"))
    if row.successor == row.code:
        found.append(_("a municipality cannot be its own successor"))
    return found


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError(_("expected GM with four digits"))
    return text


def _optional_code(text: str) -> str:
    return _code(text) if text else ""


def _text(longest: int, *, required: bool = True) -> Callable[[str], str]:
    def read(text: str) -> str:
        if required and not text:
            raise ValueError(_("expected a text"))
        if len(text) > longest or "\x00" in text:
            raise ValueError(_("expected at most {longest} characters").format(longest=longest))
        return text

    return read


def _whole_number(lowest: int, highest: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and lowest <= int(text[:12]) <= highest):
            message = _("expected a whole number from {lowest} to {highest}")
            raise ValueError(message.format(lowest=lowest, highest=highest))
        return int(text)

    return read


def _degrees(lowest: float, highest: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        message = _("expected degrees from {lowest} to {highest}").format(lowest=lowest, highest=highest)
        try:
            value = float(text)
        except ValueError:
            raise ValueError(message) from None
        if not lowest <= value <= highest:
            raise ValueError(message)
        return value

    return read


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("expected a date such as 2022-01-01")) from None


COLUMNS: Mapping[str, Callable[[str], Any]] = {
    "cbs_code": _code,
    "name": _text(100),
    "common_name": _text(100, required=False),
    "province_code": _text(4),
    "province": _text(40),
    "population": _whole_number(0, 30_000_000),
    "population_year": _whole_number(1900, 2200),
    "lat": _degrees(*LATITUDES),
    "lon": _degrees(*LONGITUDES),
    "valid_from": _day,
    "valid_to": _day,
    "successor": _optional_code,
}
