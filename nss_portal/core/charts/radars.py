"""Drawing a spider's web: rings of the scale, an axis per subject, a ring from lowest to highest, and lines.

What is what can be told without colour: the mean is a thick line with dots, the range a light ring between two
thin lines, any other series dashed with squares.
"""

from collections.abc import Sequence
from math import cos, pi, sin

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import LINE_HEIGHT, Canvas, Format, Point, marks, path, short
from nss_portal.core.charts.data import RadarChart, Series
from nss_portal.core.charts.text import width, wrap
from nss_portal.core.formats import format_number

NAMES = 0.27  # of the width at most for the names at either side
AIR = 1.1  # between a web and the names around it, in type sizes
MISSING = "–"


class _Web:
    """Where things lie: the middle, the radius of the highest score, and the direction of each axis."""

    def __init__(self, chart: RadarChart, x: float, y: float, radius: float) -> None:
        self.chart, self.x, self.y, self.radius = chart, x, y, radius

    def at(self, axis: int, score: float) -> Point:
        """Give the place of a score; the lowest one lies a little outside the middle, so that it can be seen."""
        span = self.chart.highest - self.chart.lowest + 1
        return self.out(axis, self.radius * (score - self.chart.lowest + 1) / span)

    def out(self, axis: int, away: float) -> Point:
        """Give the place so far from the middle on an axis; the first points up, the others go clockwise."""
        turn = 2 * pi * axis / len(self.chart.axes) - pi / 2
        return (self.x + away * cos(turn), self.y + away * sin(turn))

    def ring(self, scores: Sequence[float]) -> str:
        """Write the closed path through a score on each axis."""
        return f"{path([self.at(axis, score) for axis, score in enumerate(scores)])}Z"


def draw(chart: RadarChart, fmt: Format) -> Canvas:
    """Draw a web in one of the sizes; where there is no room for names around it, numbers stand for them."""
    canvas = Canvas(fmt.width, fmt.height, fmt.size)
    top = _legend(canvas, chart, fmt)
    numbered = fmt.phone or fmt.sparse
    names = [[str(number)] for number in range(1, len(chart.axes) + 1)]
    if not numbered:
        names = [wrap(name, fmt.width * NAMES, fmt.size) for name in chart.axes]
    high = max(len(lines) for lines in names) * fmt.size * LINE_HEIGHT
    beside = max(width(line, fmt.size) for lines in names for line in lines) + fmt.size * AIR
    tallest = fmt.width * (0.5 if not numbered else 1)
    radius = min((fmt.width - 2 * beside) / 2, tallest / 2)
    web = _Web(chart, fmt.width / 2, top + high + fmt.size * 0.6 + radius, radius)
    canvas.height = web.y + radius + high + fmt.size * 0.8
    _grid(canvas, web)
    for number, series in enumerate(chart.series):
        if series.band is not None:
            _band(canvas, web, series)
        _line(canvas, web, series, number)
    _scale(canvas, web)
    _names(canvas, web, names)
    if fmt.phone:
        _list(canvas, chart, fmt)
    return canvas


def _grid(canvas: Canvas, web: _Web) -> None:
    chart = web.chart
    canvas.open_group(class_="chart__grid", stroke=palette.GRID)
    for score in range(chart.lowest, chart.highest + 1):
        canvas.add("path", d=web.ring([score] * len(chart.axes)))
    for axis in range(len(chart.axes)):
        x, y = web.at(axis, chart.highest)
        canvas.line(web.x, web.y, x, y)
    canvas.close_group()


def _scale(canvas: Canvas, web: _Web) -> None:
    """Write the scores beside the axis that points up."""
    canvas.open_group(class_="chart__soft", fill=palette.SOFT, font_size=short(canvas.size * 0.85))
    for score in range(web.chart.lowest, web.chart.highest + 1):
        x, y = web.at(0, score)
        canvas.text(x + canvas.size * 0.35, y + canvas.size * 0.95, str(score))
    canvas.close_group()


def _pieces(web: _Web, values: Sequence[float | None]) -> list[list[Point]]:
    """Cut the line around the web at axes without a figure; a whole one comes back to its beginning."""
    points = [None if value is None else web.at(axis, value) for axis, value in enumerate(values)]
    if None not in points:
        whole = [point for point in points if point is not None]
        return [[*whole, whole[0]]]
    start = points.index(None)
    pieces: list[list[Point]] = [[]]
    for point in [*points[start:], *points[:start]]:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    return [piece for piece in pieces if piece]


def _band(canvas: Canvas, web: _Web, series: Series) -> None:
    """Draw the ring from the lowest to the highest score, with thin lines at both, so that it shows in grey."""
    assert series.band is not None  # noqa: S101 - by `draw`
    look = palette.stroke(0)
    low, high = (_pieces(web, row) for row in series.band)
    for inner, outer in zip(low, high, strict=True):
        outline = f"{path(outer)}{path(inner[::-1]).replace('M', 'L', 1)}Z"
        canvas.add("path", d=outline, class_="chart__c1 chart__band", fill=look.colour, fill_opacity="0.14")
    edges = "".join(path(piece) for piece in (*low, *high) if len(piece) > 1)
    if edges:
        canvas.add("path", d=edges, class_="chart__c1 chart__leader", stroke=look.colour, stroke_width=0.8)


