"""Reading drawings back: elements, texts and their boxes."""

import re
from itertools import combinations
from xml.etree import ElementTree

from nss_portal.core.charts.text import width

SVG = "{http://www.w3.org/2000/svg}"


def root(svg: str) -> ElementTree.Element:
    """Give the drawing as a tree; fails on what is not well-formed."""
    return ElementTree.fromstring(svg)  # noqa: S314


def find(svg: str, tag: str, class_: str = "") -> list[ElementTree.Element]:
    """Give the elements of a tag that carry a class."""
    return [
        element
        for element in root(svg).iter(f"{SVG}{tag}")
        if not class_ or class_ in element.get("class", "").split()
    ]


def texts(svg: str) -> list[str]:
    """Give all texts drawn."""
    return [element.text or "" for element in find(svg, "text")]


def numbers(path: str) -> list[float]:
    """Give the numbers of a path."""
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Give each text with the rectangle it takes: left, top, right, bottom."""
    drawing = root(svg)
    found: list[tuple[str, float, float, float, float]] = []

    def walk(element: ElementTree.Element, anchor: str, bold: bool) -> None:
        anchor = element.get("text-anchor", anchor)
        bold = element.get("font-weight") == "600" or bold
        if element.tag == f"{SVG}text":
            size = float(element.get("font-size") or drawing.get("font-size", "0"))
            wide = width(element.text or "", size, bold=bold)
            x, y = float(element.get("x", "0")), float(element.get("y", "0"))
            left = x - {"end": wide, "middle": wide / 2}.get(anchor, 0)
            found.append((element.text or "", left, y - size * 0.72, left + wide, y + size * 0.2))
        for child in element:
            walk(child, anchor, bold)

    walk(drawing, "start", bold=False)
    return found


def overlaps(svg: str) -> list[tuple[str, str]]:
    """Give the pairs of texts that cover each other."""
    return [
        (a[0], b[0])
        for a, b in combinations(boxes(svg), 2)
        if a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5 and a[2] < b[4] - 0.5 and b[2] < a[4] - 0.5
    ]


def outside(svg: str) -> list[str]:
    """Give the texts that do not lie within the drawing."""
    _x, _y, wide, high = (float(part) for part in root(svg).get("viewBox", "").split())
    return [text for text, left, top, right, bottom in boxes(svg) if min(left, top) < -1 or right > wide + 1
            or bottom > high + 1]  # fmt: skip
