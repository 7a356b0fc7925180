"""Places on the map of `components/map.html`: from degrees to its units, with names that do not overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import degrees, log, pi, radians, sqrt, tan

# The drawing (@svg-maps/netherlands) is 613 units wide and 724 high, in the Mercator projection. Its outlines
# were fitted to those of the municipalities of 2023 (CBS, Kadaster): on average a point lies 1 unit (450 m) off.
WIDTH, HEIGHT = 613, 724
X_PER_DEGREE, X_AT_ZERO = 158.232, -531.278
Y_PER_DEGREE, Y_AT_ZERO = -157.848, 10049.975

# Kinds of dot in the order in which they are drawn: what matters lies on top.
KINDS = ("other", "interested", "eoi", "mission")
SMALLEST_NAMED, NAMED_IS_LARGER = 7.0, 1.3
LETTER, LINE, GAP = 9.0, 19.0, 5.0  # a letter's mean width and a line's height in units; dot to name
REACH = 130.0  # no name comes farther from its dot than this


@dataclass(frozen=True)
class Place:
    """What is to be drawn: where (WGS 84), how many inhabitants, which kind of dot, and whether with its name."""

    name: str
    lat: float
    lon: float
    population: int
    kind: str = "other"
    url: str = ""
    named: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle in units of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """Give the area that two rectangles share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def outside(self) -> float:
        """Give the area that falls off the map."""
        whole = (self.right - self.left) * (self.bottom - self.top)
        return whole - self.overlap(Box(0, 0, WIDTH, HEIGHT))


@dataclass(frozen=True)
class Dot:
    """A place as drawn; `label_x`, `label_y` and `anchor` say where its name stands."""

    place: Place
    x: float
    y: float
    r: float
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "start"

    @property
    def diamond(self) -> str:
        """Give the corners of the diamond that stands for an EoI city."""
        x, y, r = self.x, self.y, self.r * 1.25
        return f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"

    @property
    def box(self) -> Box:
        """Give the square around the dot."""
        return Box(self.x - self.r, self.y - self.r, self.x + self.r, self.y + self.r)


@dataclass(frozen=True)
class Drawing:
    """What `components/map.html` draws: dots that count one by one, and all others as one quiet path."""

    dots: tuple[Dot, ...]
    others: str


def project(lat: float, lon: float) -> tuple[float, float]:
    """Give the place on the map (x to the right, y down, in units) of degrees north and east (WGS 84)."""
    mercator = degrees(log(tan(pi / 4 + radians(lat) / 2)))
    return X_AT_ZERO + X_PER_DEGREE * lon, Y_AT_ZERO + Y_PER_DEGREE * mercator


def radius(population: int) -> float:
    """Give the radius of a dot in units: its area grows with the number of inhabitants."""
    return 0.8 + sqrt(max(population, 0)) / 80


def drawing(places: Iterable[Place]) -> Drawing:
    """Turn places into what is drawn, the names placed so that they do not overlap.

    The same places give the same drawing, which is kept: a home page does not work it out for every visitor.
    """
    return _drawing(tuple(places))


@lru_cache(maxsize=16)
def _drawing(places: tuple[Place, ...]) -> Drawing:
    drawn = sorted(map(_dot, places), key=lambda dot: (KINDS.index(dot.place.kind), -dot.r))
    rest = [dot.box for dot in drawn if not dot.place.named]
    placed = {dot.place: dot for dot in with_names([dot for dot in drawn if dot.place.named], rest)}
    return Drawing(
        dots=tuple(placed.get(dot.place, dot) for dot in drawn if dot.place.named or dot.place.kind != "other"),
        others="".join(_circle(dot) for dot in drawn if not dot.place.named and dot.place.kind == "other"),
    )


def _dot(place: Place) -> Dot:
    x, y = project(place.lat, place.lon)
    r = radius(place.population)
    if place.named:
        r = max(r * NAMED_IS_LARGER, SMALLEST_NAMED)
    return Dot(place, round(x, 1), round(y, 1), round(r, 1))


def _circle(dot: Dot) -> str:
    """Give a circle as a part of a path."""
    r, across = dot.r, 2 * dot.r
    return f"M{dot.x - r:.1f} {dot.y}a{r} {r} 0 1 0 {across:.1f} 0a{r} {r} 0 1 0-{across:.1f} 0"


def with_names(named: Sequence[Dot], rest: Sequence[Box] = ()) -> list[Dot]:
    """Place the names beside their dots: each takes the side where it covers least, the crowded ones first.

    `rest` are dots without a name: a name may cover them, but rather does not.
    """
    taken = [dot.box for dot in named]
    result = []
    for dot in sorted(named, key=lambda dot: -_neighbours(dot, named)):
        near = [box for box in rest if abs(box.left - dot.x) < REACH and abs(box.top - dot.y) < REACH]
        dot, box = min(_sides(dot), key=lambda option: _cost(option[1], taken, near))
        taken.append(box)
        result.append(dot)
    return result


def _neighbours(dot: Dot, others: Sequence[Dot]) -> int:
    return sum(abs(other.x - dot.x) < 90 and abs(other.y - dot.y) < 30 for other in others)


def _cost(box: Box, taken: Sequence[Box], rest: Sequence[Box]) -> float:
    covered = sum(box.overlap(other) for other in taken)
    return box.outside() * 10 + covered + sum(box.overlap(other) for other in rest) / 5


def _sides(dot: Dot) -> list[tuple[Dot, Box]]:
    """Give the places for a name in order of preference: right, left, both a little up or down, above, below."""
    width, space = len(dot.place.name) * LETTER, dot.r + GAP
    options = []
    for anchor, x, shift in [
        ("start", dot.x + space, 0.0),
        ("end", dot.x - space, 0.0),
        ("start", dot.x + space - 2, -LINE / 2),
        ("end", dot.x - space + 2, -LINE / 2),
        ("start", dot.x + space - 2, LINE / 2),
        ("end", dot.x - space + 2, LINE / 2),
        ("middle", dot.x, -dot.r - LINE / 2 - 1),
        ("middle", dot.x, dot.r + LINE / 2 + 1),
    ]:
        left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
        middle = dot.y + shift
        box = Box(left, middle - LINE / 2, left + width, middle + LINE / 2)
        label = replace(dot, label_x=round(x, 1), label_y=round(middle + 5.8, 1), anchor=anchor)
        options.append((label, box))
    return options
