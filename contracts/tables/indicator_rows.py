"""A contract's indicators as rows of its table, and cells of that table as fields of an indicator. No database.

In the table each year has its own column for a target. The indicator knows the last one as its target, the ones
before it as steps on the way.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contracts.models import Indicator
from contracts.tables.values import Value, to_json

TARGET_OF = re.compile(r"t(\d{4})")
FIELDS: Mapping[str, str] = {
    "name": "title",
    "unit": "unit",
    "outcome": "outcome",
    "number": "number",
    "action": "action_code",
    "source": "source",
    "initial": "base_value",
    "initial_year": "base_year",
    "target": "target_value",
    "target_year": "target_year",
}
COLUMNS: Mapping[str, str] = {field: key for key, field in FIELDS.items()}
TEXTS = frozenset({"title", "unit", "outcome", "number", "action_code", "source"})
Cells = Mapping[str, Value | None]


def cells_of(indicator: Indicator, keys: Iterable[str]) -> dict[str, Value | None]:
    """Give the cells of an indicator for the columns of its table."""
    targets = _targets(indicator)
    return {key: _cell(indicator, key, targets) for key in keys}


def _cell(indicator: Indicator, key: str, targets: Mapping[int, Decimal]) -> Value | None:
    by_year = TARGET_OF.fullmatch(key)
    value = targets.get(int(by_year[1])) if by_year else getattr(indicator, FIELDS[key], None)
    if isinstance(value, Decimal):
        return value.normalize() + 0
    return None if value == "" else value


def _targets(indicator: Indicator) -> dict[int, Decimal]:
    found = {int(year): Decimal(value) for year, value in indicator.milestones.items()}
    if indicator.target_year is not None and indicator.target_value is not None:
        found[indicator.target_year] = indicator.target_value
    return found


def fields_of(indicator: Indicator | None, cells: Cells) -> dict[str, Any]:
    """Give the fields that cells stand for; raises ValidationError, by column, where targets contradict."""
    values: dict[str, Any] = {
        field: ("" if cells[key] is None and field in TEXTS else cells[key])
        for key, field in FIELDS.items()
        if key in cells
    }
    by_year = {int(found[1]): cells[key] for key in cells if (found := TARGET_OF.fullmatch(key))}
    if by_year or "target" in cells or "target_year" in cells:
        values |= _aims(indicator or Indicator(), cells, by_year)
    return values


def _aims(before: Indicator, cells: Cells, by_year: Mapping[int, Any]) -> dict[str, Any]:
    """Give the target and the steps before it out of all that cells say of targets."""
    known = _targets(before)
    year: Any = cells.get("target_year", before.target_year)
    last: Any = cells.get("target", before.target_value)
    steps = {int(each): Decimal(value) for each, value in before.milestones.items()}
    for each, value in by_year.items():
        if each == year:
            last = _last(before, cells, known.get(each), value, last)
        elif value is None:
            steps.pop(each, None)
        elif each != before.target_year or value != known.get(each):
            steps[each] = value
    steps.pop(year, None)
    if year is None and steps:
        year = max(steps)
        last = steps.pop(year)
    late = [each for each in steps if year is not None and each > year]
    if late:
        text = _("There is a target for %(later)s, after the target year.") % {"later": max(late)}
        raise ValidationError({"target_year": text})
    milestones = {str(each): to_json(steps[each]) for each in sorted(steps)}
    return {"target_year": year, "target_value": last, "milestones": milestones}


def _last(before: Indicator, cells: Cells, known: Decimal | None, by_year: Any, target: Any) -> Any:
    """Give the target where two cells speak of it: the one that changed; raises ValidationError where both did."""
    if "target" not in cells or target is None or target == by_year:
        return by_year if "target" not in cells or by_year is not None else target
    if by_year is None or by_year == known:
        return target
    if target == before.target_value:
        return by_year
    raise ValidationError({"target": _("Two different targets are given for the same year.")})


def check_years(indicator: Indicator | None, values: Mapping[str, Any]) -> None:
    """Check that the target comes after the first year; raises ValidationError, by column."""
    first, last = (values.get(name, getattr(indicator, name, None)) for name in ("base_year", "target_year"))
    if first is not None and last is not None and last <= first:
        raise ValidationError({"target_year": _("The target year comes after the first year.")})
