"""Colours that stay apart in print, in grey and for the colour-blind.

Lines differ by dash and by the mark at their end too, and each is dark enough to be text on white (4.5 to 1).
Fills differ in lightness by steps, and light ones have a dark edge. Each element carries a class as well, by which
the page's style sheet redresses it for dark mode (`nss_portal/design/css/60-charts.css`).
"""

from dataclasses import dataclass

INK = "#14222a"
SOFT = "#4a5d65"
GRID = "#dbe2e2"
AXIS = "#8fa0a5"
EDGE = "#14222a"
PAPER = "#ffffff"
TARGET = "#9a2a16"
TREND = "#5f6f76"


@dataclass(frozen=True)
class Stroke:
    """How one line looks: colour, dash pattern (empty: solid) and the mark at its end."""

    colour: str
    dash: str
    mark: str


LINES = (
    Stroke("#0b5f66", "", "dot"),
    Stroke("#a85a00", "", "square"),
    Stroke("#2b3a73", "2 3", "triangle"),
    Stroke("#8c3f7d", "9 3 2 3", "diamond"),
    Stroke("#4c7a1e", "14 4", "ring"),
    Stroke("#55646b", "5 2", "cross"),
)
LIGHT = frozenset({"#e8a33d", "#a9dadb", "#eceee0"})
FILLS = ("#0b5f66", "#e8a33d", "#1d2a5c", "#a9dadb", "#a4508b", "#eceee0", "#718f2c", "#94989f")


def stroke(index: int) -> Stroke:
    """Give the look of the n-th line, from 0."""
    return LINES[index % len(LINES)]


def fill(index: int) -> str:
    """Give the colour of the n-th part, from 0."""
    return FILLS[index % len(FILLS)]


def edge(index: int) -> str:
    """Give the colour of the n-th part's edge: dark around light fills, paper between dark ones."""
    return EDGE if fill(index) in LIGHT else PAPER
