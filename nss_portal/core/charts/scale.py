"""Axes: round ticks, and where a figure lies between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from nss_portal.core.formats import Number

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
YEAR_STEPS = (1, 2, 3, 4, 5, 10, 20, 25, 50, 100)


def nice_step(span: float, about: int) -> float:
    """Give the round step (1, 2, 2.5 or 5 times a power of ten) that divides a span into at most `about` parts."""
    rough = span / max(about, 1)
    power: float = 10.0 ** floor(log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * 0.999)


def nice_ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Give round ticks around the figures, the first at or below `low`, the last at or above `high`.

    There are `about` parts, a few more or less where that leaves less of the plot empty.
    """
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
        if low == high:
            high = 1.0
    rows = [_ticks(low, high, nice_step(high - low, parts)) for parts in (about - 1, about, about + 1, about + 2)]
    return min(rows, key=lambda row: (row[-1] - row[0]) * (1 + 0.03 * abs(len(row) - 1 - about)))


def whole_ticks(low: float, high: float, about: int) -> list[float]:
    """Give ticks at whole numbers around the figures, in about so many parts."""
    return _ticks(low, high, max(1.0, float(ceil((high - low) / max(about, 1)))))


def _ticks(low: float, high: float, step: float) -> list[float]:
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def tick_decimals(ticks: Sequence[float]) -> int:
    """Give how many decimals the ticks need so that each is written exactly."""
    for decimals in range(4):
        if all(abs(round(tick, decimals) - tick) < 1e-9 for tick in ticks):
            return decimals
    return 4


def x_ticks(values: Sequence[Number], room: int) -> list[float]:
    """Give the positions to label, at most `room` of them, the last always among them.

    Years get even steps; the first is kept where the step allows.
    """
    first, last = float(values[0]), float(values[-1])
    if first == last:
        return [last]
    if any(float(value) != int(value) for value in values):
        return [tick for tick in nice_ticks(first, last, room) if first <= tick <= last]
    span = int(last - first)
    fitting = [step for step in YEAR_STEPS if span // step + 1 <= max(room, 2)] or [span]
    even = [step for step in fitting if span % step == 0 and step <= 2 * fitting[0]]
    step = even[0] if even else fitting[0]
    return [float(year) for year in range(int(last), int(first) - 1, -step)][::-1]


@dataclass(frozen=True)
class Scale:
    """A straight line from figures (`low` to `high`) to pixels (`start` to `end`)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)


def extent(rows: Iterable[Iterable[float | None]], *, zero: bool) -> tuple[float, float]:
    """Give the smallest and largest figure of all rows, with zero included when asked."""
    known = [value for row in rows for value in row if value is not None]
    if zero or not known:
        known.append(0.0)
    return min(known), max(known)
