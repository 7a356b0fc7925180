"""Writing SVG: a list of elements with presentation attributes and classes, in as few bytes as are readable.

No styles (the content security policy refuses inline ones, WeasyPrint does not hand page styles to an SVG).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape, quoteattr

from nss_portal.core.charts import palette

Point = tuple[float, float]
LINE_HEIGHT = 1.22


@dataclass(frozen=True)
class Format:
    """A drawing's size in pixels, the type size, and how much of the width labels beside it may take.

    `phone` puts the names of lying bars above them; `sparse` labels the axes with as little as will do.
    """

    width: float
    height: float
    size: float
    margin: float
    phone: bool = False
    sparse: bool = False


class Size(Enum):
    """The three drawings of a chart: for a column, for a phone, and small for many beside each other."""

    WIDE = Format(680, 300, 14, 0.28)
    NARROW = Format(350, 290, 14, 0.27, phone=True)
    SMALL = Format(310, 170, 11.5, 0.27, sparse=True)


def short(number: float) -> str:
    """Write a coordinate: one decimal, none where it is zero."""
    text = f"{number:.1f}"
    return text[:-2] if text.endswith(".0") else text


class Canvas:
    """Collects the elements of one drawing."""

    def __init__(self, width: float, height: float, size: float) -> None:
        self.width, self.height, self.size = width, height, size
        self.parts: list[str] = []

    def add(self, tag: str, **attributes: object) -> None:
        """Add an element; `class_` is its class, underscores in names become hyphens, None leaves one out."""
        self.parts.append(f"<{tag}{written(attributes)}/>")

    def open_group(self, **attributes: object) -> None:
        """Begin a group whose attributes hold for all in it; `close_group` ends it."""
        self.parts.append(f"<g{written(attributes)}>")

    def close_group(self) -> None:
        """End the group that was opened last."""
        self.parts.append("</g>")

    def text(self, x: float, y: float, text: str, **attributes: object) -> None:
        """Write a text with its baseline at `y`."""
        self.parts.append(f"<text{written({'x': x, 'y': y, **attributes})}>{escape(text)}</text>")

    def line(self, x1: float, y1: float, x2: float, y2: float, **attributes: object) -> None:
        """Draw a straight line."""
        self.add("path", d=f"M{short(x1)} {short(y1)}{_onward(x1, y1, x2, y2)}", **attributes)

    def svg(self, uid: str, title: str, description: str) -> str:
        """Give the whole drawing, named by its title and description for those who do not see it."""
        named = f'<title id="{uid}-t">{escape(title)}</title><desc id="{uid}-d">{escape(description)}</desc>'
        box = f"0 0 {short(self.width)} {short(self.height)}"
        return (
            f'<svg class="chart__svg" viewBox="{box}" width="{short(self.width)}" height="{short(self.height)}" '
            f'role="img" aria-labelledby="{uid}-t {uid}-d" xmlns="http://www.w3.org/2000/svg" '
            f'font-family="Source Sans 3,NSS Cijfers,sans-serif" font-size="{short(self.size)}" fill="none">'
            f"{named}{''.join(self.parts)}</svg>"
        )


def written(attributes: dict[str, object]) -> str:
    """Write attributes: numbers short, the rest quoted."""
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}={_quoted(value)}"
        for name, value in attributes.items()
        if value is not None and value != ""
    )


def _quoted(value: object) -> str:
    return f'"{short(value)}"' if isinstance(value, int | float) else quoteattr(str(value))


def _onward(x1: float, y1: float, x2: float, y2: float) -> str:
    if y1 == y2:
        return f"H{short(x2)}"
    return f"V{short(y2)}" if x1 == x2 else f"L{short(x2)} {short(y2)}"


def path(points: Sequence[Point]) -> str:
    """Write the path through points."""
    first, *rest = points
    return f"M{short(first[0])} {short(first[1])}" + "".join(f"L{short(x)} {short(y)}" for x, y in rest)


def polygon(upper: Sequence[Point], lower: Sequence[Point]) -> str:
    """Write the closed path along an upper line and back along a lower one."""
    return f"{path([*upper, *reversed(lower)])}Z"


def runs(points: Iterable[Point | None]) -> list[list[Point]]:
    """Cut a row of points at its gaps."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def marks(
    canvas: Canvas, shape: str, points: Iterable[Point], *, colour: str, class_: str, r: float = 2.5
) -> None:
    """Draw the mark of a line (dot, square, triangle, diamond, ring or cross) at points, all in one path."""
    outline = "".join(f"M{short(x)} {short(y)}{_OUTLINES[shape].format(**_sizes(r))}" for x, y in points)
    if shape in ("ring", "cross"):
        ring = shape == "ring"
        canvas.add(
            "path",
            d=outline,
            class_=f"{class_} {'chart__paper' if ring else 'chart__line'}",
            fill=palette.PAPER if ring else None,
            stroke=colour,
            stroke_width=1.8,
        )
    else:
        canvas.add("path", d=outline, class_=f"{class_} chart__solid", fill=colour)


_CIRCLE = "m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z"
_OUTLINES = {
    "dot": _CIRCLE,
    "ring": _CIRCLE,
    "square": "m-{r}-{r}h{d}v{d}h-{d}z",
    "triangle": "m0-{big}l{r} {d}h-{d}z",
    "diamond": "m0-{big}l{big} {big}l-{big} {big}l-{big}-{big}z",
    "cross": "m-{r}-{r}l{d} {d}m0-{d}l-{d} {d}",
}


def _sizes(r: float) -> dict[str, str]:
    return {"r": short(r), "d": short(2 * r), "big": short(r * 1.3)}
