"""The figures of a chart as a table: what one reads with one click, and what a screen reader gets."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from nss_portal.core.charts.data import BarChart, LanesChart, OverTime, RadarChart, Series, Table, TiesChart
from nss_portal.core.formats import format_number


def of_series(chart: OverTime) -> Table:
    """Give a row per position with a column per series, its band, and the target."""
    heads, columns = _columns(chart.series)
    if chart.target:
        at = float(chart.x[-1]) if chart.target.x is None else chart.target.x
        heads.append(chart.target.label)
        columns.append([float(chart.target.value) if float(x) == at else None for x in chart.x])
    names = [str(int(x)) if x == int(x) else format_number(x, 1) for x in chart.x]
    return _table(chart.x_title or _("Year"), names, heads, columns, chart.unit, chart.decimals)


def of_bars(chart: BarChart) -> Table:
    """Give a row per category with a column per series, for stacks their sum, and the target."""
    heads, columns = _columns(chart.series)
    if chart.stacked and len(chart.series) > 1:
        known = [[column[row] for column in columns] for row in range(len(chart.categories))]
        heads.append(_("Total"))
        columns.append([_sum(row) for row in known])
    if chart.targets is not None:
        heads.append(chart.target_label)
        columns.append([None if value is None else float(value) for value in chart.targets])
    return _table(chart.category_title, list(chart.categories), heads, columns, chart.unit, chart.decimals)


def of_radar(chart: RadarChart) -> Table:
    """Give a row per axis with a column per series and its band."""
    heads, columns = _columns(chart.series)
    return _table(chart.axis_title, list(chart.axes), heads, columns, chart.unit, chart.decimals)


def _sum(row: Sequence[float | None]) -> float | None:
    known = [value for value in row if value is not None]
    return sum(known) if known else None


def of_lanes(chart: LanesChart) -> Table:
    """Give a row per lane with the names in it."""
    rows = tuple((lane.label, ", ".join(member.name for member in lane.members)) for lane in chart.lanes)
    return Table((chart.unit, chart.title), rows, chart.unit)


def of_ties(chart: TiesChart) -> Table:
    """Give a row per tie: who, what, and which kind."""
    rows = tuple(
        (chart.left[tie.left].name, chart.right[tie.right].name, chart.looks[tie.look]) for tie in chart.ties
    )
    return Table((chart.left_title, chart.right_title, chart.unit), rows, chart.unit)


def _columns(series: Sequence[Series]) -> tuple[list[str], list[Sequence[float | None]]]:
    heads: list[str] = []
    columns: list[Sequence[float | None]] = []
    for one in series:
        heads.append(one.name)
        columns.append(one.numbers)
        if one.band is not None:
            heads += [
                _("%(series)s, lowest") % {"series": one.name},
                _("%(series)s, highest") % {"series": one.name},
            ]
            columns += one.band
    return heads, columns


def _table(
    corner: str,
    names: Sequence[str],
    heads: Sequence[str],
    columns: Sequence[Sequence[float | None]],
    unit: str,
    decimals: int,
) -> Table:
    figures = tuple(tuple(column[row] for column in columns) for row in range(len(names)))
    rows = tuple(
        (name, *(format_number(value, decimals) for value in row))
        for name, row in zip(names, figures, strict=True)
    )
    return Table(head=(corner, *heads), rows=rows, unit=unit, figures=figures)
