"""What a table to take along consists of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | datetime | None

# Characters that no spreadsheet and no XML can hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Column:
    """One column: its heading, how many decimals its numbers show (None: as they are), its width in characters.

    A year is a number without separators: `year=True`.
    """

    head: str
    decimals: int | None = None
    width: float | None = None
    year: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, its columns and its rows; `note` (a source, say) stands under the rows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    note: str = ""


def clean(text: str) -> str:
    """Take out what no spreadsheet can hold."""
    return CONTROL.sub("", text)


def looks_like_formula(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula."""
    return text.startswith(FORMULA_STARTS)
