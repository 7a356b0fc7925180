"""What organisations bring to the cooperation and take from it: facts that apps register, counted and listed.

For one organisation: what the reader may see of its records. For the whole country: all records that count, and
only where at least five organisations stand behind a figure; never per organisation, so never a ranking.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from nss_portal.core.access import Actor
from nss_portal.core.registry import ExchangeKind, Reading, exchange_kinds

# Fewer organisations than this could be guessed from a sum.
FEWEST = 5
LISTED = 8


@dataclass(frozen=True)
class Line:
    """One kind of thing with its number per year; None where too few stand behind it."""

    kind: ExchangeKind
    numbers: Sequence[int | None]
    readings: Sequence[Reading] = ()


@dataclass(frozen=True)
class Exchange:
    """What was brought and what was taken, over some years."""

    years: Sequence[int]
    brought: Sequence[Line] = field(default_factory=list)
    took: Sequence[Line] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell."""
        return not self.brought and not self.took


def kinds() -> list[ExchangeKind]:
    """Give what the apps registered, in order."""
    return sorted((kind for source in exchange_kinds for kind in source()), key=lambda kind: kind.order)


def _union(queries: Iterable[QuerySet[Any, Any]]) -> Iterable[Any]:
    first, *others = queries
    return first.union(*others, all=True) if others else first


def _per_year(kind: ExchangeKind, found: QuerySet[Any], years: Sequence[int]) -> QuerySet[Any, Any]:
    """Count per year: how many, and of how many organisations."""
    counts: QuerySet[Any, Any] = (
        found.filter(**{f"{kind.year}__gte": years[0], f"{kind.year}__lte": years[-1]})
        .order_by()
        .values(
            kind_key=Value(kind.key, output_field=TextField()),
            in_year=Cast(kind.year, output_field=IntegerField()),
        )
        .annotate(
            number=Count(kind.once, distinct=kind.once != "pk"), behind=Count(kind.organisation, distinct=True)
        )
        .values_list("kind_key", "in_year", "number", "behind")
    )
    return counts


def national(years: Sequence[int]) -> Exchange:
    """Give the sums of the whole country over some years, which follow on each other. One query."""
    there = kinds()
    if not there:
        return Exchange(years)
    numbers: dict[tuple[str, int], int | None] = {}
    for key, year, number, behind in _union(_per_year(kind, kind.counted(), years) for kind in there):
        numbers[key, year] = number if behind >= FEWEST else None
    return _exchange(years, [Line(kind, [numbers.get((kind.key, year), 0) for year in years]) for kind in there])


def of_organisation(actor: Actor, organisation: int, years: Sequence[int], year: int) -> Exchange:
    """Give what one organisation (primary key) brought and took, with the newest records of one year. Two queries.

    Only for people of the organisation itself; what one of them may not see is not counted either.
    """
    there = kinds()
    if not there:
        return Exchange(years)
    own = {
        kind.key: kind.seen(kind.counted().filter(**{kind.organisation: organisation}), actor) for kind in there
    }
    numbers: dict[tuple[str, int], int] = {}
    for key, in_year, number, _behind in _union(_per_year(kind, own[kind.key], years) for kind in there):
        numbers[key, in_year] = number
    wanted = [kind for kind in there if numbers.get((kind.key, year))]
    readings: dict[str, dict[str, Reading]] = defaultdict(dict)
    if wanted:
        pages = {kind.key: kind.page for kind in wanted}
        for key, ref, title in _union(_newest(kind, own[kind.key], year) for kind in wanted):
            readings[key].setdefault(ref, Reading(title=title, url=pages[key](ref)))
    lines = [
        Line(kind, [numbers.get((kind.key, one), 0) for one in years], list(readings[kind.key].values())[:LISTED])
        for kind in there
    ]
    return _exchange(years, lines)


def _newest(kind: ExchangeKind, found: QuerySet[Any], year: int) -> QuerySet[Any, Any]:
    rows = found.filter(**{kind.year: year}).order_by("-pk")
    return rows.values_list(
        Value(kind.key, output_field=TextField()),
        Cast(F(kind.ref), output_field=CharField()),
        Cast(F(kind.title), output_field=CharField()),
    )[: 2 * LISTED]


def _exchange(years: Sequence[int], lines: Sequence[Line]) -> Exchange:
    """Put lines on their side; what nobody did in any year is left out."""
    there = [line for line in lines if any(number != 0 for number in line.numbers)]
    return Exchange(
        years,
        [line for line in there if line.kind.is_brought],
        [line for line in there if not line.kind.is_brought],
    )
