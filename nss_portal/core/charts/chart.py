"""A chart as pages and reports use it: drawings in three sizes, words, and the table of its figures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2s

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from nss_portal.core.charts import areas, lanes, lines, lying, radars, standing, tables, ties
from nss_portal.core.charts.canvas import Canvas, Format, Size
from nss_portal.core.charts.data import (
    AreaChart,
    BarChart,
    Described,
    LanesChart,
    LineChart,
    RadarChart,
    Table,
    TiesChart,
)

# Drawings that a process keeps, of some 3 kB each: most pages show again what they showed before.
KEPT = 500


@dataclass(frozen=True)
class Chart:
    """What a template shows; drawn when asked for, in the language that is active then."""

    spec: Described
    painter: Callable[[Format], Canvas]
    tabulate: Callable[[], Table]

    @property
    def title(self) -> str:
        """The chart's name."""
        return self.spec.title

    @property
    def description(self) -> str:
        """What one sees, in words."""
        return self.spec.description

    @property
    def source(self) -> str:
        """Where the figures come from."""
        return self.spec.source

    @property
    def unit(self) -> str:
        """What the figures count."""
        return self.spec.unit

    @cached_property
    def table(self) -> Table:
        """The figures, formatted for reading."""
        return self.tabulate()

    @cached_property
    def svg(self) -> SafeString:
        """The wide drawing."""
        return self.draw(Size.WIDE)

    @cached_property
    def narrow(self) -> SafeString:
        """The drawing for a phone."""
        return self.draw(Size.NARROW)

    @cached_property
    def small(self) -> SafeString:
        """The drawing for many beside each other."""
        return self.draw(Size.SMALL)

    def draw(self, size: Size, *, suffix: str = "", spoken_in_title: bool = False) -> SafeString:
        """Draw in a size. `suffix` keeps the identifiers unique where one chart stands twice on a page.

        `spoken_in_title` puts the description into the title, which is all that becomes the text of a figure in a
        PDF.
        """
        # repr() names the kind of chart and all that goes into it; the notation of numbers follows the language.
        key = f"{get_language()} {suffix} {spoken_in_title} {self.spec!r}"
        return _drawn(_Drawing(key, size, suffix, spoken_in_title, self))


@dataclass(frozen=True)
class _Drawing:
    """One drawing to make; two with the same key and size come out the same."""

    key: str
    size: Size
    suffix: str = field(compare=False)
    spoken_in_title: bool = field(compare=False)
    chart: Chart = field(compare=False)


@lru_cache(maxsize=KEPT)
def _drawn(wanted: _Drawing) -> SafeString:
    chart = wanted.chart
    canvas = chart.painter(wanted.size.value)
    title = f"{chart.title}. {chart.description}" if wanted.spoken_in_title else chart.title
    digest = blake2s(f"{chart.title}{canvas.parts}".encode(), digest_size=5).hexdigest()
    # Safe: Canvas escapes every text and attribute that it is given.
    return mark_safe(canvas.svg(f"c{digest}{wanted.suffix}", title, chart.description))  # noqa: S308


def line(spec: LineChart) -> Chart:
    """Make a line chart."""
    return Chart(spec, lambda fmt: lines.draw(spec, fmt), lambda: tables.of_series(spec))


def stacked_area(spec: AreaChart) -> Chart:
    """Make a chart of parts of a whole over time."""
    return Chart(spec, lambda fmt: areas.draw(spec, fmt), lambda: tables.of_series(spec))


def bar(spec: BarChart) -> Chart:
    """Make a bar chart."""
    painter = lying.draw if spec.horizontal else standing.draw
    return Chart(spec, lambda fmt: painter(spec, fmt), lambda: tables.of_bars(spec))


def radar(spec: RadarChart) -> Chart:
    """Make a radar chart (a spider's web)."""
    return Chart(spec, lambda fmt: radars.draw(spec, fmt), lambda: tables.of_radar(spec))


def parts_in_lanes(spec: LanesChart) -> Chart:
    """Make a drawing of who has which part."""
    return Chart(spec, lambda fmt: lanes.draw(spec, fmt), lambda: tables.of_lanes(spec))


def tied(spec: TiesChart) -> Chart:
    """Make a drawing of who is tied to what."""
    return Chart(spec, lambda fmt: ties.draw(spec, fmt), lambda: tables.of_ties(spec))
