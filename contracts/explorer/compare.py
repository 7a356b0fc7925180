"""Several pathways of one contract beside each other."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from contracts.explorer.page import PathwayPage
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.formats import format_number, format_percent


@dataclass(frozen=True)
class ComparedRow:
    """What one pathway comes down to, as a table shows it."""

    name: str
    trend: str
    left: str
    gap: str
    chance: str


@dataclass(frozen=True)
class Comparison:
    """A chart with a line per pathway, and a row of figures per pathway."""

    chart: Chart
    rows: tuple[ComparedRow, ...]
    same_base: bool


def compare(pages: list[tuple[str, PathwayPage]]) -> Comparison:
    """Compare pathways, the first one being the contract itself.

    Pathways that start from another table or year are told apart: their lines do not say the same thing.
    """
    _name, first = pages[0]
    years = sorted({year for _name, page in pages for year in page.result["years"]})
    series = [
        charts.Series(
            name,
            [page.result["emissions_kt"]["total"].get(str(year)) for year in years],
            charts.Style.TREND if index == 0 and len(pages) > 1 else charts.Style.PLAIN,
            show_value=True,
        )
        for index, (name, page) in enumerate(pages)
    ]
    target = None
    if first.inputs.target_kt is not None:
        label = _("target %(year)s") % {"year": first.year}
        target = charts.Target(first.inputs.target_kt, label, first.inputs.target_year)
    chart = charts.line(
        charts.LineChart(
            title=_("Pathways beside each other"),
            description=" ".join(f"{name}: {page.sentence}" for name, page in pages),
            unit=_("kt CO₂ a year"),
            source=first.inputs.base.label,
            x=years,
            x_title=_("Year"),
            series=series,
            target=target,
        )
    )
    same = len({page.inputs.base.key for _name, page in pages}) == 1
    return Comparison(chart, tuple(_row(name, page) for name, page in pages), same)


def _row(name: str, page: PathwayPage) -> ComparedRow:
    return ComparedRow(
        name=name,
        trend=format_number(page.trend_kt),
        left=format_number(page.left_kt),
        gap="–" if page.gap_kt is None else format_number(page.gap_kt),
        chance="–" if page.chance is None else format_percent(page.chance),
    )
