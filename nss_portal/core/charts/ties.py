"""Drawing who is tied to what: names at both sides, and curves between them that differ in weight and dash."""

from collections.abc import Sequence
from dataclasses import replace

from nss_portal.core.charts import palette
from nss_portal.core.charts.canvas import LINE_HEIGHT, Canvas, Format, short
from nss_portal.core.charts.data import End, Tie, TiesChart
from nss_portal.core.charts.text import width, wrap

SIDE = 0.37  # of the width for the names at either side
AIR = 0.85  # between names, in type sizes
LOOKS = ((2.6, None), (1.2, None), (1.4, "5 3"))  # weight and dash of each kind of tie


def draw(chart: TiesChart, fmt: Format) -> Canvas:
    """Draw the ties; the shorter side is spread over the height of the longer one.

    The names on the right come in an order in which few lines cross.
    """
    chart = uncrossed(chart)
    canvas = Canvas(fmt.width, fmt.height, fmt.size)
    size = fmt.size * (0.9 if fmt.phone else 1)
    top = _legend(canvas, chart, fmt)
    room = fmt.width * SIDE
    titles = fmt.size * 1.9
    left, right = (_rows(side, room, size) for side in (chart.left, chart.right))
    height = max(_height(left, size), _height(right, size))
    places = [_places(rows, size, top + titles, height) for rows in (left, right)]
    for x, anchor, text in ((room, "end", chart.left_title), (fmt.width - room, "start", chart.right_title)):
        canvas.text(
            x, top + fmt.size, text, class_="chart__soft", fill=palette.SOFT, text_anchor=anchor, font_weight=600
        )
    gap = fmt.size * 0.5
    for look in reversed(range(len(chart.looks))):
        _curves(
            canvas, [t for t in chart.ties if t.look == look], places, (room + gap, fmt.width - room - gap), look
        )
    for side, rows, at in ((0, left, places[0]), (1, right, places[1])):
        ends = chart.right if side else chart.left
        _names(canvas, ends, rows, at, size, x=fmt.width - room if side else room, right=bool(side))
    canvas.height = top + titles + height + fmt.size * 0.4
    return canvas


def uncrossed(chart: TiesChart) -> TiesChart:
    """Put each name on the right as high as the names on the left that it is tied to, on the whole."""
    places: dict[int, list[int]] = {number: [] for number in range(len(chart.right))}
    for tie in chart.ties:
        places[tie.right].append(tie.left)
    middles = {number: sum(found) / len(found) if found else 0 for number, found in places.items()}
    order = sorted(middles, key=lambda number: (middles[number], number))
    return replace(
        chart,
        right=[chart.right[number] for number in order],
        ties=[replace(tie, right=order.index(tie.right)) for tie in chart.ties],
    )


def _legend(canvas: Canvas, chart: TiesChart, fmt: Format) -> float:
    x, y = 0.0, fmt.size
    for number, name in enumerate(chart.looks):
        needed = fmt.size * 3 + width(name, fmt.size * 0.9)
        if x and x + needed > fmt.width:
            x, y = 0.0, y + fmt.size * 1.5
        weight, dash = LOOKS[number]
        colour = palette.stroke(0).colour
        canvas.line(
            x,
            y - fmt.size * 0.3,
            x + fmt.size * 2.2,
            y - fmt.size * 0.3,
            class_="chart__c1 chart__line",
            stroke=colour,
            stroke_width=weight,
            stroke_dasharray=dash,
        )
        canvas.text(
            x + fmt.size * 2.7, y, name, class_="chart__soft", fill=palette.SOFT, font_size=short(fmt.size * 0.9)
        )
        x += needed + fmt.size
    return y + fmt.size * 0.9


def _rows(ends: Sequence[End], room: float, size: float) -> list[list[str]]:
    return [wrap(end.name, room, size, bold=end.strong, lines=3) for end in ends]


def _high(rows: Sequence[str], size: float) -> float:
    return len(rows) * size * LINE_HEIGHT + size * AIR


def _height(rows: Sequence[Sequence[str]], size: float) -> float:
    return sum(_high(one, size) for one in rows)


def _places(rows: Sequence[Sequence[str]], size: float, top: float, height: float) -> list[float]:
    """Give the middle of each name, spread evenly over the height."""
    air = (height - _height(rows, size)) / max(1, len(rows))
    found, y = [], top
    for one in rows:
        high = _high(one, size) + air
        found.append(y + high / 2)
        y += high
    return found


def _curves(
    canvas: Canvas, ties: Sequence[Tie], places: Sequence[Sequence[float]], ends: tuple[float, float], look: int
) -> None:
    """Draw all ties of one kind as one path."""
    if not ties:
        return
    (x1, x2), (weight, dash) = ends, LOOKS[look]
    middle = short((x1 + x2) / 2)
    drawn = "".join(
        f"M{short(x1)} {short(places[0][tie.left])}C{middle} {short(places[0][tie.left])} "
        f"{middle} {short(places[1][tie.right])} {short(x2)} {short(places[1][tie.right])}"
        for tie in ties
    )
    canvas.add(
        "path",
        d=drawn,
        class_="chart__c1 chart__line",
        stroke=palette.stroke(0).colour,
        stroke_width=weight,
        stroke_dasharray=dash,
        stroke_opacity="0.75" if look == 0 else "0.55",
    )


def _names(
    canvas: Canvas,
    ends: Sequence[End],
    rows: Sequence[Sequence[str]],
    places: Sequence[float],
    size: float,
    *,
    x: float,
    right: bool,
) -> None:
    canvas.open_group(class_="chart__ink", fill=palette.INK)
    look = {"text_anchor": "start" if right else "end", "font_size": short(size)}
    for end, lines, y in zip(ends, rows, places, strict=True):
        first = y - (len(lines) - 1) * size * LINE_HEIGHT / 2 + size * 0.33
        for number, line in enumerate(lines):
            weight = 600 if end.strong else None
            canvas.text(x, first + number * size * LINE_HEIGHT, line, font_weight=weight, **look)
    canvas.close_group()
