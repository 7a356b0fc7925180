"""Reads across the cities app."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from cities.models import (
    Involvement,
    InvolvementRequest,
    Municipality,
    MunicipalityBoundary,
    MunicipalityMerger,
    MunicipalityName,
)
from cities.models.involvement import LEVEL_TONES, Level
from cities.models.municipality import MunicipalityQuerySet
from nss_portal.core.access import Actor, may
from nss_portal.core.access.resources import allowed
from nss_portal.core.geo import Place


class MunicipalityRow(NamedTuple):
    """A municipality as lists, the map and the download show it."""

    code: str
    common_name: str
    name: str
    province: str
    population: int | None
    population_year: int | None
    lat: float | None
    lon: float | None
    level: str
    level_since: date | None
    level_label: str
    tone: str
    url: str
    # When the true boundaries were loaded; the same for all rows, None while there are none.
    boundaries: datetime | None = None


def municipality_rows(municipalities: QuerySet[Municipality]) -> list[MunicipalityRow]:
    """Give the rows of a list that `with_level` was asked of; one query, without models in between."""
    levels = {level.value: (str(level.label), LEVEL_TONES[level]) for level in Level}
    base = reverse("cities:municipalities")
    loaded = MunicipalityBoundary.objects.order_by("-loaded_at").values("loaded_at")[:1]
    return [
        MunicipalityRow._make((*values[:10], *levels[values[8]], f"{base}{values[0]}/", values[10]))
        for values in municipalities.values_list(*MunicipalityRow._fields[:10], Subquery(loaded))
    ]


def places(rows: Iterable[MunicipalityRow]) -> list[Place]:
    """Give what the map draws: a dot per municipality of which the place is known, the cities with their names."""
    named = {Level.MISSION.value, Level.EOI.value}
    return [
        Place(
            name=row.common_name,
            lat=row.lat,
            lon=row.lon,
            population=row.population or 0,
            kind=row.level,
            url=row.url,
            named=row.level in named,
        )
        for row in rows
        if row.lat is not None and row.lon is not None
    ]


def level_counts(municipalities: QuerySet[Municipality]) -> dict[str, int]:
    """Count the municipalities per recorded level, most involved first; every level is there. One query."""
    present = Involvement.objects.filter(valid_to__isnull=True, municipality__in=municipalities.values("pk"))
    counts = Counter(present.values_list("level", flat=True))
    return {level.value: counts[level.value] for level in Level}


def current_levels(organisations: Iterable[int]) -> dict[int, str]:
    """Give the present level of involvement per organisation (primary keys); those without one are left out."""
    return dict(_present_levels().filter(municipality__organisation__in=list(organisations)))


@lru_cache(maxsize=1)
def _present_levels() -> QuerySet[Involvement, tuple[int, str]]:
    present = Involvement.objects.filter(valid_to__isnull=True).order_by()
    return present.values_list("municipality__organisation_id", "level")


def periods_of(municipality: Municipality) -> QuerySet[Involvement]:
    """Give the periods of involvement of a municipality and of those that went on in it, the latest first."""
    either = Q(municipality=municipality) | Q(municipality__successor=municipality)
    return Involvement.objects.filter(either).select_related("municipality").order_by("-valid_from", "-pk")


def present_level(municipality: Municipality, periods: Iterable[Involvement]) -> str:
    """Give the level that a municipality has now, out of its periods."""
    present = (p.level for p in periods if p.valid_to is None and p.municipality_id == municipality.pk)
    return next(present, Level.OTHER.value)


def planned_merger() -> Subquery:
    """Give what is planned for a municipality (an outer row), as {old, new, on}, or null."""
    either = Q(old=OuterRef("pk")) | Q(new=OuterRef("pk"))
    parts = JSONObject(old="old__common_name", new="new__common_name", on="on")
    return Subquery(MunicipalityMerger.objects.planned().filter(either).order_by("on").values(found=parts)[:1])


def successor_of(municipality: Municipality, day: date) -> Municipality | None:
    """Give the municipality in which one that has ended on `day` went on, through all mergers since."""
    seen = {municipality.pk}
    found = municipality
    while found.successor is not None and found.valid_to is not None and found.valid_to < day:
        found = found.successor
        if found.pk in seen:
            return None
        seen.add(found.pk)
    return None if found.pk == municipality.pk else found


def requests_to_decide(actor: Actor) -> QuerySet[InvolvementRequest]:
    """Give the requests that wait for this person's decision, the oldest first."""
    if not may(actor, "involvement", "decide"):
        return InvolvementRequest.objects.none()
    waiting: QuerySet[InvolvementRequest] = InvolvementRequest.objects.waiting().filter(
        pk__in=allowed(actor, "involvement", "decide").values("pk")
    )
    return waiting.select_related("municipality")


def with_other_names(municipalities: MunicipalityQuerySet) -> MunicipalityQuerySet:
    """Add the other names of municipalities to the query that reads them, for `other_names_of`."""
    names = MunicipalityName.objects.filter(municipality=OuterRef("pk")).order_by("name", "pk")
    return municipalities.annotate(names=ArraySubquery(names.values_list(JSONObject(name="name", kind="kind"))))


def other_names_of(municipality: Municipality) -> list[dict[str, str]]:
    """Give name and kind of each other name; without a query where `with_other_names` read the municipality."""
    found: list[dict[str, str]] | None = getattr(municipality, "names", None)
    if found is not None:
        return found
    return [{"name": other.name, "kind": other.kind} for other in municipality.other_names.all()]
