"""Reading the value of one cell: what somebody typed, pasted, or has in a file. No database.

Whatever is unclear is refused in words that say what to write instead; nothing is guessed that could be ten or a
thousand times another number.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Protocol

from django.utils.translation import gettext as _

from contracts.tables.units import UNITS, unit_label, unit_of
from contracts.tables.vocab import choice_of, choices, label_of, plain
from nss_portal.core.exports.sheets import CONTROL
from nss_portal.core.formats import format_date, format_number, is_dutch
from nss_portal.core.number_reading import NoNumber, UnclearNumber, plain_number, written
from nss_portal.core.worddiff import with_plain_lines

Value = str | Decimal | int | date | bool

FIRST_YEAR, LAST_YEAR = 1985, 2100
LONGEST = {"text": 300, "long": 10_000}
# Spreadsheets keep 15 digits: nine before the point and six behind it go there and back.
MOST = Decimal(10) ** 9
DECIMALS = Decimal("0.000001")
NUMBERS = frozenset({"number", "signed"})
THOUSAND = 1000
EMPTY = frozenset({"", "-", "–", "n/a", "n.a.", "nvt", "n.v.t.", "?"})
FAULTS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!")
YES = frozenset({"ja", "yes", "x", "j", "y", "true", "waar", "1"})
NO = frozenset({"nee", "no", "n", "false", "onwaar", "0"})

WITH_UNIT = re.compile(
    r"^(?P<front>€|eur)?\s*(?P<number>[-+−]?[\d.,'\s]*\d)\s*(?P<unit>[^\d\s].*)?$", re.IGNORECASE
)


class BadCell(ValueError):
    """A value that cannot be taken; the text says why and what to write."""


class Asked(Protocol):
    """What a column says of its values."""

    key: str
    kind: str
    vocabulary: str
    unit: str


@dataclass
class Names:
    """Names that a cell can refer to: parties by name, actions by code, kinds of measures by code."""

    parties: dict[str, str] = field(default_factory=dict)  # as compared: as written
    actions: dict[str, str] = field(default_factory=dict)  # title or code as compared: code
    titles: dict[str, str] = field(default_factory=dict)  # code: title
    # Gives code and label in both languages of each kind of measure; asked only where a cell refers to one.
    kinds: Callable[[], Iterable[tuple[str, str, str]]] = tuple

    @cached_property
    def _kinds(self) -> list[tuple[str, str, str]]:
        return list(self.kinds())

    @cached_property
    def measures(self) -> dict[str, str]:
        """Give the kinds of measures: code to label in the language of the page."""
        return {code: dutch if is_dutch() else english for code, dutch, english in self._kinds}

    @cached_property
    def measure_words(self) -> dict[str, str]:
        """Give the labels of kinds of measures, as compared, to their code."""
        return {word.casefold(): code for code, *words in self._kinds for word in words}

    def add_party(self, name: str) -> None:
        """Make a party known."""
        self.parties.setdefault(plain(name), name)

    def add_action(self, code: str, *titles: str) -> None:
        """Make an action known; a code goes before a title, the first title before a later one."""
        self.actions[plain(code)] = code
        self.titles[code] = titles[0] if titles else code
        for title in titles:
            if title:
                self.actions.setdefault(plain(title), code)

    def word_for(self, code: str) -> str:
        """Give what to write for an action so that it is found again: its title, or its code."""
        title = self.titles.get(code, code)
        return title if self.actions.get(plain(title)) == code else code


@dataclass(frozen=True)
class Reading:
    """A value as it is kept, and what there is to say of it ('rounded', say)."""

    value: Value | None
    note: str = ""


def number_text(value: Decimal | int) -> str:
    """Write a number with all the decimals that it has: 60,4 and 1.941."""
    exponent = Decimal(value).normalize().as_tuple().exponent
    return format_number(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def typed_number(value: Decimal | int) -> str:
    """Write a number so that its field reads the same back: 60,1250, for '60,125' could be thousands."""
    text = number_text(value)
    amount = Decimal(value)
    return written(amount) if abs(amount) < THOUSAND and amount % 1 else text


def read(column: Asked, raw: object, names: Names, *, factor: Decimal | None = Decimal(1)) -> Reading:
    """Read one cell. `factor` is what a bare number counts for; None says that its unit is not known.

    Raises BadCell. Empty cells give None.
    """
    if isinstance(raw, str):
        raw = CONTROL.sub("", with_plain_lines(raw)).strip()
        if raw.upper() in FAULTS:
            raise BadCell(_("the spreadsheet itself says {fault} here").format(fault=raw))
    if raw is None or raw == "":
        return Reading(None)
    if column.kind in NUMBERS:
        return _number(column, raw, factor)
    plain_kind = {"year": _year, "date": _date, "yesno": _yesno}.get(column.kind)
    if plain_kind is not None:
        return Reading(plain_kind(raw))
    named = {"choice": _choice, "sector": _choice, "party": _party, "action": _action}.get(column.kind)
    return Reading(named(column, _text(raw), names) if named else _words(column, _text(raw)))


def _text(raw: object) -> str:
    match raw:
        case datetime():
            return raw.date().isoformat()
        case date():
            return raw.isoformat()
        case bool():
            return _("yes") if raw else _("no")
        case float():
            return str(int(raw)) if raw.is_integer() else repr(raw)
        case Decimal():
            return f"{raw:f}"
    return str(raw)


def _words(column: Asked, text: str) -> str | None:
    if column.kind != "long":
        text = re.sub(r"\s+", " ", text)
    longest = LONGEST["long" if column.kind == "long" else "text"]
    if len(text) > longest:
        words = {"number": format_number(len(text)), "most": format_number(longest)}
        raise BadCell(_("{number} characters; at most {most} fit here").format(**words))
    return text or None


def _number(column: Asked, raw: object, factor: Decimal | None) -> Reading:
    unit = ""
    if isinstance(raw, bool | date):
        raise BadCell(_("'{text}' is not a number").format(text=_text(raw)))
    if isinstance(raw, int | float | Decimal):
        amount = _finite(repr(raw) if isinstance(raw, float) else str(raw))
    else:
        text = str(raw)
        if plain(text) in EMPTY:
            return Reading(None)
        match = WITH_UNIT.match(text)
        if match is None:
            raise BadCell(_("'{text}' is not a number").format(text=text[:60]))
        unit = " ".join(part for part in (match["unit"], match["front"]) if part)
        amount = _finite(_plain_number(match["number"]))
    if unit:
        factor = unit_of(unit, column.unit) if column.unit else None
        if factor is None:
            wanted = unit_label(column.unit) if column.unit else _("a number without a unit")
            raise BadCell(
                _("the unit '{unit}' is not clear here; wanted is {wanted}").format(unit=unit[:30], wanted=wanted)
            )
    if factor is None:
        units = ", ".join(list(UNITS.get(column.unit, {column.unit: 1}))[:8])
        raise BadCell(_("the unit is not clear; write one in the heading ({units})").format(units=units))
    return _fitting(column, amount * factor)


def _fitting(column: Asked, amount: Decimal) -> Reading:
    if -MOST < amount < 0 and column.kind != "signed":
        text = _("{number} is below 0").format(number=number_text(amount))
        if column.unit == "MEUR":
            text = _("{number} is below 0; a saving or benefit is a kind of its own and stays positive").format(
                number=number_text(amount)
            )
        raise BadCell(text)
    if abs(amount) >= MOST:
        # Of what no calculation holds, only the size is said.
        said = number_text(amount) if abs(amount) < MOST * MOST else f"{amount:.1E}"
        raise BadCell(_("{number} is larger than can be").format(number=said))
    rounded = amount.quantize(DECIMALS)
    note = "" if rounded == amount else _("rounded to six decimals")
    return Reading(rounded.normalize() + 0 if rounded else Decimal(0), note)


def _finite(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise BadCell(_("'{text}' is not a number").format(text=text[:60])) from None
    if not amount.is_finite():
        raise BadCell(_("'{text}' is not a number").format(text=text[:60]))
    return amount


def _plain_number(text: str) -> str:
    """Turn a number as people write it into one with a decimal point; refuse what could be two numbers."""
    try:
        return plain_number(text)
    except NoNumber:
        raise BadCell(_("'{text}' is not a number").format(text=text[:60])) from None
    except UnclearNumber as error:
        words = {"text": text[:60], "whole": error.whole, "small": error.small}
        raise BadCell(_("'{text}' can be two numbers; write {whole} or {small}").format(**words)) from None


def _year(raw: object) -> Value:
    text = raw.strftime("%Y") if isinstance(raw, date) else _text(raw).strip()
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR):
        raise BadCell(
            _("'{text}' is not a year between {first} and {last}").format(
                text=text[:40], first=FIRST_YEAR, last=LAST_YEAR
            )
        )
    return int(text)


def _date(raw: object) -> Value:
    found = raw.date() if isinstance(raw, datetime) else raw
    if not isinstance(found, date):
        found = _written_date(_text(raw))
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell(
            _("'{text}' is not in a year between {first} and {last}").format(
                text=found.isoformat(), first=FIRST_YEAR, last=LAST_YEAR
            )
        )
    return found


def _written_date(text: str) -> date:
    wanted = BadCell(_("'{text}' is not a date; write day-month-year, such as 31-12-2027").format(text=text[:40]))
    iso = re.fullmatch(r"(\d{4,5})-(\d{1,2})-(\d{1,2})", text)
    spoken = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4,5})", text)
    if iso:
        year, month, day = int(iso[1]), int(iso[2]), int(iso[3])
    elif spoken:
        day, month, year = int(spoken[1]), int(spoken[3]), int(spoken[4])
        if spoken[2] == "/" and day <= 12 and month <= 12 and day != month:
            raise BadCell(
                _("'{text}' can be two days; write day-month-year, such as 31-12-2027").format(text=text[:40])
            )
        if spoken[2] == "/" and month > 12:
            day, month = month, day
    else:
        raise wanted
    try:
        return date(year, month, day)
    except ValueError:
        raise wanted from None


def _yesno(raw: object) -> Value:
    if isinstance(raw, bool):
        return raw
    word = plain(_text(raw))
    if word in YES or word in NO:
        return word in YES
    raise BadCell(_("'{text}' is neither yes nor no").format(text=word[:40]))


def _choice(column: Asked, text: str, names: Names) -> str | None:
    if column.kind == "choice" and plain(text) in EMPTY:
        return None
    if column.vocabulary == "measure":
        found = text if text in names.measures else names.measure_words.get(plain(text))
        labels = list(names.measures.values())
    else:
        vocabulary = "sector" if column.kind == "sector" else column.vocabulary
        found = choice_of(vocabulary, text)
        labels = [label for _value, label in choices(vocabulary)]
    if found is None and column.kind == "sector":
        # A sector that only this contract knows keeps its own name.
        return _words(column, text)
    if found is None:
        text = _("'{text}' is not in the list: {choices}").format(text=text[:60], choices=", ".join(labels))
        raise BadCell(text)
    return found


def _party(column: Asked, text: str, names: Names) -> str | None:
    found = names.parties.get(plain(text))
    if found is None:
        raise BadCell(_("there is no party '{text}' in this contract; add it first").format(text=text[:80]))
    return found


def _action(column: Asked, text: str, names: Names) -> str | None:
    found = names.actions.get(plain(text))
    if found is None:
        raise BadCell(_("there is no action '{text}' in this contract; add it first").format(text=text[:80]))
    return found


def to_json(value: Value | None) -> str | int | bool | None:
    """Give a value as JSON holds it: numbers as text with a decimal point, dates as ISO."""
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case date():
            return value.isoformat()
    return value


def from_json(kind: str, held: object) -> Value | None:
    """Give a value back from JSON."""
    if held is None:
        return None
    if kind in NUMBERS or kind == "computed":
        return Decimal(str(held))
    if kind == "date":
        return date.fromisoformat(str(held))
    if kind == "year":
        return int(str(held))
    return held if isinstance(held, bool) else str(held)


def shown(column: Asked, value: Value | None, names: Names) -> str:
    """Give a value as people read it, in the language of the page; '' for none."""
    if value is None:
        return ""
    match column.kind:
        case "number" | "signed":
            return number_text(value) if isinstance(value, Decimal | int) else str(value)
        case "choice" | "sector":
            if column.vocabulary == "measure":
                return names.measures.get(str(value), str(value))
            return label_of("sector" if column.kind == "sector" else column.vocabulary, str(value))
        case "yesno":
            return _("yes") if value else _("no")
        case "action":
            return names.titles.get(str(value), str(value))
        case "date" if isinstance(value, date):
            return format_date(value)
    return str(value)
