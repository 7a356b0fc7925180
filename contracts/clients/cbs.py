"""The OData interface of Statistics Netherlands (CBS), version 3, and inhabitants out of it.

It cuts its answers off unless they come by the feed, which pages. Codes of regions are padded with blanks,
and names of columns end in a number that shifts: columns are known by what stands before it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from contracts.clients.http import Garbled, JsonService
from contracts.importing.rows import RowReason, number, year

TABLE = re.compile(r"^[A-Za-z0-9]{3,20}$")
MUNICIPALITY = re.compile(r"^GM\d{4}$")
INHABITANTS = "TotaleBevolking"


def _checked(table: str) -> str:
    if not TABLE.match(table):
        raise ValueError(f"{table!r} is no table of CBS")
    return table


@dataclass(frozen=True)
class Property:
    """A column of a table of version 3."""

    key: str
    title: str
    kind: str
    unit: str


class CbsV3:
    """Tables of version 3 by the feed; every method raises ServiceError."""

    def __init__(self, service: JsonService) -> None:
        self._service = service

    def properties(self, table: str) -> list[Property]:
        """Give the columns of a table."""
        rows = self._service.rows(f"{_checked(table)}/DataProperties", {"$format": "json"})
        return [
            Property(
                str(row.get("Key") or ""),
                str(row.get("Title") or ""),
                str(row.get("Type") or ""),
                str(row.get("Unit") or ""),
            )
            for row in rows
        ]

    def typed(self, table: str, *, select: str = "", where: str = "") -> Iterator[dict[str, Any]]:
        """Give the rows of a table with their texts stripped; `select` and `where` as in OData."""
        fields = {"$format": "json"}
        if select:
            fields["$select"] = select
        if where:
            fields["$filter"] = where
        for row in self._service.rows(f"{_checked(table)}/TypedDataSet", fields):
            yield {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}


@dataclass(frozen=True)
class Inhabitants:
    """The number of inhabitants of a municipality on the first of January of a year."""

    line: int
    code: str
    year: int
    number: int


@dataclass
class InhabitantRows:
    """What an answer on inhabitants comes down to."""

    taken: list[Inhabitants] = field(default_factory=list)
    passed: list[RowReason] = field(default_factory=list)
    refused: list[RowReason] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)


def inhabitants(client: CbsV3, *, table: str, first_year: int, last_year: int) -> InhabitantRows:
    """Ask for the inhabitants of all municipalities, a question per year; raises ServiceError."""
    column = next((each.key for each in client.properties(table) if each.key.split("_")[0] == INHABITANTS), None)
    if column is None:
        raise Garbled(_("table {table} has no column {name}").format(table=table, name=INHABITANTS))
    rows, line = InhabitantRows(), 0
    for each in range(first_year, last_year + 1):
        where = f"Perioden eq '{each}JJ00' and substringof('GM',RegioS)"
        for row in client.typed(table, select=f"RegioS,Perioden,{column}", where=where):
            line += 1
            _count(rows, line, row, column, asked=each)
    return rows


def _count(rows: InhabitantRows, line: int, row: Mapping[str, Any], column: str, *, asked: int) -> None:
    code = str(row.get("RegioS") or "")
    if not MUNICIPALITY.match(code):
        rows.passed.append(RowReason(line, _("{area} is no municipality").format(area=code or "?")))
        return
    try:
        when, text = year(row.get("Perioden")), number(row.get(column), point=True)
        if when != asked:
            raise ValueError(_("{year} was not asked for").format(year=when))
        if (code, when) in rows.seen:
            raise ValueError(_("{year} is there twice").format(year=when))
        if text and "." in text and text.rstrip("0")[-1] != ".":
            raise ValueError(_("'{text}' is not a whole number").format(text=text))
    except ValueError as error:
        rows.refused.append(RowReason(line, f"{code}: {error}"))
        return
    rows.seen.add((code, when))
    if text:
        rows.taken.append(Inhabitants(line, code, when, int(float(text))))
    else:
        # A municipality that is gone has rows without a number.
        rows.passed.append(RowReason(line, _("{area} has no number in {year}").format(area=code, year=when)))
