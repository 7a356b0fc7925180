"""What goes into a chart and what comes out: plain typed data, no drawing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from nss_portal.core.formats import Number

Values = Sequence[Number | None]


class Style(StrEnum):
    """How a series is drawn: as the subject of the chart, as one of several, or as a dashed trend behind them."""

    MAIN = "main"
    PLAIN = "plain"
    TREND = "trend"


def figures(values: Values) -> tuple[float | None, ...]:
    """Give values as floats; None stays a gap. Raises ValueError for what is no finite number."""
    numbers = tuple(None if value is None else float(value) for value in values)
    if any(number is not None and not isfinite(number) for number in numbers):
        raise ValueError("a chart takes finite numbers, or None where there is no figure")
    return numbers


@dataclass(frozen=True)
class Series:
    """One row of figures, as long as the chart's `x` or `categories`; None where there is no figure.

    `low` and `high` draw a band of uncertainty around it. `show_value` puts the last figure into the label at the
    line's end; unless given, a trend goes without.
    """

    name: str
    values: Values
    style: Style = Style.PLAIN
    low: Values | None = None
    high: Values | None = None
    show_value: bool | None = None

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: a band has a low and a high")
        if any(len(band) != len(self.values) for band in (self.low, self.high) if band is not None):
            raise ValueError(f"{self.name}: the band is not as long as the series")
        for band in (self.values, self.low, self.high):
            figures(band or ())

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """The figures as floats."""
        return figures(self.values)

    @property
    def band(self) -> tuple[tuple[float | None, ...], tuple[float | None, ...]] | None:
        """The band's low and high as floats, or None for a series without."""
        if self.low is None or self.high is None:
            return None
        return figures(self.low), figures(self.high)

    @property
    def labels_value(self) -> bool:
        """Say whether the label at the end of the line carries the last figure."""
        return self.style != Style.TREND if self.show_value is None else self.show_value


@dataclass(frozen=True)
class Target:
    """What is to be reached: a dashed line at `value` with a ring at `x` (the last position unless given)."""

    value: Number
    label: str
    x: float | None = None


def _check(name: str, length: int, series: Sequence[Series]) -> None:
    if not length or not series:
        raise ValueError(f"{name}: a chart needs at least one position and one series")
    for one in series:
        if len(one.values) != length:
            raise ValueError(f"{name}: {one.name} has {len(one.values)} figures for {length} positions")


@dataclass(frozen=True, kw_only=True)
class Described:
    """What every chart carries in words. `description` says in a sentence or two what one sees.

    `unit` stands above the axis and in the table ('kt CO₂'), `source` under the chart, `decimals` sets how exact
    labels and table are.
    """

    title: str
    description: str
    unit: str
    source: str = ""
    decimals: int = 0


@dataclass(frozen=True, kw_only=True)
class OverTime(Described):
    """Figures over time. `x` are ascending years or other numbers, `x_title` heads their column in the table."""

    x: Sequence[Number]
    series: Sequence[Series]
    target: Target | None = None
    x_title: str = ""

    def __post_init__(self) -> None:
        _check(self.title, len(self.x), self.series)
        if any(a >= b for a, b in pairwise(self.x)):
            raise ValueError(f"{self.title}: x must ascend")


@dataclass(frozen=True, kw_only=True)
class LineChart(OverTime):
    """Lines; with `from_zero` off the axis begins near the lowest figure."""

    from_zero: bool = True


@dataclass(frozen=True, kw_only=True)
class AreaChart(OverTime):
    """Parts of a whole, stacked in the order given; where one part has no figure the whole has a gap."""


@dataclass(frozen=True, kw_only=True)
class BarChart(Described):
    """Figures per category, grouped or (with `stacked`) on top of each other; below zero is allowed.

    `targets` draws a mark per category. Vertical bars whose names do not fit under them lie down by themselves.
    """

    categories: Sequence[str]
    series: Sequence[Series]
    category_title: str = ""
    horizontal: bool = True
    stacked: bool = False
    targets: Values | None = None
    target_label: str = ""

    def __post_init__(self) -> None:
        _check(self.title, len(self.categories), self.series)
        if self.targets is not None:
            figures(self.targets)
            if len(self.targets) != len(self.categories) or not self.target_label:
                raise ValueError(f"{self.title}: targets need a figure per category and a label")


@dataclass(frozen=True, kw_only=True)
class RadarChart(Described):
    """Scores on a few axes (three at least) of one scale, as a spider's web.

    The main series' band is drawn as a ring from the lowest to the highest score; other series are dashed. An axis
    without a figure leaves a gap. `band_label` names the ring.
    """

    axes: Sequence[str]
    series: Sequence[Series]
    axis_title: str = ""
    band_label: str = ""
    lowest: int = 1
    highest: int = 5

    def __post_init__(self) -> None:
        _check(self.title, len(self.axes), self.series)
        if len(self.axes) < 3:
            raise ValueError(f"{self.title}: a web needs three axes at least")
        for one in self.series:
            for row in (one.numbers, *(one.band or ())):
                if any(value is not None and not self.lowest <= value <= self.highest for value in row):
                    raise ValueError(f"{self.title}: {one.name} leaves the scale")


@dataclass(frozen=True)
class Table:
    """The figures of a chart: `head` names the columns, each row a heading and formatted figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    unit: str
    figures: tuple[tuple[float | None, ...], ...] = field(repr=False, default=())


@dataclass(frozen=True)
class Member:
    """A name in a lane; `mark` tells by shape what kind it is (an index into `LanesChart.marks`)."""

    name: str
    mark: int = 0


@dataclass(frozen=True)
class Lane:
    """Those who have one part; a `strong` lane is drawn heavier."""

    label: str
    members: Sequence[Member]
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class LanesChart(Described):
    """Who has which part: a lane per part, the most central on top. `marks` names the kinds, a shape for each."""

    lanes: Sequence[Lane]
    marks: Sequence[str] = ()


@dataclass(frozen=True)
class Tie:
    """A line from the n-th name on the left to the n-th on the right; `look` indexes `TiesChart.looks`."""

    left: int
    right: int
    look: int = 0


@dataclass(frozen=True)
class End:
    """A name at either side; `strong` sets it in bold."""

    name: str
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class TiesChart(Described):
    """Who is tied to what: names on the left and on the right, with lines; `looks` names the kinds of ties.

    The first kind is drawn heavy, the second thin, the third dashed; titles head the sides.
    """

    left: Sequence[End]
    right: Sequence[End]
    ties: Sequence[Tie]
    looks: Sequence[str]
    left_title: str
    right_title: str

    def __post_init__(self) -> None:
        for tie in self.ties:
            if not (tie.left < len(self.left) and tie.right < len(self.right) and tie.look < len(self.looks)):
                raise ValueError(f"{self.title}: a tie leads to nothing")
