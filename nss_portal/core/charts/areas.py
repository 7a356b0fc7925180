"""Drawing parts of a whole over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import Canvas, Format, Point, polygon, runs
from nss_portal.core.charts.data import AreaChart
from nss_portal.core.charts.frame import Frame, Label, draw_labels, draw_target, label_lines, make, target_label
from nss_portal.core.charts.scale import extent
from nss_portal.core.formats import format_number


@dataclass(frozen=True)
class Layer:
    """One part: from where to where it reaches at each position; None in a gap."""

    name: str
    index: int
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    values: tuple[float | None, ...]


def layers(chart: AreaChart) -> list[Layer]:
    """Stack the parts: what is above zero upwards, what is below (captured carbon, say) downwards.

    A part without any figure is left out; where one of the others has none the whole has a gap.
    """
    parts = [
        (index, series.name, series.numbers)
        for index, series in enumerate(chart.series)
        if any(value is not None for value in series.numbers)
    ]
    gaps = [any(numbers[at] is None for _i, _n, numbers in parts) for at in range(len(chart.x))]
    up, down = [0.0] * len(chart.x), [0.0] * len(chart.x)
    found = []
    for index, name, numbers in parts:
        low: list[float | None] = []
        high: list[float | None] = []
        for at, value in enumerate(numbers):
            if gaps[at] or value is None:
                low.append(None)
                high.append(None)
                continue
            base = up if value >= 0 else down
            low.append(base[at])
            base[at] += value
            high.append(base[at])
        found.append(Layer(name, index, tuple(low), tuple(high), numbers))
    return found


def draw(chart: AreaChart, fmt: Format) -> Canvas:
    """Draw a stacked area chart in one of its sizes."""
    stack = layers(chart)
    rows: list[Sequence[float | None]] = [edge for layer in stack for edge in (layer.low, layer.high)]
    if chart.target:
        rows.append([float(chart.target.value)])
    frame = make(chart, fmt, extent(rows, zero=True), _labels(chart, stack, fmt, None))
    for layer in stack:
        _area(frame, chart, layer)
    if chart.target:
        draw_target(frame, chart.target)
    draw_labels(frame, _labels(chart, stack, fmt, frame))
    return frame.canvas


def _points(frame: Frame, chart: AreaChart, values: Sequence[float | None]) -> list[Point | None]:
    return [
        None if value is None else (frame.x(float(x)), frame.y(value))
        for x, value in zip(chart.x, values, strict=True)
    ]


def _area(frame: Frame, chart: AreaChart, layer: Layer) -> None:
    below, above = runs(_points(frame, chart, layer.low)), runs(_points(frame, chart, layer.high))
    for lower, upper in zip(below, above, strict=True):
        if len(lower) == 1:  # one year by itself: a narrow column, so that it does not vanish
            (x, low), (_x, high) = lower[0], upper[0]
            lower, upper = [(x - 2, low), (x + 2, low)], [(x - 2, high), (x + 2, high)]
        frame.canvas.add(
            "path",
            d=polygon(upper, lower),
            class_=f"chart__part chart__f{layer.index % len(palette.FILLS) + 1}",
            fill=palette.fill(layer.index),
            stroke=palette.edge(layer.index),
            stroke_width=0.6,
        )


def _labels(chart: AreaChart, stack: Sequence[Layer], fmt: Format, frame: Frame | None) -> list[Label]:
    """Give the labels at the right, each with a patch of its part's colour."""
    labels = []
    for layer in reversed(stack):
        last = max((at for at, edge in enumerate(layer.low) if edge is not None), default=None)
        if last is None:
            continue
        low, high, value = layer.low[last] or 0.0, layer.high[last] or 0.0, layer.values[last]
        y = frame.y((low + high) / 2) if frame else 0
        lines = label_lines(layer.name, format_number(value, chart.decimals), fmt, bold=False)
        anchor = (frame.x(float(chart.x[last])), y) if frame else None
        number = layer.index % len(palette.FILLS) + 1
        labels.append(
            Label(y, lines, palette.INK, f"chart__f{number}", swatch=palette.fill(layer.index), anchor=anchor)
        )
    if chart.target:
        y = frame.y(float(chart.target.value)) if frame else 0
        labels.append(target_label(chart.target, y, fmt, chart.decimals))
    return labels
