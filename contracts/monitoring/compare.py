"""Cities beside each other on one footing: one source, scope and gas, one year, one year to compare it with.

Per inhabitant, by sector, since the earlier year, and how much of a contract's way is done. The cities most like
one's own come first, by the rule of `cities.similarity` (inhabitants, level of involvement, province); how urban a
place is stands in no source of the portal. Nothing is worked out that the source does not publish.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import Municipality
from cities.similarity import Profile, likeness
from contracts.models import ContractVersion, EmissionFigure, EmissionSource, PopulationFigure
from contracts.models.emission import FigureKind, Unit, counts_in_words
from contracts.models.version import IN_FORCE_STATES
from nss_portal.core import charts
from nss_portal.core.access import Actor
from nss_portal.core.charts import Chart
from nss_portal.core.exports import Column, Sheet

TOTAL = EmissionFigure.TOTAL
LEAST_CITIES = 2
DRAWN = 12
LONGEST_HEAD = 40
TONS_PER_KT = 1000


@dataclass(frozen=True)
class Footing:
    """What cities are compared by: a source, scope and gas, with how many cities have a total in it."""

    source: int
    scope: str
    gas: str
    label: str
    citation: str
    is_illustrative: bool
    cities: int

    @property
    def key(self) -> str:
        """Name it in an address."""
        return f"{self.source}-{self.scope.replace('+', '.')}-{self.gas}"

    @property
    def name(self) -> str:
        """Name it in a list."""
        return f"{self.label} ({counts_in_words(self.scope, self.gas)})"

    def figures(self) -> Any:
        """Give its measured figures of municipalities."""
        return EmissionFigure.objects.filter(
            series__source=self.source,
            series__scope=self.scope,
            series__gas=self.gas,
            series__unit=Unit.KT,
            series__municipality__isnull=False,
            kind=FigureKind.MEASURED,
            is_detail=False,
        ).order_by()


def footings() -> list[Footing]:
    """Give the footings on which at least two cities have a total, published and wide ones first; one query."""
    rows = (
        EmissionSource.objects.filter(
            series__unit=Unit.KT,
            series__municipality__isnull=False,
            series__figures__sector=TOTAL,
            series__figures__kind=FigureKind.MEASURED,
            series__figures__value__isnull=False,
        )
        .order_by()
        .values("pk", "series__scope", "series__gas", "label_nl", "label_en", "citation", "is_illustrative")
        .annotate(cities=Count("series__municipality", distinct=True))
        .filter(cities__gte=LEAST_CITIES)
    )
    found = [
        Footing(
            source=row["pk"],
            scope=row["series__scope"],
            gas=row["series__gas"],
            label=row["label_en"] if get_language() == "en" else row["label_nl"],
            citation=row["citation"],
            is_illustrative=row["is_illustrative"],
            cities=row["cities"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.is_illustrative, -each.cities, each.label))


def years_of(footing: Footing) -> list[int]:
    """Give the years in which cities have a total, the newest first; one query."""
    totals = footing.figures().filter(sector=TOTAL, value__isnull=False)
    return sorted(totals.values_list("year", flat=True).distinct(), reverse=True)


@dataclass
class CityRow:
    """One city: emissions (kt) by sector in the year, the total then and before, and its inhabitants."""

    pk: int
    code: str
    name: str
    profile: Profile
    inhabitants: int | None = None
    people_year: int | None = None
    sectors: dict[str, Decimal | None] = field(default_factory=dict)
    total: Decimal | None = None
    before: Decimal | None = None
    likeness: float | None = None
    path_done: Decimal | None = None

    @property
    def per_inhabitant(self) -> Decimal | None:
        """Give tons per inhabitant; None where either is not known."""
        return self.tons(self.total)

    def tons(self, kt: Decimal | None) -> Decimal | None:
        """Give kilotons as tons per inhabitant."""
        return kt * TONS_PER_KT / self.inhabitants if kt is not None and self.inhabitants else None

    @property
    def change(self) -> Decimal | None:
        """Give the change since the earlier year in percent."""
        if self.total is None or not self.before:
            return None
        return (self.total - self.before) * 100 / self.before


@dataclass(frozen=True)
class Comparison:
    """All cities of a footing in the order of the page; `labels` names its sectors."""

    footing: Footing
    year: int
    since: int | None
    mine: CityRow | None
    rows: tuple[CityRow, ...]
    labels: Mapping[str, str]

    @property
    def other_years(self) -> str:
        """Give the years of inhabitants that are not those of the figures; empty where all are."""
        years = sorted({row.people_year for row in self.rows if row.people_year and row.people_year != self.year})
        return ", ".join(str(year) for year in years)

    def chart(self, shown: Sequence[CityRow]) -> Chart | None:
        """Draw the first cities of a page per inhabitant; None where nothing is known of them."""
        drawn = [row for row in shown if row.per_inhabitant is not None][:DRAWN]
        if not drawn:
            return None
        whole = all(row.sectors.get(code) is not None for row in drawn for code in self.labels) and self.labels
        title = _("Tons per inhabitant in %(year)s") % {"year": self.year}
        series = (
            [
                charts.Series(label, [row.tons(row.sectors[code]) for row in drawn])
                for code, label in self.labels.items()
            ]
            if whole
            else [charts.Series(title, [row.per_inhabitant for row in drawn])]
        )
        return charts.bar(
            charts.BarChart(
                title=title,
                description=_("The cities in the order of the table, by one source and in one year."),
                unit=_("ton per inhabitant"),
                source=self.footing.citation,
                decimals=1,
                categories=[row.name for row in drawn],
                series=series,
                category_title=_("Municipality"),
                stacked=bool(whole),
            )
        )

    def sheet(self) -> Sheet:
        """Give the whole comparison as a table to take along."""
        heads = [
            "cbs_code",
            "municipality",
            "year",
            "inhabitants",
            "inhabitants_year",
            "total_kt",
            "ton_per_inhabitant",
        ]
        heads += [f"{code}_ton_per_inhabitant" for code in self.labels]
        heads += ["since", "change_percent", "likeness", "source"]
        rows = [
            (
                row.code,
                row.name,
                self.year,
                row.inhabitants,
                row.people_year,
                row.total,
                _rounded(row.per_inhabitant),
                *(_rounded(row.tons(row.sectors.get(code))) for code in self.labels),
                self.since,
                _rounded(row.change),
                None if row.likeness is None else round(row.likeness, 3),
                self.footing.citation,
            )
            for row in self.rows
        ]
        return Sheet(
            _("Comparison"),
            [Column(head, year=head in {"year", "since", "inhabitants_year"}) for head in heads],
            rows,
        )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.3f}")


ORDERS: Mapping[str, Any] = {
    "inwoner": lambda row: (row.per_inhabitant is None, row.per_inhabitant or 0, row.name),
    "verandering": lambda row: (row.change is None, row.change or 0, row.name),
    "naam": lambda row: row.name,
}


def compare(footing: Footing, *, year: int, since: int | None, mine: str, order: str) -> Comparison:
    """Read all cities of a footing; the most alike to `mine` (a code) come first unless `order` says otherwise.

    Three queries.
    """
    rows, labels = _read(footing, year, since)
    held = _profiles(rows)
    own = next((row for row in held if row.code == mine), None)
    if own is not None:
        for row in held:
            row.likeness = likeness(own.profile, row.profile)
    key = ORDERS.get(order)
    if key is None:
        key = (lambda row: (-(row.likeness or 0), row.name)) if own else ORDERS["inwoner"]
    ranked = sorted(held, key=key)
    if own is not None:
        # One's own city stands on top, to read the others against.
        ranked = [own, *(row for row in ranked if row is not own)]
    _population(ranked, year)
    if own is None and order not in ORDERS:
        ranked.sort(key=ORDERS["inwoner"])
    return Comparison(footing, year, since, own, tuple(ranked), labels)


def _read(footing: Footing, year: int, since: int | None) -> tuple[dict[int, dict[str, Any]], dict[str, str]]:
    """Give per municipality what the source publishes of the two years, and the names of the sectors."""
    wanted = Q(year=year) | Q(year=since, sector=TOTAL)
    english = get_language() == "en"
    label = "sector_label_en" if english else "sector_label_nl"
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"sectors": {}, "total": None, "before": None})
    labels: dict[str, str] = {}
    names = ("series", "series__municipality", "sector", label, "year", "value")
    rows = list(footing.figures().filter(wanted).order_by("series", "pk").values_list(*names))
    # One table per city: where a source has several, the first one with a total in that year.
    table: dict[int, int] = {}
    for series, place, sector, _text, when, _value in rows:
        if sector == TOTAL and when == year:
            table.setdefault(place, series)
    for series, place, sector, text, when, value in rows:
        if table.get(place) != series or "." in sector:
            continue
        if sector == TOTAL:
            found[place]["total" if when == year else "before"] = value
        else:
            found[place]["sectors"][sector] = value
            labels.setdefault(sector, _short(text))
    return found, labels


def _short(label: str) -> str:
    """Give the head of a sector's name, which has to fit over a column; the city's own page has the whole."""
    head = label.partition(" (")[0]
    return head if len(head) <= LONGEST_HEAD else head.partition(",")[0]


def _profiles(found: Mapping[int, Mapping[str, Any]]) -> list[CityRow]:
    fields = ("pk", "code", "common_name", "population", "population_year", "province_code", "rank")
    places = Municipality.objects.filter(pk__in=list(found)).with_level().order_by()
    return [
        CityRow(pk, code, name, Profile(people, province, rank), people, when, **found[pk])
        for pk, code, name, people, when, province, rank in places.values_list(*fields)
    ]


def _population(rows: Iterable[CityRow], year: int) -> None:
    """Put the inhabitants of the year itself in the place of today's, where the portal has them; one query."""
    newest = PopulationFigure.objects.filter(year=year).order_by("municipality", "-fetch").distinct("municipality")
    held = dict(newest.values_list("municipality", "number"))
    for row in rows:
        if row.pk in held:
            row.inhabitants, row.people_year = held[row.pk], year