def _line(canvas: Canvas, web: _Web, series: Series, number: int) -> None:
    look, class_, main = _look(number)
    pieces = _pieces(web, series.numbers)
    drawn = "".join(path(piece) for piece in pieces if len(piece) > 1)
    if drawn:
        canvas.add(
            "path",
            d=drawn,
            class_=f"{class_} chart__line",
            stroke=look,
            stroke_width=2.8 if main else 1.8,
            stroke_dasharray=None if main else "5 4",
            stroke_linejoin="round",
        )
    points = list(dict.fromkeys(point for piece in pieces for point in piece))
    if points:
        marks(canvas, "dot" if main else "square", points, colour=look, class_=class_, r=3.5 if main else 2.5)


def _look(number: int) -> tuple[str, str, bool]:
    """Give the colour and class of the n-th series, and whether it is the main one."""
    if number == 0:
        return palette.stroke(0).colour, "chart__c1", True
    return palette.stroke(number).colour, f"chart__c{number % len(palette.LINES) + 1}", False


def _names(canvas: Canvas, web: _Web, names: Sequence[Sequence[str]]) -> None:
    size = canvas.size
    canvas.open_group(class_="chart__ink", fill=palette.INK)
    for axis, lines in enumerate(names):
        x, y = web.out(axis, web.radius + size * 0.7)
        across, down = (x - web.x) / web.radius, (y - web.y) / web.radius
        anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
        block = len(lines) * size * LINE_HEIGHT
        first = y - block * (1 - down) / 2 + size * 0.85
        for number, line in enumerate(lines):
            canvas.text(
                x, first + number * size * LINE_HEIGHT, line, text_anchor=None if anchor == "start" else anchor
            )
    canvas.close_group()


def _list(canvas: Canvas, chart: RadarChart, fmt: Format) -> None:
    """Write under the web what its numbers stand for, with the figure of the main series."""
    size = fmt.size
    y = canvas.height + size
    canvas.open_group(class_="chart__ink", fill=palette.INK)
    for number, (name, value) in enumerate(zip(chart.axes, chart.series[0].numbers, strict=True), start=1):
        figure = MISSING if value is None else format_number(value, chart.decimals)
        lines = wrap(f"{number}. {name}", fmt.width - size * 3, size)
        canvas.text(fmt.width, y, figure, text_anchor="end", font_weight=600)
        for line in lines:
            canvas.text(0, y, line)
            y += size * LINE_HEIGHT
        y += size * 0.3
    canvas.close_group()
    canvas.height = y


def _legend(canvas: Canvas, chart: RadarChart, fmt: Format) -> float:
    """Say what is what; give the height that takes."""
    size = fmt.size
    entries = [(series.name, number) for number, series in enumerate(chart.series)]
    if chart.band_label and chart.series[0].band is not None:
        entries.insert(1, (chart.band_label, -1))
    x, y = 0.0, size * 0.85
    for name, number in entries:
        lines = wrap(name, fmt.width - size * 3, size)
        wide = max(width(line, size) for line in lines) + size * 4
        if x and x + wide - size > fmt.width:
            x, y = 0.0, y + size * 1.6
        _swatch(canvas, x, y - size * 0.35, number)
        for line in lines:
            canvas.text(x + size * 2.6, y, line, class_="chart__ink", fill=palette.INK)
            y += size * LINE_HEIGHT
        y -= size * LINE_HEIGHT
        x += wide
    return y + size * 0.9


def _swatch(canvas: Canvas, x: float, y: float, number: int) -> None:
    size = canvas.size
    if number < 0:
        colour = palette.stroke(0).colour
        box = {
            "x": x,
            "y": y - size * 0.4,
            "width": size * 2,
            "height": size * 0.8,
            "class_": "chart__c1 chart__band",
        }
        canvas.add("rect", **box, fill=colour, fill_opacity="0.14")
        edges = f"M{short(x)} {short(y - size * 0.4)}h{short(size * 2)}m0 {short(size * 0.8)}h-{short(size * 2)}"
        canvas.add("path", d=edges, class_="chart__c1 chart__leader", stroke=colour, stroke_width=0.8)
        return
    colour, class_, main = _look(number)
    canvas.line(
        x,
        y,
        x + size * 2,
        y,
        class_=f"{class_} chart__line",
        stroke=colour,
        stroke_width=2.8 if main else 1.8,
        stroke_dasharray=None if main else "5 4",
    )
    shape = "dot" if main else "square"
    marks(canvas, shape, [(x + size, y)], colour=colour, class_=class_, r=3.5 if main else 2.5)
