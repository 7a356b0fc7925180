"""Read the parts of a document one by one, and gather every fault with its place."""

import math
import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

YEAR = re.compile(r"^[0-9]{4}$")
LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 1900, 2300
C = TypeVar("C", bound=str)


class CaseFaults(ValueError):
    """A document cannot be calculated; `faults` has a line for each fault, with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Reader:
    """One object of a document, its place in it (`measures[3].effects[0]`), and the faults found so far.

    Each method gives the checked value; after a fault it notes it and gives a harmless one, so that reading goes
    on.
    """

    def __init__(self, value: Any, place: str, faults: list[str]) -> None:
        self.place = place
        self.faults = faults
        self.fields: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.fault("", "is not an object")

    def at(self, name: str) -> str:
        """Give the place of a field."""
        return f"{self.place}.{name}" if self.place and name else self.place or name

    def fault(self, name: str, says: str) -> None:
        """Note a fault of a field, or of the object itself when the name is empty."""
        self.faults.append(f"{self.at(name) or 'case'}: {says}")

    def only(self, known: Collection[str]) -> None:
        """Note every field that is not known."""
        for name in self.fields:
            if name not in known:
                self.fault(name, "is not known")

    def has(self, name: str) -> bool:
        """Say whether a field is given; an explicit null counts as left out."""
        return self.fields.get(name) is not None

    def child(self, name: str) -> "Reader":
        """Read a field that is an object itself."""
        return Reader(self.fields[name], self.at(name), self.faults)

    def children(self, name: str) -> list["Reader"]:
        """Read a field that is a list of objects; none when it is left out."""
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(name, "is not a list")
            return []
        return [Reader(item, f"{self.at(name)}[{index}]", self.faults) for index, item in enumerate(value)]

    def text(self, name: str, *, required: bool = True) -> str:
        """Read a short text."""
        if not self.has(name):
            if required:
                self.fault(name, "is missing")
            return ""
        value = self.fields[name]
        if not isinstance(value, str) or not value.strip():
            self.fault(name, f"{_shown(value)} is not a text")
            return ""
        if len(value) > LONGEST_TEXT:
            self.fault(name, f"is longer than {LONGEST_TEXT} characters")
        return value

    def choice(self, name: str, known: Collection[C], default: C | None = None) -> C | None:
        """Read one of a few words."""
        if not self.has(name):
            if default is None:
                self.fault(name, "is missing")
            return default
        value = self.fields[name]
        for word in known:
            if value == word:
                return word
        self.fault(name, f"{_shown(value)} is not one of {', '.join(known)}")
        return default

    def number(
        self,
        name: str,
        default: float | None = None,
        *,
        lowest: float = 0.0,
        highest: float = math.inf,
        above: float | None = None,
    ) -> float:
        """Read a finite number from `lowest` to `highest`, or above `above`."""
        if not self.has(name):
            if default is None:
                self.fault(name, "is missing")
                return lowest
            return default
        fault = number_fault(self.fields[name], lowest, highest, above)
        if fault:
            self.fault(name, fault)
            return lowest if default is None else default
        return float(self.fields[name])

    def optional(
        self, name: str, *, lowest: float = 0.0, highest: float = math.inf, above: float | None = None
    ) -> float | None:
        """Read a number as `number` does, None when it is left out."""
        if not self.has(name):
            return None
        return self.number(name, lowest=lowest, highest=highest, above=above)

    def year(self, name: str, default: int | None = None) -> int | None:
        """Read a whole year."""
        if not self.has(name):
            if default is None:
                self.fault(name, "is missing")
            return default
        value = self.fields[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value or value % 1:
            self.fault(name, f"{_shown(value)} is not a whole year")
            return default
        if not FIRST_YEAR <= value <= LAST_YEAR:
            self.fault(name, f"{_shown(value)} is not between {FIRST_YEAR} and {LAST_YEAR}")
            return default
        return int(value)

    def per_year(
        self, name: str, *, lowest: float = 0.0, first: int | None = None, last: int | None = None, why: str = ""
    ) -> dict[int, float]:
        """Read an object of numbers per year, each at least `lowest`; years from `first` to `last`, else `why`."""
        if not self.has(name):
            return {}
        held = self.child(name)
        found = {}
        for key, value in held.fields.items():
            if not YEAR.match(key):
                held.fault(key, f"{_shown(key)} is not a year")
                continue
            year = int(key)
            fault = number_fault(value, lowest, math.inf, None)
            if (first is not None and year < first) or (last is not None and year > last):
                held.fault(key, f"{year} {why}")
            elif fault:
                held.fault(key, fault)
            else:
                found[year] = float(value)
        return found


def number_fault(value: Any, lowest: float, highest: float, above: float | None) -> str:
    """Say what is wrong with a number, empty when nothing is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{_shown(value)} is not a number"
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        return f"{_shown(value)} is not a finite number"
    if above is not None and (value <= above or value > highest):
        return f"{value} is not above {above:g}" + ("" if math.isinf(highest) else f" and at most {highest:g}")
    if above is None and not lowest <= value <= highest:
        if math.isinf(highest):
            return f"{value} is below {lowest:g}"
        return f"{value} is not between {lowest:g} and {highest:g}"
    return ""


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
