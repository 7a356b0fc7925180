"""Charts drawn on the server, the same on the page and in the PDF.

    chart = charts.line(charts.LineChart(title=…, description=…, unit="kt CO₂", x=years, series=[…]))

and in the template `{% load charts %}{% chart chart %}`.
"""

from nss_portal.core.charts.canvas import Size
from nss_portal.core.charts.chart import Chart, bar, line, parts_in_lanes, radar, stacked_area, tied
from nss_portal.core.charts.data import (
    AreaChart,
    BarChart,
    End,
    Lane,
    LanesChart,
    LineChart,
    Member,
    RadarChart,
    Series,
    Style,
    Table,
    Target,
    Tie,
    TiesChart,
)

__all__ = [
    "AreaChart",
    "BarChart",
    "Chart",
    "End",
    "Lane",
    "LanesChart",
    "LineChart",
    "Member",
    "RadarChart",
    "Series",
    "Size",
    "Style",
    "Table",
    "Target",
    "Tie",
    "TiesChart",
    "bar",
    "line",
    "parts_in_lanes",
    "radar",
    "stacked_area",
    "tied",
]
