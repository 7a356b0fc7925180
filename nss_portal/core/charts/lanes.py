"""Drawing who has which part: a lane per part from the most central down, a pill per name, a shape per kind."""

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import LINE_HEIGHT, Canvas, Format, marks, short
from nss_portal.core.charts.data import Lane, LanesChart, Member
from nss_portal.core.charts.text import width, wrap

LABEL = 0.19  # of the width for the names of lanes, where they stand beside them
WIDEST = 0.62  # of the room of a lane for one name
AIR = 0.55  # around a name in its pill, in type sizes
GAP = 0.6  # between pills and lanes, in type sizes


def draw(chart: LanesChart, fmt: Format) -> Canvas:
    """Draw the lanes; on a phone their names stand above them."""
    canvas = Canvas(fmt.width, fmt.height, fmt.size)
    y = _legend(canvas, chart, fmt)
    for lane in chart.lanes:
        y = _lane(canvas, lane, fmt, y) + fmt.size * GAP
    canvas.height = y
    return canvas


def _legend(canvas: Canvas, chart: LanesChart, fmt: Format) -> float:
    """Say which shape is which kind; gives where the lanes begin."""
    if not chart.marks:
        return 0
    x, y = 0.0, fmt.size
    for number, name in enumerate(chart.marks):
        needed = fmt.size * 1.3 + width(name, fmt.size * 0.9)
        if x and x + needed > fmt.width:
            x, y = 0.0, y + fmt.size * 1.5
        _mark(canvas, number, x + fmt.size * 0.5, y - fmt.size * 0.3)
        canvas.text(
            x + fmt.size * 1.1, y, name, class_="chart__soft", fill=palette.SOFT, font_size=short(fmt.size * 0.9)
        )
        x += needed + fmt.size
    return y + fmt.size * 1.2


def _mark(canvas: Canvas, number: int, x: float, y: float) -> None:
    look = palette.stroke(number)
    marks(canvas, look.mark, [(x, y)], colour=look.colour, class_=f"chart__c{number + 1}", r=canvas.size * 0.3)


def _lane(canvas: Canvas, lane: Lane, fmt: Format, top: float) -> float:
    """Draw one lane with its frame; gives where it ends."""
    size = fmt.size
    left = size * GAP if fmt.phone else fmt.width * LABEL
    y = top + size * (1.7 if fmt.phone else GAP)
    x, room, tallest = left, fmt.width - left - size * GAP, 0.0
    pills: list[tuple[Member, list[str], float, float, float, float]] = []
    for member in lane.members:
        rows = wrap(member.name, room * (1 if fmt.phone else WIDEST) - size * (2 * AIR + 1), size * 0.95, lines=2)
        wide = max(width(row, size * 0.95) for row in rows) + size * (2 * AIR + 1)
        high = len(rows) * size * LINE_HEIGHT + size * 0.7
        if x > left and x + wide > left + room:
            x, y, tallest = left, y + tallest + size * GAP, 0.0
        pills.append((member, rows, x, y, min(wide, room), high))
        x, tallest = x + wide + size * GAP, max(tallest, high)
    lines = wrap(lane.label, fmt.width * LABEL - size * 1.4, size, bold=True, lines=2)
    bottom = max(y + tallest, top + size * (1.4 + LINE_HEIGHT * (1 if fmt.phone else len(lines)))) + size * GAP
    _frame(canvas, lane, top, bottom, [lane.label] if fmt.phone else lines)
    for pill in pills:
        _pill(canvas, *pill)
    return bottom


def _frame(canvas: Canvas, lane: Lane, top: float, bottom: float, lines: list[str]) -> None:
    size = canvas.size
    canvas.add(
        "rect",
        x=1,
        y=top + 1,
        width=canvas.width - 2,
        height=bottom - top - 2,
        rx=8,
        class_="chart__axis" if lane.strong else "chart__grid",
        stroke=palette.AXIS if lane.strong else palette.GRID,
        stroke_width=2 if lane.strong else 1.2,
    )
    for number, line in enumerate(lines):
        y = top + size * (1.35 + number * LINE_HEIGHT)
        canvas.text(size * 0.7, y, line, class_="chart__ink", fill=palette.INK, font_weight=600)


def _pill(canvas: Canvas, member: Member, rows: list[str], x: float, y: float, wide: float, high: float) -> None:
    size, look = canvas.size, palette.stroke(member.mark)
    canvas.add(
        "rect",
        x=x,
        y=y,
        width=wide,
        height=high,
        rx=min(high / 2, size * 0.9),
        class_=f"chart__c{member.mark + 1} chart__paper",
        fill=palette.PAPER,
        stroke=look.colour,
        stroke_width=1.2,
    )
    _mark(canvas, member.mark, x + size * 0.85, y + high / 2)
    first = y + high / 2 - (len(rows) - 1) * size * LINE_HEIGHT / 2 + size * 0.33
    for number, row in enumerate(rows):
        canvas.text(
            x + size * (AIR + 1),
            first + number * size * LINE_HEIGHT,
            row,
            class_="chart__ink",
            fill=palette.INK,
            font_size=short(size * 0.95),
        )
