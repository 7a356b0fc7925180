"""Traffic lights of indicators, by one rule that they explain themselves. Pure: no database.

The path is a straight line from the value in the first year to the target. Of a year with a value:

    due  = (year - first year) / (target year - first year), at most 1
    done = (value - first value) / (target - first value)

    green  done >= due          on the line or ahead of it
    amber  done >= 0.7 x due    behind, by less than three tenths of what is due
    brick  else
    grey   no value after the first year, or the last one is more than two years old

It holds for what has to rise and for what has to fall. The straight line is a choice of the portal: no contract in
it prints a path of its own for an indicator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from contracts.figure_words import plain_number
from nss_portal.core.formats import format_percent

AMBER_FROM = Decimal("0.7")
STALE_YEARS = 2


class Light(StrEnum):
    """A colour, never without its word."""

    GREEN = "green"
    AMBER = "amber"
    BRICK = "brick"
    GREY = "grey"


TONES: Mapping[Light, str] = {
    Light.GREEN: "good",
    Light.AMBER: "attention",
    Light.BRICK: "bad",
    Light.GREY: "neutral",
}


@dataclass(frozen=True)
class Course:
    """From where to where an indicator goes, and its values by year."""

    unit: str
    base_year: int
    base: Decimal
    target_year: int
    target: Decimal
    values: Mapping[int, Decimal]

    def due(self, year: int) -> Decimal:
        """Give the share of the way (0 to 1) that is due in a year."""
        return min(
            Decimal(1), max(Decimal(0), Decimal(year - self.base_year) / (self.target_year - self.base_year))
        )

    def done(self, value: Decimal) -> Decimal:
        """Give the share of the way that a value stands for; below 0 it went the wrong way."""
        return (value - self.base) / (self.target - self.base)

    def expected(self, year: int) -> Decimal:
        """Give the value on the straight line."""
        return self.base + (self.target - self.base) * self.due(year)


@dataclass(frozen=True)
class Verdict:
    """The light with the word for it, and why."""

    light: Light
    label: str
    why: str
    year: int | None = None

    @property
    def tone(self) -> str:
        """Give the tone of the status."""
        return TONES[self.light]


def verdict(course: Course, *, this_year: int) -> Verdict:
    """Judge an indicator by its last value."""
    later = [year for year in course.values if year > course.base_year]
    if not later:
        return Verdict(Light.GREY, _("cannot tell yet"), _("There is no value after the first year."))
    year = max(later)
    value = course.values[year]
    due, done = course.due(year), course.done(value)
    words = {
        "year": year,
        "value": _amount(value, course.unit),
        "expected": _amount(course.expected(year), course.unit),
        "done": format_percent(100 * done),
        "due": format_percent(100 * due),
    }
    why = (
        _("In %(year)s it stood at %(value)s. On the straight line to the target that would be %(expected)s.")
        % words
    )
    why += " " + _("%(done)s of the way is done, where %(due)s is due.") % words
    if year < this_year - STALE_YEARS:
        old = _("The last value is more than two years old, so it says little of today.")
        return Verdict(Light.GREY, _("cannot tell any more"), f"{why} {old}", year)
    if done >= due:
        return Verdict(Light.GREEN, _("on course"), why, year)
    if done >= AMBER_FROM * due:
        return Verdict(Light.AMBER, _("behind"), why, year)
    return Verdict(Light.BRICK, _("far behind"), why, year)


def _amount(value: Decimal, unit: str) -> str:
    # A tenth of a house among thousands says nothing; among tens it may be why the light is amber.
    number = plain_number(
        Decimal(f"{value:.1f}") if value % 1 and abs(value) < 1000 else value.quantize(Decimal(1))
    )
    return f"{number}%" if unit == "%" else f"{number} {unit}"
