"""Indicators in a review: what the portal knows of them, and what it still has to ask for the year.

A value that is there is never asked again. What stood there when a review closed stays in its outcome.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from contracts.models import Indicator
from contracts.monitoring.indicators import VALUES


def indicators_by_contract(contracts: Iterable[int]) -> dict[int, list[Indicator]]:
    """Give the indicators of contracts (primary keys), each with `years`, in order of title. One query.

    Of one that does not say from where to where it goes, a review has nothing to ask.
    """
    found: dict[int, list[Indicator]] = defaultdict(list)
    rows = Indicator.objects.filter(contract__in=list(contracts)).annotate(years=VALUES)
    for one in rows.order_by("title", "pk"):
        if one.has_course:
            found[one.contract_id].append(one)
    return found


def values_of(indicator: Indicator) -> dict[int, Decimal]:
    """Give an indicator's values by year."""
    rows: list[dict[str, Any]] = getattr(indicator, "years")  # noqa: B009 - annotated
    return {int(row["year"]): Decimal(row["value"]) for row in rows}


def is_asked(indicator: Indicator, year: int) -> bool:
    """Say whether a review of `year` asks for a value: the year lies on its way, and nothing is known of it."""
    first, last = indicator.base_year, indicator.target_year
    return first is not None and last is not None and first < year <= last and year not in values_of(indicator)


def as_json(indicators: Sequence[Indicator], year: int) -> list[dict[str, Any]]:
    """Give indicators as a review keeps them: up to its year, numbers as text so that every decimal stays."""
    rows = []
    one: Any
    for one in indicators:
        known = {each: value for each, value in values_of(one).items() if each <= year}
        latest = max(known, default=None)
        rows.append(
            {
                "title": one.title,
                "title_en": one.title_en,
                "unit": one.unit,
                "action": one.action_code,
                "base": [one.base_year, str(one.base_value.normalize())],
                "target": [one.target_year, str(one.target_value.normalize())],
                "latest": [latest, str(known[latest].normalize())] if latest is not None else None,
                "source": one.source,
            }
        )
    return rows
