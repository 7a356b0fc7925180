"""Charts drawn on the server, the same on the page and in the PDF.

    chart = charts.line(charts.LineChart(title=…, description=…, unit="kt CO₂", x=years, series=[…]))

and in the template `{% load charts %}{% chart chart %}`.
"""

from nss_portal.core.charts.canvas import Size
from nss_portal.core.charts.chart import Chart, bar, line, radar, stacked_area
from nss_portal.core.charts.data import AreaChart, BarChart, LineChart, RadarChart, Series, Style, Table, Target

__all__ = [
    "AreaChart",
    "BarChart",
    "Chart",
    "LineChart",
    "RadarChart",
    "Series",
    "Size",
    "Style",
    "Table",
    "Target",
    "bar",
    "line",
    "radar",
    "stacked_area",
]
