"""Indicators on the page of a review: as they stand now, or as they stood when it closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts.figure_words import plain_number
from contracts.models import AnnualReview, Indicator
from contracts.monitoring.lights import Course, Verdict, verdict
from contracts.services.review.indicators import indicators_by_contract, is_asked, values_of


@dataclass(frozen=True)
class FigureLine:
    """One indicator in a list; `ask_url` takes the value of the year where it is asked for."""

    title: str
    unit: str
    way: str
    latest: str
    verdict: Verdict
    url: str = ""
    ask_url: str = ""


def lines_now(review: AnnualReview, *, may_fill_in: bool) -> list[FigureLine]:
    """Give a contract's indicators as they stand now. One query."""
    year, contract = review.round.year, review.contract
    lines = []
    for one in indicators_by_contract([contract.pk]).get(contract.pk, []):
        one.contract = contract
        asks = may_fill_in and is_asked(one, year)
        args = [contract.public_id, year, one.public_id]
        ask_url = reverse("contracts:review_indicator", args=args) if asks else ""
        lines.append(_line(one.label, _course(one), year, one.get_absolute_url(), ask_url))
    return lines


def lines_kept(review: AnnualReview) -> list[FigureLine]:
    """Give a closed review's indicators as they stood when it closed."""
    rows: list[dict[str, Any]] = (review.outcome or {}).get("indicators", [])
    return [_line(_title(row), _kept_course(row), review.round.year) for row in rows]


def _title(row: Mapping[str, Any]) -> str:
    return str((get_language() == "en" and row["title_en"]) or row["title"])


def _course(indicator: Indicator) -> Course:
    one: Any = indicator  # all of its ends are known
    return Course(one.unit, one.base_year, one.base_value, one.target_year, one.target_value, values_of(one))


def _kept_course(row: Mapping[str, Any]) -> Course:
    (base_year, base), (target_year, target) = row["base"], row["target"]
    values = {row["latest"][0]: Decimal(row["latest"][1])} if row["latest"] else {}
    return Course(row["unit"], base_year, Decimal(base), target_year, Decimal(target), values)


def _line(title: str, course: Course, year: int, url: str = "", ask_url: str = "") -> FigureLine:
    held = {each: value for each, value in course.values.items() if each <= year}
    latest = f"{plain_number(held[max(held)].normalize())} ({max(held)})" if held else ""
    way = _("%(target)s in %(year)s") % {
        "target": plain_number(course.target.normalize()),
        "year": course.target_year,
    }
    # By the year that is looked back on: what came later is for the next review.
    judged = verdict(
        Course(course.unit, course.base_year, course.base, course.target_year, course.target, held),
        this_year=year + 1,
    )
    return FigureLine(title, course.unit, way, latest, judged, url, ask_url)
