"""The sum of all contracts in force that somebody sees, on one footing each, against the national path.

Contracts that count another scope or other gases are never added to each other: each footing has a sum of its own.
A contract without a total in its base year is named as not counted. What is left in the target year is the
publication's own figure, else its base less the reductions that its actions state.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import DecimalField, F, Func
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts.models import ContractVersion, EmissionFigure, NationalPoint
from contracts.models.emission import FigureKind, Unit, counts_in_words
from contracts.models.version import IN_FORCE_STATES
from nss_portal.core import charts
from nss_portal.core.access import Actor
from nss_portal.core.charts import Chart

TOTAL = EmissionFigure.TOTAL
EFFECTS = Func(
    F("pk"),
    template="(SELECT sum(a.effect_kt) FROM contracts_action a WHERE a.version_id = %(expressions)s)",
    output_field=DecimalField(max_digits=16, decimal_places=3),
)
KINDS = (FigureKind.MEASURED, FigureKind.FORECAST, FigureKind.REDUCTION, FigureKind.TARGET)


@dataclass(frozen=True)
class Part:
    """What one contract adds, in kt; `left` and `target` are None where it does not say."""

    contract: int
    name: str
    scope: str
    gas: str
    base_year: int
    target_year: int
    base: Decimal
    left: Decimal | None
    target: Decimal | None
    is_illustrative: bool
    is_worked_out: bool


@dataclass(frozen=True)
class Sum:
    """The contracts of one footing together."""

    scope: str
    gas: str
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """Name the footing."""
        counts = counts_in_words(self.scope, self.gas)
        return counts if self.scope else _("scope not named, {gas}").format(gas=counts)

    @cached_property
    def complete(self) -> tuple[Part, ...]:
        """Give the contracts that say what is left."""
        return tuple(part for part in self.parts if part.left is not None)

    @property
    def base(self) -> Decimal:
        """Give what those emit in their base years, in kt."""
        return sum((part.base for part in self.complete), Decimal(0))

    @property
    def left(self) -> Decimal:
        """Give what those leave in their target years, in kt."""
        return sum((part.left or Decimal(0) for part in self.complete), Decimal(0))

    @property
    def less(self) -> Decimal | None:
        """Give by how much they lower it, in percent."""
        return (self.base - self.left) * 100 / self.base if self.base else None

    @property
    def worked_out(self) -> int:
        """Give of how many the portal worked out what is left."""
        return sum(part.is_worked_out for part in self.complete)

    @property
    def by_target_year(self) -> list[tuple[int, int, Decimal, Decimal]]:
        """Give per target year how many contracts, what they emit and what they leave."""
        found: dict[int, list[Part]] = defaultdict(list)
        for part in self.complete:
            found[part.target_year].append(part)
        return [
            (year, len(parts), _total(part.base for part in parts), _total(part.left for part in parts))
            for year, parts in sorted(found.items())
        ]

    @property
    def chart(self) -> Chart | None:
        """Draw per target year what the contracts emit and what they leave."""
        rows = self.by_target_year
        if not rows:
            return None
        return charts.bar(
            charts.BarChart(
                title=_("What the contracts leave, by target year"),
                description=_(
                    "For each target year the contracts together: emissions in their base years, and what is left."
                ),
                unit=_("kt a year"),
                categories=[str(year) for year, *_rest in rows],
                series=[
                    charts.Series(_("in the base years"), [base for _year, _n, base, _left in rows]),
                    charts.Series(_("left in the target year"), [left for _year, _n, _base, left in rows]),
                ],
                category_title=_("Target year"),
                horizontal=False,
            )
        )


def _total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


@dataclass(frozen=True)
class National:
    """All sums, the largest first, with what is not in them, and the national path."""

    sums: tuple[Sum, ...]
    without: tuple[str, ...]
    contracts: int
    points: tuple[NationalPoint, ...]

    @property
    def counted(self) -> int:
        """Give how many contracts are in a sum."""
        return sum(len(each.complete) for each in self.sums)

    @cached_property
    def path(self) -> Chart | None:
        """Draw the national path; None without points of two years."""
        if len(self.points) < 2:
            return None
        return charts.line(
            charts.LineChart(
                title=_("National path"),
                description=_("As its sources give it, joined by straight lines."),
                unit=_("kt a year"),
                source="; ".join(dict.fromkeys(point.citation for point in self.points)),
                x=[point.year for point in self.points],
                x_title=_("Year"),
                series=[charts.Series(_("national path"), [point.kt for point in self.points], charts.Style.MAIN)],
            )
        )


def national(actor: Actor) -> National:
    """Read the contracts in force that an actor sees; three queries."""
    english = get_language() == "en"
    versions = (
        ContractVersion.objects.visible_to(actor)
        .filter(state__in=IN_FORCE_STATES, contract__ended_on__isnull=True)
        .annotate(effects=EFFECTS)
        .order_by()
        .values(
            "contract",
            "contract__title",
            "contract__title_en",
            "contract__publication",
            "contract__is_illustrative",
            "base_year",
            "target_year",
            "effects",
        )
        .distinct()
    )
    rows: list[dict[str, Any]] = [dict(row) for row in versions]
    figures = _figures(rows)
    groups: dict[tuple[str, str], list[Part]] = defaultdict(list)
    without = []
    for row in rows:
        name = (english and row["contract__title_en"]) or row["contract__title"]
        part = _part(row, name, figures.get(row["contract"], {}))
        if part is None:
            without.append(name)
        else:
            groups[part.scope, part.gas].append(part)
    sums = [Sum(scope, gas, tuple(parts)) for (scope, gas), parts in groups.items()]
    return National(
        sums=tuple(sorted(sums, key=lambda each: -len(each.parts))),
        without=tuple(sorted(without)),
        contracts=len(rows),
        points=tuple(NationalPoint.objects.order_by("year")),
    )


Footed = dict[tuple[str, str], dict[tuple[str, int], Decimal]]


def _figures(rows: list[dict[str, Any]]) -> dict[int, Footed]:
    """Give of each contract the totals of its leading tables: by footing, then by kind and year; one query."""
    publications = {row["contract"]: row["contract__publication"] for row in rows if row["contract__publication"]}
    years = {year for row in rows for year in (row["base_year"], row["target_year"]) if year}
    found: dict[int, Footed] = defaultdict(dict)
    totals = EmissionFigure.objects.filter(
        series__source__in=set(publications.values()),
        series__is_leading=True,
        series__unit=Unit.KT,
        sector=TOTAL,
        kind__in=KINDS,
        year__in=years,
        value__isnull=False,
    )
    # A table of one municipality is that of its own contract; a joint contract has a table of its own.
    names = (
        "series__contract",
        "series__municipality__contracts",
        "series__source",
        "series__scope",
        "series__gas",
    )
    for own, place, source, scope, gas, kind, year, value in totals.order_by().values_list(
        *names, "kind", "year", "value"
    ):
        contract = own or place
        if contract in publications and publications[contract] == source:
            found[contract].setdefault((scope, gas), {})[kind, year] = value
    return found


def _part(row: dict[str, Any], name: str, figures: Footed) -> Part | None:
    for (scope, gas), values in figures.items():
        base = values.get((FigureKind.MEASURED, row["base_year"]))
        if base is None:
            continue
        left = values.get((FigureKind.FORECAST, row["target_year"]))
        reduction = values.get((FigureKind.REDUCTION, row["target_year"]), row["effects"])
        worked_out = left is None and reduction is not None
        if left is None and reduction is not None:
            left = max(Decimal(0), base - reduction)
        return Part(
            contract=row["contract"],
            name=name,
            scope=scope,
            gas=gas,
            base_year=row["base_year"],
            target_year=row["target_year"],
            base=base,
            left=left,
            target=values.get((FigureKind.TARGET, row["target_year"])),
            is_illustrative=row["contract__is_illustrative"],
            is_worked_out=worked_out,
        )
    return None
