"""The emission figures of a municipality: a line per source, table and status, and why they differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.figure_words import plain_number
from contracts.figures import step_of
from contracts.models import EmissionFigure, EmissionSeries
from contracts.models.emission import Unit
from contracts.monitoring.differences import Difference, Told, differences
from contracts.monitoring.traits import traits_of
from contracts.selectors.contract import measured_figures_of
from nss_portal.core import charts
from nss_portal.core.charts import Chart
from nss_portal.core.exports import Column, Sheet

SHOWN_DIFFERENCES = 3
TOTAL = EmissionFigure.TOTAL
# Publications that come in editions, each of which recalculates earlier years.
EDITIONED = ("klimaatmonitor", "emissieregistratie")


@dataclass(frozen=True)
class SectorRow:
    """A sector of one table: a text per year, empty where the table has no such row."""

    label: str
    is_total: bool
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """The figures of one series in one status (empty where the source gives none)."""

    series: EmissionSeries
    status: str
    city: str
    figures: tuple[EmissionFigure, ...]

    @property
    def name(self) -> str:
        """Name the line by source and table, by scope and gas, and by status."""
        parts = [self.series.source.label, self.series.place, self.city, self.status]
        return ", ".join(part for part in parts if part)

    @property
    def counts(self) -> str:
        """Give scope and gas in words."""
        return self.series.counts

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Give the years in which it has figures."""
        return tuple(sorted({figure.year for figure in self.figures}))

    @cached_property
    def totals(self) -> dict[int, Decimal]:
        """Give the published totals (kt) by year; what is not published is not there."""
        return {
            figure.year: figure.value
            for figure in self.figures
            if figure.sector == TOTAL and figure.value is not None
        }

    @property
    def rows(self) -> list[SectorRow]:
        """Give the table: a row per sector, the total last; a suppressed value says so."""
        held: dict[tuple[bool, str], dict[int, EmissionFigure]] = {}
        for figure in self.figures:
            held.setdefault((figure.sector == TOTAL, figure.sector_label), {})[figure.year] = figure
        ordered = sorted(held.items(), key=lambda item: item[0][0])
        return [
            SectorRow(label, is_total, tuple(_cell(by_year.get(year)) for year in self.years))
            for (is_total, label), by_year in ordered
        ]

    @property
    def notes(self) -> list[str]:
        """Give what source or reader note beside the figures."""
        return list(dict.fromkeys(figure.note for figure in self.figures if figure.note))

    def told(self) -> Iterable[Told]:
        """Give its totals with what the source says of itself, a year each."""
        source = self.series.source
        for figure in self.figures:
            if figure.sector != TOTAL or figure.value is None:
                continue
            beside = [each for each in self.figures if each.year == figure.year and _is_sector(each)]
            yield Told(
                key=self.series.pk,
                source=source.label if not self.city else f"{source.label} ({self.city})",
                place=self.series.place,
                year=figure.year,
                total=figure.value,
                step=step_of(figure.printed or "1", self.series.printed_unit),
                scope=self.series.scope,
                gas=self.series.gas,
                status=figure.status,
                release=source.release,
                family=next((family for family in EDITIONED if source.code.startswith(family)), ""),
                traits=traits_of(source.code),
                sectors={each.sector: (each.sector_label, each.value) for each in beside},
            )


def _is_sector(figure: EmissionFigure) -> bool:
    return figure.sector != TOTAL and "." not in figure.sector and not figure.is_detail


def _cell(figure: EmissionFigure | None) -> str:
    if figure is None:
        return ""
    return _("not published") if figure.value is None else plain_number(figure.value.normalize())


@dataclass(frozen=True)
class CityFigures:
    """All measured figures of a municipality."""

    municipality: Municipality
    lines: tuple[Line, ...]

    @cached_property
    def differences(self) -> list[Difference]:
        """Give where two sources differ for one year; figures of a former municipality stand apart."""
        return differences([told for line in self.lines if not line.city for told in line.told()])

    @property
    def first_differences(self) -> list[Difference]:
        """Give the differences that the page opens with: of every pair of sources the widest."""
        return self._unique[:SHOWN_DIFFERENCES]

    @property
    def other_differences(self) -> list[Difference]:
        """Give the differences that the page folds away."""
        return self._unique[SHOWN_DIFFERENCES:]

    @cached_property
    def _unique(self) -> list[Difference]:
        seen: dict[frozenset[int], Difference] = {}
        for each in sorted(self.differences, key=lambda each: -each.ratio):
            seen.setdefault(frozenset((each.low.key, each.high.key)), each)
        return list(seen.values())

    @cached_property
    def chart(self) -> Chart | None:
        """Draw the totals, a line per series and status; None without any total."""
        drawn = [line for line in self.lines if line.totals]
        if not drawn:
            return None
        years = sorted({year for line in drawn for year in line.totals})
        if len(years) == 1:
            return self._bars(drawn, years[0])
        return charts.line(
            charts.LineChart(
                title=_("Emissions by source"),
                description=_("Each line is one source. A line is drawn only where that source has a figure."),
                unit=_("kt a year"),
                x=years,
                x_title=_("Year"),
                series=[charts.Series(line.name, [line.totals.get(year) for year in years]) for line in drawn],
            )
        )

    def _bars(self, drawn: Sequence[Line], year: int) -> Chart:
        title = _("Emissions in %(year)s by source") % {"year": year}
        return charts.bar(
            charts.BarChart(
                title=title,
                description=_("Each bar is one source; they count in different ways and are not added up."),
                unit=_("kt a year"),
                categories=[line.name for line in drawn],
                series=[charts.Series(title, [line.totals[year] for line in drawn])],
                category_title=_("Source"),
            )
        )


def city_figures(municipality: Municipality) -> CityFigures:
    """Read the measured figures of a municipality in kt; one query."""
    rows = [row for row in measured_figures_of(municipality) if row.series.unit == Unit.KT]
    lines = []
    for (_pk, status), group in groupby(sorted(rows, key=_key), key=_key):
        held = tuple(group)
        owner = held[0].series.municipality
        city = str(owner) if owner is not None and owner.pk != municipality.pk else ""
        lines.append(Line(held[0].series, status, city, held))
    return CityFigures(municipality, tuple(sorted(lines, key=lambda line: (line.city, line.name))))


def _key(row: EmissionFigure) -> tuple[int, str]:
    return (row.series_id, row.status)


HEAD = (
    "cbs_code",
    "municipality",
    "year",
    "sector",
    "sector_label",
    "kt",
    "as_printed",
    "printed_unit",
    "scope",
    "gas",
    "status",
    "source",
    "release",
    "place",
    "citation",
    "illustrative",
)


def sheet_of(figures: CityFigures) -> Sheet:
    """Give all figures as a table to take along: a row per figure, empty where the source publishes none."""
    rows = [
        (
            line.series.municipality.code if line.series.municipality else "",
            line.city or figures.municipality.common_name,
            row.year,
            row.sector,
            row.sector_label,
            row.value,
            row.printed,
            line.series.printed_unit,
            line.series.scope,
            line.series.gas,
            row.status,
            line.series.source.label,
            line.series.source.release,
            line.series.place,
            line.series.source.citation,
            line.series.source.is_illustrative,
        )
        for line in figures.lines
        for row in line.figures
    ]
    columns = [Column(head, year=head == "year") for head in HEAD]
    note = _("Each source counts in its own way: never add figures of different sources.")
    return Sheet(_("Emissions"), columns, rows, note)
