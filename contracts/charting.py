"""Charts of a contract: only what its publication prints, no path between that nobody has calculated."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from contracts.figures import TOTAL, Claim
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_number


def _totals(claims: Sequence[Claim], kind: str) -> dict[int, Decimal]:
    return {
        claim.year: claim.value
        for claim in claims
        if claim.kind == kind and claim.sector == TOTAL and claim.value is not None
    }


def emissions_chart(
    leading: Sequence[Claim], *, target_year: int, expected: Decimal | None, source: str
) -> Chart | None:
    """Draw published emissions, what is expected and the target (kt), or give None with fewer than two years.

    `expected` is what remains in the target year, where the publication gives it or its terms. Lines join
    published years; the description says that nothing is known between them.
    """
    claims = [claim for claim in leading if claim.unit == "kt"]
    measured, forecast = _totals(claims, "measured"), _totals(claims, "forecast")
    if expected is not None:
        forecast.setdefault(target_year, expected)
    years = sorted(measured.keys() | forecast.keys())
    if len(years) < 2 or not measured:
        return None
    last = max(measured)
    series = [charts.Series(_("emissions"), [measured.get(year) for year in years], charts.Style.MAIN)]
    if forecast:
        ahead = {last: measured[last], **forecast}
        values = [ahead.get(year) for year in years]
        series.append(charts.Series(_("expected"), values, charts.Style.TREND, show_value=True))
    goal = _totals(claims, "target").get(target_year)
    target = None
    if goal is not None and target_year in years:
        target = charts.Target(goal, _("target %(year)s") % {"year": target_year}, x=target_year)
    return charts.line(
        charts.LineChart(
            title=_("Emissions and target"),
            description=_description(measured, forecast, goal, target_year),
            unit=_("kt CO₂"),
            source=source,
            x=years,
            x_title=_("Year"),
            series=series,
            target=target,
        )
    )


def _description(
    measured: dict[int, Decimal], forecast: dict[int, Decimal], goal: Decimal | None, target_year: int
) -> str:
    parts = [_("%(year)s: %(value)s kt") % {"year": y, "value": format_number(v)} for y, v in measured.items()]
    parts += [
        _("%(year)s: %(value)s kt expected") % {"year": y, "value": format_number(v)} for y, v in forecast.items()
    ]
    if goal is not None:
        parts.append(_("target for %(year)s: %(value)s kt") % {"year": target_year, "value": format_number(goal)})
    words = _("Straight lines join the published years; the publication says nothing about the years between.")
    return f"{words} {'; '.join(parts)}."


def reduction_chart(leading: Sequence[Claim], *, source: str) -> Chart | None:
    """Draw a reduction in percent as the parts it is made of, or give None where the publication has no such."""
    claims = [claim for claim in leading if claim.unit == "pct" and claim.kind == "reduction"]
    years = sorted({claim.year for claim in claims})
    parts = list(dict.fromkeys((claim.sector, claim.label) for claim in claims if claim.sector != TOTAL))
    if len(years) < 2 or not parts:
        return None
    value = {(claim.sector, claim.year): claim.value for claim in claims}
    series = [charts.Series(label, [value.get((sector, year)) for year in years]) for sector, label in parts]
    total = _totals(claims, "reduction").get(years[-1])
    return charts.stacked_area(
        charts.AreaChart(
            title=_("Reduction by origin"),
            description=_("The reduction adds up to %(value)s percent in %(year)s.")
            % {"value": format_number(total, 1), "year": years[-1]},
            unit=_("% of the reference year"),
            source=source,
            decimals=1,
            x=years,
            x_title=_("Year"),
            series=series,
        )
    )
