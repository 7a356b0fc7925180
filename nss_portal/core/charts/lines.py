"""Drawing lines over time."""

from collections.abc import Sequence
from math import ceil

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import Canvas, Format, Point, marks, path, polygon, runs
from nss_portal.core.charts.data import LineChart, Series, Style
from nss_portal.core.charts.frame import Frame, Label, draw_labels, draw_target, label_lines, make, target_label
from nss_portal.core.charts.inside import put_inside
from nss_portal.core.charts.palette import Stroke
from nss_portal.core.charts.scale import extent
from nss_portal.core.formats import format_number

MANY = 14  # marks on a line at most


def draw(chart: LineChart, fmt: Format) -> Canvas:
    """Draw a line chart in one of its sizes."""
    looks = _looks(chart.series)
    frame = make(chart, fmt, _extent(chart), _labels(chart, looks, fmt, None))
    for series, (look, class_) in zip(chart.series, looks, strict=True):
        _band(frame, chart, series, look, class_)
    if chart.target:
        draw_target(frame, chart.target)
    order = sorted(zip(chart.series, looks, strict=True), key=lambda pair: _depth(pair[0]))
    for series, (look, class_) in order:
        _line(frame, chart, series, look, class_)
    lines = [_points(frame, chart, series.numbers) for series in chart.series]
    draw_labels(frame, put_inside(frame, _labels(chart, looks, fmt, frame), lines))
    return frame.canvas


def _depth(series: Series) -> int:
    return {Style.TREND: 0, Style.PLAIN: 1, Style.MAIN: 2}[series.style]


def _looks(series: Sequence[Series]) -> list[tuple[Stroke, str]]:
    """Give each series its look and class; trends are grey and dashed, the main one comes first in the palette."""
    drawn = sorted((one for one in series if one.style != Style.TREND), key=lambda one: one.style != Style.MAIN)
    turns = {id(one): number for number, one in enumerate(drawn)}
    looks = []
    for one in series:
        number = turns.get(id(one))
        if number is None:
            looks.append((Stroke(palette.TREND, "3 4", ""), "chart__trend"))
        else:
            looks.append((palette.stroke(number), f"chart__c{number % len(palette.LINES) + 1}"))
    return looks


def _extent(chart: LineChart) -> tuple[float, float]:
    rows: list[Sequence[float | None]] = [series.numbers for series in chart.series]
    rows += [edge for series in chart.series for edge in series.band or ()]
    if chart.target:
        rows.append([float(chart.target.value)])
    return extent(rows, zero=chart.from_zero)


def _points(frame: Frame, chart: LineChart, values: Sequence[float | None]) -> list[Point | None]:
    return [
        None if value is None else (frame.x(float(x)), frame.y(value))
        for x, value in zip(chart.x, values, strict=True)
    ]


def _band(frame: Frame, chart: LineChart, series: Series, look: Stroke, class_: str) -> None:
    if series.band is None:
        return
    low, high = series.band
    both = [None if a is None or b is None else (a, b) for a, b in zip(low, high, strict=True)]
    lower = _points(frame, chart, [pair and pair[0] for pair in both])
    upper = _points(frame, chart, [pair and pair[1] for pair in both])
    for below, above in zip(runs(lower), runs(upper), strict=True):
        if len(below) > 1:
            outline = polygon(above, below)
            frame.canvas.add(
                "path", d=outline, class_=f"{class_} chart__band", fill=look.colour, fill_opacity="0.14"
            )


def _line(frame: Frame, chart: LineChart, series: Series, look: Stroke, class_: str) -> None:
    canvas = frame.canvas
    pieces = runs(_points(frame, chart, series.numbers))
    if not pieces:
        return
    canvas.add(
        "path",
        d="".join(path(piece) for piece in pieces if len(piece) > 1),
        class_=f"{class_} chart__line",
        stroke=look.colour,
        stroke_width=2.8 if series.style == Style.MAIN else 2,
        stroke_dasharray=look.dash or None,
        stroke_linejoin="round",
    )
    if series.style == Style.TREND:
        lonely = [piece[0] for piece in pieces if len(piece) == 1]
        if lonely:
            marks(canvas, "dot", lonely, colour=look.colour, class_=class_, r=2)
        return
    known = [point for piece in pieces for point in piece]
    every = ceil(len(known) / MANY) if look.mark != "dot" else len(known)
    marked = [*known[::-every], *(piece[0] for piece in pieces if len(piece) == 1)]
    small = [point for point in dict.fromkeys(marked) if point != known[-1]]
    if small:
        marks(canvas, look.mark, small, colour=look.colour, class_=class_)
    marks(canvas, look.mark, known[-1:], colour=look.colour, class_=class_, r=3.5)


def _labels(
    chart: LineChart, looks: Sequence[tuple[Stroke, str]], fmt: Format, frame: Frame | None
) -> list[Label]:
    """Give the labels at the right: without a frame for their room only, with one at their heights."""
    labels = []
    for series, (look, class_) in zip(chart.series, looks, strict=True):
        ends = [(x, value) for x, value in zip(chart.x, series.numbers, strict=True) if value is not None]
        if not ends:
            continue
        x, value = ends[-1]
        bold = series.style == Style.MAIN
        figure = format_number(value, chart.decimals) if series.labels_value else ""
        anchor = (frame.x(float(x)), frame.y(value)) if frame else None
        lines = label_lines(series.name, figure, fmt, bold=bold)
        labels.append(
            Label(anchor[1] if anchor else 0, lines, look.colour, f"{class_} chart__name", bold, anchor=anchor)
        )
    if chart.target:
        y = frame.y(float(chart.target.value)) if frame else 0
        labels.append(target_label(chart.target, y, fmt, chart.decimals))
    return labels
