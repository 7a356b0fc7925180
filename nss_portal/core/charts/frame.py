"""The frame of a chart over time: axes, grid, the target, and labels at the right end."""

from collections.abc import Sequence
from dataclasses import dataclass

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import LINE_HEIGHT, Canvas, Format
from nss_portal.core.charts.data import OverTime, Target
from nss_portal.core.charts.scale import Scale, nice_ticks, tick_decimals, x_ticks
from nss_portal.core.charts.text import parts, spread, width, wrap
from nss_portal.core.formats import format_number

WORDS = 0.4  # of the width: what one long word of a label may take


@dataclass(frozen=True)
class Label:
    """A text beside the end of a line or part, at the height `y`, in the colour and class of what it names."""

    y: float
    lines: tuple[str, ...]
    colour: str
    class_: str
    bold: bool = False
    swatch: str = ""
    anchor: tuple[float, float] | None = None

    def height(self, size: float) -> float:
        """Give the height of the label at a type size, with a little air."""
        return len(self.lines) * size * LINE_HEIGHT + size * 0.22


@dataclass(frozen=True)
class Frame:
    """A canvas with its plot: scales from figures to pixels and the edges of the plot."""

    canvas: Canvas
    x: Scale
    y: Scale
    left: float
    right: float
    top: float
    bottom: float
    ticks: Sequence[float]


def label_lines(name: str, figure: str, fmt: Format, *, bold: bool) -> tuple[str, ...]:
    """Break a label of a name and a figure so that it takes its share of the width, for long words some more."""
    longest = max(width(part.rstrip(), fmt.size, bold=bold) for part in parts(name))
    room = max(fmt.width * fmt.margin, min(longest, fmt.width * WORDS))
    *lines, last = wrap(name, room, fmt.size, bold=bold)
    if not figure:
        return (*lines, last)
    whole = f"{last} · {figure}"
    return (*lines, whole) if width(whole, fmt.size, bold=bold) <= room else (*lines, last, figure)


def make(chart: OverTime, fmt: Format, extent: tuple[float, float], labels: Sequence[Label]) -> Frame:
    """Lay out the plot so that all labels fit beside and under it; the drawing grows for many labels."""
    ticks = nice_ticks(*extent, about=2 if fmt.sparse else 4)
    decimals = tick_decimals(ticks)
    size = fmt.size
    left = max(width(format_number(tick, decimals), size) for tick in ticks) + 10
    beside = max((_label_width(label, size) for label in labels), default=0.0)
    last = width(_x_text(float(chart.x[-1])), size) / 2
    top = size * (2.1 if chart.unit else 0.8)
    plot_height = max(fmt.height - top - size * 2.2, sum(label.height(size) for label in labels))
    bottom = top + plot_height
    right = fmt.width - max(beside + 12 if beside else 0, last)
    canvas = Canvas(fmt.width, bottom + size * 2.2, size)
    frame = Frame(
        canvas=canvas,
        x=Scale(float(chart.x[0]), float(chart.x[-1]), left + size / 2, right),
        y=Scale(ticks[0], ticks[-1], bottom, top),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        ticks=ticks,
    )
    _axes(frame, chart, decimals, sparse=fmt.sparse)
    return frame


def _label_width(label: Label, size: float) -> float:
    wide = max(width(line, size, bold=label.bold) for line in label.lines)
    return wide + (size if label.swatch else 0)


def _x_text(value: float) -> str:
    """Write a position: years without separators, other numbers with."""
    return str(int(value)) if value == int(value) else format_number(value, 1)


