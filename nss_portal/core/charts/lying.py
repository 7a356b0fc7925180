"""Bars that lie: names at the left (on a phone above the bar), figures at the ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.charts import palette
from nss_portal.core.charts.bars import (
    GAP,
    Piece,
    bar,
    ends,
    grid,
    lanes,
    pieces,
    target_mark,
    targets,
    ticks_of,
    unit_and_legend,
)
from nss_portal.core.charts.canvas import LINE_HEIGHT, Canvas, Format
from nss_portal.core.charts.data import BarChart
from nss_portal.core.charts.scale import Scale, tick_decimals
from nss_portal.core.charts.text import width, wrap
from nss_portal.core.formats import format_number

NAMES = 0.36  # of the width at most for the names


@dataclass(frozen=True)
class Row:
    """One category: its name in lines, where it begins and where its bars begin."""

    name: Sequence[str]
    top: float
    bars: float
    bottom: float


def draw(chart: BarChart, fmt: Format) -> Canvas:
    """Draw lying bars in one of the sizes."""
    above = fmt.phone
    bars = pieces(chart)
    canvas = Canvas(fmt.width, fmt.height, fmt.size)
    top = unit_and_legend(canvas, chart, fmt)
    room = fmt.width if above else fmt.width * NAMES
    names = [wrap(name, room, fmt.size) for name in chart.categories]
    rows = _rows(chart, names, top, fmt, above=above)
    left = 0.0 if above else max(width(line, fmt.size) for name in names for line in name) + 10
    ticks = ticks_of(chart, bars, 4)
    scale = _scale(chart, bars, ticks, left, fmt)
    edges = (top, rows[-1].bottom)
    several = len(chart.series) > 1
    shown = ticks if several else [0.0]
    spans = [(row.bars - 2, row.bottom) for row in rows] if above else [edges]
    for span in spans:
        grid(canvas, scale, shown, span, lying=True)
    _names(canvas, rows, left, above=above)
    thick = _thickness(chart, fmt)
    for piece in bars:
        start, end = sorted((scale(piece.start), scale(piece.end)))
        bar(canvas, piece, start, rows[piece.category].bars + piece.lane * thick, end - start, thick)
    for category, value in targets(chart):
        row, at = rows[category], scale(value)
        target_mark(canvas, at, row.bars - 3, at, row.bars + lanes(chart) * thick + 3)
    _figures(canvas, chart, bars, scale, rows, thick)
    canvas.height = rows[-1].bottom + 4
    if several:
        _axis(canvas, scale, ticks)
    return canvas


def _thickness(chart: BarChart, fmt: Format) -> float:
    return fmt.size * (1.4 if lanes(chart) == 1 else 1.15)


def _rows(chart: BarChart, names: Sequence[Sequence[str]], top: float, fmt: Format, *, above: bool) -> list[Row]:
    rows, y = [], top
    bars_height = lanes(chart) * _thickness(chart, fmt)
    for name in names:
        text = len(name) * fmt.size * LINE_HEIGHT
        high = text + bars_height if above else max(text, bars_height)
        y += fmt.size * GAP
        begin = y + text + 2 if above else y + (high - bars_height) / 2
        rows.append(Row(name, y, begin, y + high + 2))
        y += high
    return rows


def _scale(chart: BarChart, bars: Sequence[Piece], ticks: Sequence[float], left: float, fmt: Format) -> Scale:
    """Give the scale of the figures, with room for the figures at the ends of the bars."""
    known = (
        [piece.end for piece in bars] + [piece.start for piece in bars] + [value for _c, value in targets(chart)]
    )
    several = len(chart.series) > 1
    low = ticks[0] if several else min([0.0, *known])
    high = ticks[-1] if several else max([0.0, *known])
    beyond = max((width(text, fmt.size) for _c, _l, _at, text in ends(chart, bars)), default=0.0) + 8
    start = left + (beyond if low < 0 else 1)
    return Scale(low, high if high > low else low + 1, start, fmt.width - (beyond if high > 0 else 1))


def _names(canvas: Canvas, rows: Sequence[Row], left: float, *, above: bool) -> None:
    size = canvas.size
    canvas.open_group(class_="chart__ink", fill=palette.INK, text_anchor=None if above else "end")
    for row in rows:
        block = len(row.name) * size * LINE_HEIGHT
        first = row.top if above else (row.top + row.bottom - 2 - block) / 2
        for number, line in enumerate(row.name):
            canvas.text(0 if above else left - 10, first + size * (0.94 + number * LINE_HEIGHT), line)
    canvas.close_group()


def _figures(
    canvas: Canvas, chart: BarChart, bars: Sequence[Piece], scale: Scale, rows: Sequence[Row], thick: float
) -> None:
    canvas.open_group(class_="chart__ink", fill=palette.INK)
    marked = dict(targets(chart))
    for category, lane, at, text in ends(chart, bars):
        y = rows[category].bars + (lane + 0.5) * thick + canvas.size * 0.34
        below = at < 0
        x = scale(at)
        mark = scale(marked[category]) if category in marked else None
        if mark is not None and abs(mark - x) < width(text, canvas.size) + 14 and (mark < x) == below:
            x = mark  # write beyond the mark of the target, not through it
        canvas.text(x + (-6 if below else 6), y, text, text_anchor="end" if below else None)
    canvas.close_group()


def _axis(canvas: Canvas, scale: Scale, ticks: Sequence[float]) -> None:
    decimals = tick_decimals(ticks)
    y = canvas.height + canvas.size * 0.9
    canvas.open_group(class_="chart__soft", fill=palette.SOFT, text_anchor="middle")
    last = -1e9
    for tick in ticks:
        text = format_number(tick, decimals)
        half = width(text, canvas.size) / 2
        at = max(half, min(scale(tick), canvas.width - half))
        if at - half > last + 6:
            canvas.text(at, y, text)
            last = at + half
    canvas.close_group()
    canvas.height = y + canvas.size * 0.4
