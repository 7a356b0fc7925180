"""What organisations bring to the cooperation and take from it: facts that apps register, counted and listed.

For one organisation: what the reader may see of its records. For the whole country: all records that count, and
only where at least five organisations stand behind a figure; never per organisation, so never a ranking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, F, QuerySet, TextField, Value

from nss_portal.core.access import Actor
from nss_portal.core.gathering import as_keys, rows_of
from nss_portal.core.registry import ExchangeKind, Reading, exchange_kinds

# Fewer organisations than this could be guessed from a sum.
FEWEST = 5
LISTED = 8
# Between the identifier of a record and its title: in neither of them.
BETWEEN = "\N{INFORMATION SEPARATOR ONE}"


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

    @property
    def brought_to_read(self) -> list[Line]:
        """Give the lines of what was brought behind which something stands to read."""
        return [line for line in self.brought if line.readings]

    @property
    def took_to_read(self) -> list[Line]:
        """Give the lines of what was taken behind which something stands to read."""
        return [line for line in self.took if line.readings]


def kinds() -> list[ExchangeKind]:
    """Give what the apps registered, in order."""
    return sorted((kind for source in exchange_kinds for kind in source()), key=lambda kind: kind.order)


def _per_year(kind: ExchangeKind, found: QuerySet[Any], **more: Any) -> QuerySet[Any, Any]:
    """Count per year how many there are; with `more` about them. Years that nobody asked for are few."""
    counts: QuerySet[Any, Any] = (
        found.order_by()
        .values(kind_key=Value(kind.key, output_field=TextField()), in_the_year=F("in_year"))
        .annotate(number=Count(kind.once, distinct=kind.once != "pk"), **more)
        .values_list("kind_key", "in_the_year", "number", *more)
    )
    return counts


class _Newest(Aggregate):
    """The newest records of a group as texts: identifier and title, from `ref`, `title` and the primary key."""

    arity = 3
    output_field = ArrayField(TextField())

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        """Give one array; put together by hand, since this is asked of every kind of thing on a page."""
        compiled = [compiler.compile(one) for one in self.source_expressions[:3]]
        (ref, title, key), params = (one for one, _params in compiled), [one for _sql, one in compiled]
        sql = f"(array_agg({ref}::text || '{BETWEEN}' || {title}::text ORDER BY {key} DESC))[1:{2 * LISTED}]"
        return sql, tuple(value for some in params for value in some)


def national(years: Sequence[int]) -> Exchange:
    """Give the sums of the whole country over some years, which follow on each other. One query."""
    there = kinds()
    if not there:
        return Exchange(years)
    numbers: dict[tuple[str, int], int | None] = {}
    for key, year, number, behind in rows_of(
        _per_year(kind, kind.counted(), behind=Count(kind.organisation, distinct=True)) for kind in there
    ):
        numbers[key, year] = number if behind >= FEWEST else None
    return _exchange(years, [Line(kind, [numbers.get((kind.key, year), 0) for year in years]) for kind in there])


def of_organisation(actor: Actor, organisation: int, years: Sequence[int], year: int) -> Exchange:
    """Give what one organisation (primary key) brought and took, with the newest records of one year. One query.

    Only for people of the organisation itself; what one of them may not see is not counted either.
    """
    there = kinds()
    if not there:
        return Exchange(years)
    # What somebody may see is put together once per model, however many kinds of things hang on it.
    visible = {
        model: as_keys(model.objects.visible_to(actor).order_by().values("pk"))
        for model in {k.model for k in there}
    }
    queries = []
    for kind in there:
        seen = {kind.organisation: organisation, f"{kind.within}__in": visible[kind.model]}
        queries.append(_per_year(kind, kind.counted().filter(**seen), newest=_Newest(kind.ref, kind.title, "pk")))
    numbers: dict[tuple[str, int], int] = {}
    newest: dict[str, list[str]] = {}
    for key, in_year, number, listed in rows_of(queries):
        numbers[key, in_year] = number
        if in_year == year:
            newest[key] = listed
    lines = [
        Line(
            kind,
            [numbers.get((kind.key, one), 0) for one in years],
            _readings(kind, newest.get(kind.key, ())),
        )
        for kind in there
    ]
    return _exchange(years, lines)


def _readings(kind: ExchangeKind, listed: Iterable[str]) -> list[Reading]:
    """Give records with their address, each once: several places in an activity are one activity."""
    titles = dict(one.split(BETWEEN, 1) for one in listed)
    return [Reading(title=title, url=kind.page(ref)) for ref, title in list(titles.items())[:LISTED]]


def _exchange(years: Sequence[int], lines: Sequence[Line]) -> Exchange:
    """Put lines on their side; what nobody did in any year is left out."""
    there = [line for line in lines if any(number != 0 for number in line.numbers)]
    return Exchange(
        years,
        [line for line in there if line.kind.is_brought],
        [line for line in there if not line.kind.is_brought],
    )
