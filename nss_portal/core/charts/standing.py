"""Bars that stand: names under them, figures on top."""

from collections.abc import Sequence

from nss_portal.core.charts import lying, palette
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

THICKEST = 64.0


def draw(chart: BarChart, fmt: Format) -> Canvas:
    """Draw standing bars in one of the sizes; lying ones where the names do not fit under them."""
    bars = pieces(chart)
    ticks = ticks_of(chart, bars, 4)
    decimals = tick_decimals(ticks)
    size = fmt.size
    left = max(width(format_number(tick, decimals), size) for tick in ticks) + 10
    step = (fmt.width - left) / len(chart.categories)
    names = [wrap(name, step - 4, size) for name in chart.categories]
    if any(line.endswith("…") and line not in chart.categories for name in names for line in name):
        return lying.draw(chart, fmt)
    canvas = Canvas(fmt.width, fmt.height, size)
    top = unit_and_legend(canvas, chart, fmt) + size * 1.2
    below = size if any(piece.end < 0 for piece in bars) else 0.0  # for figures under the lowest bars
    names_height = below + max(len(name) for name in names) * size * LINE_HEIGHT + size * 0.6
    bottom = max(fmt.height - names_height, top + fmt.height / 2)
    canvas.height = bottom + names_height
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    grid(canvas, scale, ticks, (left, fmt.width), lying=False)
    _ticks(canvas, scale, ticks, left)
    _bars(canvas, chart, bars, scale, left, step)
    canvas.open_group(class_="chart__ink", fill=palette.INK, text_anchor="middle")
    for number, name in enumerate(names):
        for row, line in enumerate(name):
            canvas.text(left + (number + 0.5) * step, bottom + below + size * (1.4 + row * LINE_HEIGHT), line)
    canvas.close_group()
    return canvas


def _ticks(canvas: Canvas, scale: Scale, ticks: Sequence[float], left: float) -> None:
    decimals = tick_decimals(ticks)
    canvas.open_group(class_="chart__soft", fill=palette.SOFT, text_anchor="end")
    for tick in ticks:
        canvas.text(left - 8, scale(tick) + canvas.size * 0.34, format_number(tick, decimals))
    canvas.close_group()


def _bars(canvas: Canvas, chart: BarChart, bars: Sequence[Piece], scale: Scale, left: float, step: float) -> None:
    count = lanes(chart)
    thick = min(step / (count + GAP), THICKEST)

    def begin(category: int) -> float:
        return left + (category + 0.5) * step - count * thick / 2

    for piece in bars:
        upper, lower = sorted((scale(piece.start), scale(piece.end)))
        bar(canvas, piece, begin(piece.category) + piece.lane * thick, upper, thick, lower - upper)
    for category, value in targets(chart):
        at, start = scale(value), begin(category)
        target_mark(canvas, start - 4, at, start + count * thick + 4, at)
    figures = ends(chart, bars)
    if any(width(text, canvas.size) > (step if count == 1 else thick) for _c, _l, _at, text in figures):
        return  # no room on top of the bars: the axis and the table say it
    canvas.open_group(class_="chart__ink", fill=palette.INK, text_anchor="middle")
    for category, lane, at, text in figures:
        y = scale(at) + (canvas.size * 1.05 if at < 0 else -canvas.size * 0.35)
        canvas.text(begin(category) + (lane + 0.5) * thick, y, text)
    canvas.close_group()
