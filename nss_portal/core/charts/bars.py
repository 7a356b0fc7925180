"""Drawing bars: what is common to those that lie and those that stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import Canvas, Format
from nss_portal.core.charts.data import BarChart
from nss_portal.core.charts.scale import Scale, extent, nice_ticks, whole_ticks
from nss_portal.core.charts.text import width
from nss_portal.core.formats import format_number

GAP = 0.55  # between two categories, as a share of a bar's thickness


@dataclass(frozen=True)
class Piece:
    """One bar or part of one: its category, lane within it, series, and from where to where it reaches."""

    category: int
    lane: int
    series: int
    start: float
    end: float


def lanes(chart: BarChart) -> int:
    """Give how many bars lie beside each other in a category."""
    return 1 if chart.stacked else len(chart.series)


def pieces(chart: BarChart) -> list[Piece]:
    """Give all bars; stacked ones pile up from zero, those below zero downwards."""
    found = []
    for category in range(len(chart.categories)):
        up = down = 0.0
        for number, series in enumerate(chart.series):
            value = series.numbers[category]
            if value is None:
                continue
            if not chart.stacked:
                found.append(Piece(category, number, number, 0.0, value))
            elif value >= 0:
                found.append(Piece(category, 0, number, up, up + value))
                up += value
            else:
                found.append(Piece(category, 0, number, down, down + value))
                down += value
    return found


def ticks_of(chart: BarChart, bars: Sequence[Piece], about: int) -> list[float]:
    """Give the ticks of the axis of figures; zero is always among them."""
    reach = [[piece.start for piece in bars], [piece.end for piece in bars]]
    low, high = extent([*reach, _targets(chart)], zero=True)
    ticks = nice_ticks(low, high, about=about)
    are_whole = bars and all(piece.start == int(piece.start) and piece.end == int(piece.end) for piece in bars)
    if are_whole and any(tick != int(tick) for tick in ticks):
        return whole_ticks(low, high, about)  # of two and a half actions nobody has heard
    return ticks


def ends(chart: BarChart, bars: Sequence[Piece]) -> list[tuple[int, int, float, str]]:
    """Give the figures to write at the ends of bars: category, lane, position and text (of a stack its sum)."""
    if not chart.stacked:
        return [(p.category, p.lane, p.end, format_number(p.end, chart.decimals)) for p in bars]
    found = []
    for category in range(len(chart.categories)):
        own = [piece for piece in bars if piece.category == category]
        if own:
            total = sum(piece.end - piece.start for piece in own)
            reach = max(piece.end for piece in own) if total >= 0 else min(piece.end for piece in own)
            found.append(
                (category, 0, max(reach, 0) if total >= 0 else reach, format_number(total, chart.decimals))
            )
    return found


def _targets(chart: BarChart) -> list[float | None]:
    return [None if value is None else float(value) for value in chart.targets or ()]


def targets(chart: BarChart) -> list[tuple[int, float]]:
    """Give the categories that have a target, with its figure."""
    return [(index, value) for index, value in enumerate(_targets(chart)) if value is not None]


def bar(canvas: Canvas, piece: Piece, x: float, y: float, wide: float, high: float) -> None:
    """Draw one bar."""
    canvas.add(
        "rect",
        x=x,
        y=y,
        width=max(wide, 0.5),
        height=max(high, 0.5),
        class_=f"chart__part chart__f{piece.series % len(palette.FILLS) + 1}",
        fill=palette.fill(piece.series),
        stroke=palette.edge(piece.series),
        stroke_width=0.6,
    )


def target_mark(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    """Draw the mark of one category's target across its bars, apart from them by a line of paper."""
    canvas.line(x1, y1, x2, y2, class_="chart__halo", stroke=palette.PAPER, stroke_width=6)
    canvas.line(x1, y1, x2, y2, class_="chart__target chart__line", stroke=palette.TARGET, stroke_width=3)


def unit_and_legend(canvas: Canvas, chart: BarChart, fmt: Format) -> float:
    """Write the unit, and for several series what is what; give the height they take."""
    size = fmt.size
    entries = [(series.name, index) for index, series in enumerate(chart.series)] if len(chart.series) > 1 else []
    if chart.targets is not None:
        entries.append((chart.target_label, -1))
    x, y = 0.0, size * 0.85
    if chart.unit:
        canvas.text(0, y, chart.unit, class_="chart__soft", fill=palette.SOFT)
        x = width(chart.unit, size) + size * 1.4
    for name, index in entries:
        wide = width(name, size) + size * 2
        if x and x + wide - size > fmt.width:
            x, y = 0.0, y + size * 1.6
        _entry(canvas, name, index, x, y)
        x += wide
    return y + size * 0.9 if entries or chart.unit else 0.0


def _entry(canvas: Canvas, name: str, index: int, x: float, y: float) -> None:
    size = canvas.size
    if index < 0:
        target_mark(canvas, x + size * 0.35, y - size * 0.75, x + size * 0.35, y + size * 0.1)
    else:
        bar(canvas, Piece(0, 0, index, 0, 0), x, y - size * 0.68, size * 0.7, size * 0.7)
    canvas.text(x + size, y, name, class_="chart__ink", fill=palette.INK)


def grid(canvas: Canvas, scale: Scale, ticks: Sequence[float], edges: tuple[float, float], *, lying: bool) -> None:
    """Draw the lines of the axis of figures: across for standing bars, upright for lying ones, zero last."""
    for tick in sorted(ticks, key=lambda tick: tick == 0):
        at = scale(tick)
        line = (at, edges[0], at, edges[1]) if lying else (edges[0], at, edges[1], at)
        zero = tick == 0
        canvas.line(
            *line, class_="chart__axis" if zero else "chart__grid", stroke=palette.AXIS if zero else palette.GRID
        )
