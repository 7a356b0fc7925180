"""Indicators as pages show them: read in one query, each with its light and its chart."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import F, Func, JSONField, QuerySet
from django.utils.translation import gettext as _

from contracts.figure_words import plain_number
from contracts.models import ClimateContract, Indicator
from contracts.monitoring.lights import Course, Light, Verdict, verdict
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.time import today

VALUES = Func(
    F("pk"),
    template="""(SELECT coalesce(jsonb_agg(
            jsonb_build_object('year', v.year, 'value', v.value::text, 'note', v.note) ORDER BY v.year
        ), '[]') FROM contracts_indicatorvalue v WHERE v.indicator_id = %(expressions)s)""",
    output_field=JSONField(),
)


def indicators_of(contract: ClimateContract) -> QuerySet[Indicator]:
    """Give the indicators of a contract, each with `years` (its values by year)."""
    return Indicator.objects.filter(contract=contract).annotate(years=VALUES).order_by("title", "pk")


@dataclass(frozen=True)
class IndicatorCard:
    """An indicator with what a page tells of it."""

    indicator: Indicator
    action: str = ""

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Give its values: year, value and note, the first year's own value first."""
        held: list[dict[str, Any]] = getattr(self.indicator, "years")  # noqa: B009 - the annotation adds it
        return [{"year": row["year"], "value": Decimal(row["value"]), "note": row["note"]} for row in held]

    @cached_property
    def course(self) -> Course:
        """Give from where to where it goes; only of one that says so (`has_course`)."""
        one: Any = self.indicator
        return Course(
            unit=one.unit,
            base_year=one.base_year,
            base=one.base_value,
            target_year=one.target_year,
            target=one.target_value,
            values={row["year"]: row["value"] for row in self.rows},
        )

    @cached_property
    def verdict(self) -> Verdict:
        """Give its light, and why."""
        if not self.indicator.has_course:
            why = _("It is not filled in yet from which value in which year it goes to which target.")
            return Verdict(Light.GREY, _("cannot tell yet"), why)
        return verdict(self.course, this_year=today().year)

    @property
    def way(self) -> str:
        """Say from where to where it goes; '' where that is not known."""
        if not self.indicator.has_course:
            return ""
        return _("from %(base)s in %(base_year)s to %(target)s in %(target_year)s (%(unit)s)") % {
            "base": plain_number(self.course.base.normalize()),
            "base_year": self.course.base_year,
            "target": plain_number(self.course.target.normalize()),
            "target_year": self.course.target_year,
            "unit": self.course.unit,
        }

    @property
    def steps(self) -> str:
        """Give the targets before the last one: '2025: 40 · 2027: 60'; '' without any."""
        held = sorted(self.indicator.milestones.items())
        return " · ".join(f"{year}: {plain_number(Decimal(value))}" for year, value in held)

    @cached_property
    def chart(self) -> Chart | None:
        """Draw the straight line to the target, and what was measured; None where no target is known."""
        if not self.indicator.has_course:
            return None
        course = self.course
        years = sorted({course.base_year, course.target_year, *course.values})
        measured = {course.base_year: course.base, **course.values}
        values = [course.base, course.target, *course.values.values()]
        return charts.line(
            charts.LineChart(
                title=self.indicator.label,
                description=self.verdict.why,
                unit=course.unit,
                source=self.indicator.source,
                decimals=0 if all(value == value.to_integral() for value in values) else 1,
                x=years,
                x_title=_("Year"),
                series=[
                    charts.Series(
                        _("straight line"),
                        [course.expected(year) for year in years],
                        charts.Style.TREND,
                    ),
                    charts.Series(
                        _("as it stood"),
                        [measured.get(year) for year in years],
                        charts.Style.MAIN,
                        show_value=True,
                    ),
                ],
                target=charts.Target(
                    course.target, _("target %(year)s") % {"year": course.target_year}, course.target_year
                ),
            )
        )
