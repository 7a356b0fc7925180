"""Reads across contributions: the register as somebody sees it, and sums that everybody sees.

A sum never tells what one organisation keeps to itself or to the network. Per year, strand of the quadruple helix
and measure, figures that their owners do not publish count only where

- at least five organisations stand behind them, of each degree of sharing that a reader may not see, and
- none of them makes up more than four fifths.

Else the sum holds the published ones alone, and says so. A total adds up the sums that are shown, so that nothing
follows from the difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, Sum

from governance.models import Contribution
from governance.models.organisation import HELIX_GROUPS, Group, Helix
from nss_portal.core.registry import SumElsewhere, sums_elsewhere

FEWEST = 5
LARGEST_SHARE = 0.8
STRANDS: Mapping[str, Helix] = {group: helix for helix, groups in HELIX_GROUPS.items() for group in groups}
# Measure: the field that is added up.
MEASURES = {
    "pledged_hours": "pledged_hours",
    "given_hours": "given_hours",
    "pledged_euros": "pledged_euros",
    "given_euros": "given_euros",
}
# How many organisations pledged, and confirmed.
COUNTS: dict[str, Q] = {"pledged": Q(pledged_at__isnull=False), "confirmed": Q(confirmed_at__isnull=False)}


@dataclass
class Pile:
    """Figures of several organisations: their sum, how many are above zero, and the largest."""

    total: int = 0
    count: int = 0
    largest: int = 0

    def add(self, total: int | None, count: int, largest: int | None) -> None:
        """Put more figures on it."""
        self.total += total or 0
        self.count += count
        self.largest = max(self.largest, largest or 0)

    def with_(self, other: "Pile") -> "Pile":
        """Give both together."""
        return Pile(self.total + other.total, self.count + other.count, max(self.largest, other.largest))

    @property
    def is_safe(self) -> bool:
        """Say whether the sum tells nothing of one organisation."""
        return self.count == 0 or (self.count >= FEWEST and self.largest <= LARGEST_SHARE * self.total)


@dataclass
class Cell:
    """One sum as it is shown; `is_partial` says that figures are left out of it."""

    value: int = 0
    count: int = 0
    is_partial: bool = False


def shown(piles: Mapping[str, Pile]) -> Cell:
    """Give the sum of figures per degree of sharing that can be shown to everybody; see above."""
    published, network, own = (piles.get(one, Pile()) for one in ("published", "network", "own"))
    kept, partial = published, False
    hidden = Pile()
    if own.count and own.is_safe:
        hidden = own
    elif own.count:
        partial = True
    if network.count and network.with_(hidden).is_safe:
        hidden = network.with_(hidden)
    elif network.count:
        partial = True
    kept = kept.with_(hidden)
    return Cell(kept.total, kept.count, partial)


def _empty() -> dict[str, Cell]:
    return {name: Cell() for name in (*MEASURES, *COUNTS)}


@dataclass
class Sums:
    """Sums of a year, for one strand or all: a cell per measure, and how many pledged and confirmed."""

    cells: dict[str, Cell] = field(default_factory=_empty)

    def add(self, other: "Sums") -> None:
        """Add the sums of a strand to those of all."""
        for name, cell in other.cells.items():
            mine = self.cells[name]
            mine.value += cell.value
            mine.count += cell.count
            mine.is_partial |= cell.is_partial

    @property
    def is_partial(self) -> bool:
        """Say whether anything is left out."""
        return any(cell.is_partial for cell in self.cells.values())


def _aggregates() -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for name, column in MEASURES.items():
        asked[f"{name}_sum"] = Sum(column)
        asked[f"{name}_count"] = Count("pk", filter=Q(**{f"{column}__gt": 0}))
        asked[f"{name}_max"] = Max(column)
    asked |= {f"{name}_count": Count("pk", filter=condition) for name, condition in COUNTS.items()}
    return asked


def sums(years: Sequence[int]) -> dict[int, dict[Helix | None, Sums]]:
    """Give per year the sums of each strand and, under None, of all. The same for whoever asks. One query."""
    piles: dict[tuple[int, Helix, str], dict[str, Pile]] = defaultdict(lambda: defaultdict(Pile))
    there: Any = Contribution.objects.given().filter(year__in=years).order_by()
    for row in there.values("year", "organisation__group", "sharing").annotate(**_aggregates()):
        strand = STRANDS[Group(row["organisation__group"])]
        for name in MEASURES:
            pile = piles[row["year"], strand, name][row["sharing"]]
            pile.add(row[f"{name}_sum"], row[f"{name}_count"], row[f"{name}_max"])
        for name in COUNTS:
            # Each organisation counts as one, so none makes up more than another.
            piles[row["year"], strand, name][row["sharing"]].add(row[f"{name}_count"], row[f"{name}_count"], 0)
    found: dict[int, dict[Helix | None, Sums]] = {}
    for year in years:
        per_strand: dict[Helix | None, Sums] = {
            strand: Sums({name: shown(piles[year, strand, name]) for name in (*MEASURES, *COUNTS)})
            for strand in Helix
        }
        whole = Sums()
        for one in per_strand.values():
            whole.add(one)
        found[year] = {**per_strand, None: whole}
    return found


def safe_sum(figures: Iterable[int]) -> int | None:
    """Add up one figure per organisation, or give None where that would tell of one of them."""
    pile = Pile()
    for figure in figures:
        if figure:
            pile.add(figure, 1, figure)
    return pile.total if pile.is_safe else None


@dataclass(frozen=True)
class Elsewhere:
    """Sums of what keeps its own account, per year; None where too few stand behind a figure."""

    label: Any
    pledged: Sequence[int | None]
    given: Sequence[int | None]


def elsewhere(years: Sequence[int]) -> list[Elsewhere]:
    """Give what all organisations bring to programmes, as the apps that keep it tell."""
    found: Iterable[SumElsewhere] = (source(years) for source in sums_elsewhere)
    return [
        Elsewhere(
            one.label,
            [safe_sum(one.hours_pledged.get(year, ())) for year in years],
            [safe_sum(one.hours_given.get(year, ())) for year in years],
        )
        for one in found
    ]