def with_paths(actor: Actor, rows: Sequence[CityRow]) -> None:
    """Add how much of the way of its contract each city has done, where the contract prints it; two queries.

    Done is (base - last measured) / (base - target), all three out of the contract's own leading table.
    """
    wanted = {row.pk: row for row in rows}
    versions = ContractVersion.objects.visible_to(actor).filter(
        state__in=IN_FORCE_STATES, contract__municipalities__in=list(wanted)
    )
    links = versions.order_by().values_list(
        "contract__municipalities", "contract", "contract__publication", "base_year", "target_year"
    )
    held = [
        (place, contract, publication, base, target)
        for place, contract, publication, base, target in links
        if place in wanted and publication is not None and base is not None
    ]
    contracts, places = {link[1] for link in held}, {link[0] for link in held}
    figures: dict[tuple[str, int, int], list[tuple[str, int, Decimal]]] = defaultdict(list)
    totals = EmissionFigure.objects.filter(
        Q(series__contract__in=contracts) | Q(series__municipality__in=places),
        series__is_leading=True,
        series__unit=Unit.KT,
        sector=TOTAL,
        value__isnull=False,
        kind__in=[FigureKind.MEASURED, FigureKind.TARGET],
    )
    names = ("series__contract", "series__municipality", "series__source", "kind", "year", "value")
    for contract, place, source, kind, year, value in totals.order_by().values_list(*names):
        owner = ("contract", contract, source) if contract else ("place", place, source)
        figures[owner].append((kind, year, value))
    for place, contract, publication, base_year, target_year in held:
        own = figures.get(("contract", contract, publication)) or figures.get(("place", place, publication)) or []
        wanted[place].path_done = path_done(own, base_year, target_year)


def path_done(figures: Iterable[tuple[str, int, Decimal]], base_year: int, target_year: int) -> Decimal | None:
    """Give the share of the way in percent; None where base, target or a later year is not printed."""
    measured = {year: value for kind, year, value in figures if kind == FigureKind.MEASURED}
    target = next(
        (value for kind, year, value in figures if kind == FigureKind.TARGET and year == target_year), None
    )
    later = [year for year in measured if year > base_year]
    if target is None or base_year not in measured or not later or measured[base_year] == target:
        return None
    base = measured[base_year]
    return (base - measured[max(later)]) * 100 / (base - target)
