"""What a file of emission figures comes down to, and how its numbers and sectors are read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify
from django.utils.translation import gettext as _

from contracts.figures import FACTORS

# What sources write where they publish no value. One copier of the Klimaatmonitor wrote -1 for '?'.
SUPPRESSED = frozenset({"", "?", "-", "x", "-1", "."})
FIRST_YEAR, LAST_YEAR = 1985, 2100
# Labels change from year to year: a sector is known by words that stay, never by its exact text.
SECTORS = (
    (re.compile(r"totaal bekende co.?-uitstoot"), "total"),
    (re.compile(r"gebouwde omgeving"), "built"),
    (re.compile(r"verkeer en vervoer"), "mobility"),
    (re.compile(r"industrie,? energie,? afval"), "industry_energy_waste"),
    (re.compile(r"landbouw"), "agriculture"),
)
# Totals of the Klimaatmonitor are rounded to hundreds of tons: of 234 complete rows of 2019, 225 are within this.
TOTAL_MAY_DIFFER_KT = Decimal("0.2")
DUTCH_NUMBER = re.compile(r"^-?(\d{1,3}(\.\d{3})+(,\d+)?|\d*,\d+)$")
PLAIN_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class TakenRow:
    """One number of one area, sector and year; `printed` is as in the file, empty where nothing is published.

    `area` is a code (GM0363) or, where the source gives none, a name.
    """

    line: int
    area: str
    sector: str
    sector_label: str
    year: int
    printed: str
    unit: str
    gas: str
    scope: str = ""
    status: str = ""


@dataclass(frozen=True)
class RowReason:
    """A row that is refused or passed over: its line in the file, and why."""

    line: int
    reason: str


@dataclass
class FileRows:
    """All rows of a file; `release` is the data set's own name where the file says it."""

    taken: list[TakenRow] = field(default_factory=list)
    passed: list[RowReason] = field(default_factory=list)
    refused: list[RowReason] = field(default_factory=list)
    release: str = ""


class UnreadableFile(Exception):
    """The file is none of this format at all."""


def sector_of(label: str) -> str | None:
    """Give the main sector that an indicator's label means, or None."""
    plain = label.casefold()
    return next((code for pattern, code in SECTORS if pattern.search(plain)), None)


def own_sector(label: str) -> str:
    """Make a code of a sector that only one source knows."""
    return slugify(label)[:40] or "other"


def number(text: object, *, point: bool = False) -> str:
    """Read a number as published, with a point before its decimals: '1.234,5' gives '1234.5', '?' gives ''.

    With `point` a point comes before decimals and never between thousands: so write interfaces and Excel itself.

    Raises ValueError for what is no number, or is below 0.
    """
    plain = str(text if text is not None else "").strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    if plain.casefold() in SUPPRESSED:
        return ""
    if not (point or isinstance(text, (int, float))) and DUTCH_NUMBER.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        # '1,234.5' is not Dutch, and Decimal knows marks ('1_000', other scripts) that no source writes.
        if not PLAIN_NUMBER.fullmatch(plain):
            raise InvalidOperation
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(_("'{text}' is not a number").format(text=text)) from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12:
        raise ValueError(_("'{text}' is not a number").format(text=text))
    if value < 0:
        raise ValueError(_("{text} is below 0").format(text=text))
    return f"{value:f}"


def year(text: object) -> int:
    """Read a year, also one that is written as text; raises ValueError."""
    plain = str(text if text is not None else "").strip().removesuffix(".0").removesuffix("JJ00")
    if not (plain.isascii() and plain.isdigit() and FIRST_YEAR <= int(plain) <= LAST_YEAR):
        raise ValueError(_("'{text}' is not a year").format(text=text))
    return int(plain)


def doubles(placed: Iterable[tuple[int, TakenRow]]) -> list[tuple[TakenRow, int]]:
    """Give the rows that say the same place, sector, gas, scope, unit and year as an earlier one, with its line.

    `placed` ties each row to its municipality (primary key): a code and a name may mean the same one.
    """
    seen: dict[tuple[int, str, str, str, str, int], int] = {}
    found = []
    for place, row in placed:
        key = (place, row.sector, row.gas, row.scope, row.unit, row.year)
        if key in seen:
            found.append((row, seen[key]))
        seen.setdefault(key, row.line)
    return found


def odd_totals(rows: Iterable[TakenRow]) -> list[RowReason]:
    """Give the totals that differ from the sum of their sectors by more than rounding; they are taken as they are.

    Only where every sector of an area, year, gas and scope is published: what is missing is never derived.
    """
    groups: dict[tuple[str, int, str, str], dict[str, TakenRow]] = {}
    for row in rows:
        groups.setdefault((row.area, row.year, row.gas, row.scope), {})[row.sector] = row
    found = []
    for (area, when, _gas, _scope), sectors in groups.items():
        total = sectors.pop("total", None)
        if total is None or not total.printed or len(sectors) < 2 or not all(r.printed for r in sectors.values()):
            continue
        summed, printed = sum((_kilotons(row) for row in sectors.values()), Decimal()), _kilotons(total)
        if abs(summed - printed) > TOTAL_MAY_DIFFER_KT:
            text = _("{area} {year}: the total is {total} kt, its sectors add up to {sum} kt")
            says = text.format(
                area=area, year=when, total=f"{printed.normalize():f}", sum=f"{summed.normalize():f}"
            )
            found.append(RowReason(total.line, says))
    return found


def _kilotons(row: TakenRow) -> Decimal:
    return Decimal(row.printed) * FACTORS[row.unit]
