"""Labels of lines that end before the right edge: written in the plot, where they cover the least."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nss_portal.core.charts.canvas import LINE_HEIGHT, Point, runs
from nss_portal.core.charts.frame import Frame, Label, write_label
from nss_portal.core.charts.text import width

EARLY = 0.1  # of the plot's width: a line that ends nearer to the edge is labelled outside
STEP = 6.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point) -> bool:
        """Say whether a point lies in the box."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom

    def meets(self, other: "Box") -> bool:
        """Say whether two boxes share room."""
        return not (
            self.right < other.left
            or other.right < self.left
            or self.bottom < other.top
            or other.bottom < self.top
        )


def put_inside(frame: Frame, labels: Sequence[Label], lines: Sequence[Sequence[Point | None]]) -> list[Label]:
    """Write the labels of lines that end early into the plot; give back those that belong at the right."""
    outside: list[Label] = []
    taken: list[Box] = []
    inked = [point for line in lines for run in runs(line) for point in _along(run)]
    inked += [
        (frame.right * share / 40, label.y) for label in labels if label.anchor is None for share in range(41)
    ]
    for label in labels:
        ends_early = label.anchor and label.anchor[0] < frame.right - EARLY * (frame.right - frame.left)
        box = _best(frame, label, inked, taken) if ends_early else None
        if box is None:
            outside.append(label)
        else:
            taken.append(box)
            write_label(frame.canvas, label, box.left + 2, (box.top + box.bottom) / 2)
    return outside


def _along(run: Sequence[Point]) -> list[Point]:
    """Give points along a line at short steps."""
    points = list(run[:1])
    for (x1, y1), (x2, y2) in pairwise(run):
        parts = max(1, int((abs(x2 - x1) + abs(y2 - y1)) / STEP))
        points += [(x1 + (x2 - x1) * n / parts, y1 + (y2 - y1) * n / parts) for n in range(1, parts + 1)]
    return points


def _best(frame: Frame, label: Label, inked: Sequence[Point], taken: Sequence[Box]) -> Box | None:
    """Give the place near the line's end that covers the least, or None where all are taken."""
    size = frame.canvas.size
    wide = max(width(line, size, bold=label.bold) for line in label.lines) + 4
    high = len(label.lines) * size * LINE_HEIGHT
    x, y = label.anchor or (0, 0)
    best: tuple[float, Box] | None = None
    for away in (8, 22, 36):
        for top in (y - away - high, y + away):
            for shift in (-0.5, -1.0, 0.0, -0.75, -0.25):
                left = max(frame.left, min(x + shift * wide, frame.right - wide))
                box = Box(left, top, left + wide, top + high)
                if any(box.meets(other) for other in taken) or top < 0 or box.bottom > frame.bottom:
                    continue
                cost = sum(box.holds(point) for point in inked) * 4 + away / 8 + abs(shift + 0.5)
                if best is None or cost < best[0]:
                    best = cost, box
    return best[1] if best else None
