"""What fits in a table: how many rows, and what its records can hold; told before anything is written."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, DecimalField, TextField
from django.utils.translation import gettext as _

from contracts.models import EmissionFigure, Indicator
from contracts.tables.holding import MODELS
from contracts.tables.indicator_rows import FIELDS, TARGET_OF
from contracts.tables.template import Table
from contracts.tables.values import NUMBERS, BadCell, Reading, number_text
from nss_portal.core.formats import format_number

MOST_ROWS = 2000  # in a table that holds its own rows
MOST_INDICATORS = 200  # per contract
MOST_RECORDS = 5000  # of a kind; as many as a sheet may have
LONGEST_TEXT = 20_000  # of a section


def most_rows(table: Table) -> int:
    """Give how many rows fit in a table."""
    return {"rows": MOST_ROWS, "indicators": MOST_INDICATORS}.get(table.holds, MOST_RECORDS)


def too_many(table: Table, there: int, new: int) -> str:
    """Say that new rows do not fit beside those that are there."""
    text = _(
        "Table %(code)s %(title)s holds at most %(most)s rows. It has %(there)s and %(new)s would come; take out"
        " %(over)s or more."
    )
    return text % {
        "code": table.code,
        "title": table.title,
        "most": format_number(most_rows(table)),
        "there": format_number(there),
        "new": format_number(new),
        "over": format_number(there + new - most_rows(table)),
    }


def fitted(table: Table, key: str, kind: str, reading: Reading) -> Reading:
    """Give a value as its record can hold it: rounded where it keeps fewer decimals, which the note says.

    Raises BadCell for a text that is too long and a number that is too large there.
    """
    held = _field(table.holds, key)
    value = reading.value
    if isinstance(held, DecimalField) and isinstance(value, Decimal) and kind in NUMBERS:
        return _decimal(held, value, reading)
    longest = getattr(held, "max_length", None) if isinstance(held, CharField | TextField) else None
    if longest and kind in {"text", "long"} and len(str(value or "")) > longest:
        words = {"number": format_number(len(str(value))), "most": format_number(longest)}
        raise BadCell(_("{number} characters; at most {most} fit here").format(**words))
    return reading


def _decimal(held: "DecimalField[Any, Any]", value: Decimal, reading: Reading) -> Reading:
    if abs(value) >= Decimal(10) ** (held.max_digits - held.decimal_places):
        raise BadCell(_("{number} is larger than can be").format(number=number_text(value)))
    rounded = value.quantize(Decimal(1).scaleb(-held.decimal_places))
    if rounded == value:
        return reading
    if not rounded:
        least = number_text(Decimal(1).scaleb(-held.decimal_places))
        raise BadCell(
            _("{number} is too small to be kept; the least is {least}").format(
                number=number_text(value), least=least
            )
        )
    note = _("{number} is rounded to {rounded}")
    said = note.format(number=number_text(value), rounded=number_text(rounded))
    return Reading(rounded.normalize() + 0 if rounded else Decimal(0), said)


@cache
def _field(holds: str, key: str) -> Any:
    """Give the field that a column is kept in, or None for a row that lives in the table itself."""
    model: Any = {**MODELS, "indicators": Indicator, "emissions": EmissionFigure}.get(holds)
    if model is None:
        return None
    name = key
    if holds == "indicators":
        name = "target_value" if TARGET_OF.fullmatch(key) else FIELDS.get(key, key)
    elif holds == "emissions":
        name = "value" if key.startswith("scope") else key
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