def _axes(frame: Frame, chart: OverTime, decimals: int, *, sparse: bool) -> None:
    canvas, size = frame.canvas, frame.canvas.size
    canvas.open_group(class_="chart__grid", stroke=palette.GRID)
    for tick in frame.ticks:
        if tick != 0:
            canvas.line(frame.left, frame.y(tick), frame.right, frame.y(tick))
    canvas.close_group()
    if frame.ticks[0] <= 0 <= frame.ticks[-1]:
        zero = frame.y(0)
        canvas.line(frame.left, zero, frame.right, zero, class_="chart__axis", stroke=palette.AXIS)
    canvas.open_group(class_="chart__soft", fill=palette.SOFT)
    if chart.unit:
        canvas.text(0, size * 0.85, chart.unit)
    canvas.open_group(text_anchor="end")
    for tick in frame.ticks:
        canvas.text(frame.left - 8, frame.y(tick) + size * 0.34, format_number(tick, decimals))
    canvas.close_group()
    canvas.open_group(text_anchor="middle")
    room = int((frame.right - frame.left) / (size * 3.4)) + 1
    ends = sorted({float(chart.x[0]), float(chart.x[-1])})
    for position in ends if sparse else x_ticks(chart.x, room):
        canvas.text(frame.x(position), frame.bottom + size * 1.5, _x_text(position))
    canvas.close_group()
    canvas.close_group()


def draw_target(frame: Frame, target: Target) -> None:
    """Draw the target as a target: a dashed line across, a ring where it has to be reached."""
    y = frame.y(float(target.value))
    x = frame.right if target.x is None else frame.x(target.x)
    canvas = frame.canvas
    canvas.line(
        frame.left,
        y,
        x,
        y,
        class_="chart__target chart__line",
        stroke=palette.TARGET,
        stroke_width=1.5,
        stroke_dasharray="7 4",
    )
    canvas.add(
        "circle",
        cx=x,
        cy=y,
        r=4.5,
        class_="chart__target chart__paper",
        fill=palette.PAPER,
        stroke=palette.TARGET,
        stroke_width=2.5,
    )


def target_label(target: Target, frame_y: float, fmt: Format, decimals: int) -> Label:
    """Give the label of a target: its name and figure."""
    lines = label_lines(target.label, format_number(target.value, decimals), fmt, bold=True)
    return Label(frame_y, lines, palette.TARGET, "chart__target chart__name", bold=True)


def draw_labels(frame: Frame, labels: Sequence[Label]) -> None:
    """Write the labels at the right, pushed apart; one that had to move gets a thin line to its end."""
    canvas, size = frame.canvas, frame.canvas.size
    heights = [label.height(size) for label in labels]
    places = spread([label.y for label in labels], heights, frame.top - size * 0.4, frame.bottom + size * 0.5)
    for label, place in zip(labels, places, strict=True):
        start_x, start_y = label.anchor or (frame.right, label.y)
        if abs(place - label.y) > size * 0.6 or start_x < frame.right - 1:
            colour = palette.AXIS if label.swatch else label.colour
            canvas.line(
                start_x + 6,
                start_y,
                frame.right + 10,
                place,
                class_=f"{label.class_} chart__leader",
                stroke=colour,
                stroke_width=0.6,
            )
        write_label(canvas, label, frame.right + 12, place)


def write_label(canvas: Canvas, label: Label, x: float, middle: float) -> None:
    """Write a label, its lines around the height `middle`."""
    size = canvas.size
    baseline = middle - (len(label.lines) - 1) * size * LINE_HEIGHT / 2 + size * 0.34
    if label.swatch:
        canvas.add(
            "rect",
            x=x,
            y=baseline - size * 0.68,
            width=size * 0.7,
            height=size * 0.7,
            class_=f"{label.class_} chart__part",
            fill=label.swatch,
            stroke=palette.EDGE,
            stroke_width=0.6,
        )
        x += size
    canvas.open_group(
        class_="chart__ink" if label.swatch else label.class_,
        fill=palette.INK if label.swatch else label.colour,
        font_weight=600 if label.bold else None,
    )
    for number, line in enumerate(label.lines):
        canvas.text(x, baseline + number * size * LINE_HEIGHT, line)
    canvas.close_group()
