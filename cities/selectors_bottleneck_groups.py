"""Which cities stand behind a bottleneck, and which bottlenecks were merged into it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from cities.models import Bottleneck, BottleneckJoin, BottleneckMerge
from cities.models.bottleneck import BottleneckQuerySet, BottleneckState, Severity
from cities.models.bottleneck_group import reads_along
from governance.models import Organisation
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.access.resources import allowed

# Who ended counts as whoever it goes on in: cities that merged are one.
PRESENT = """present (id, onward) AS (
    SELECT id, id FROM governance_organisation WHERE successor_id IS NULL OR valid_to IS NULL
    UNION ALL
    SELECT ended.id, present.onward FROM governance_organisation AS ended
    JOIN present ON ended.successor_id = present.id WHERE ended.valid_to IS NOT NULL
)"""
FAMILY = """
WITH RECURSIVE family (id) AS (
    SELECT %s::bigint
    UNION
    SELECT part.id FROM cities_bottleneck AS part
    JOIN family ON part.merged_into_id = family.id AND part.state = 'merged'
)
SELECT id FROM family
"""
WAY_ON = """
WITH RECURSIVE way (id, onward, step) AS (
    SELECT id, CASE WHEN state = 'merged' THEN merged_into_id END, 0 FROM cities_bottleneck WHERE id = %s
    UNION ALL
    SELECT next.id, CASE WHEN next.state = 'merged' THEN next.merged_into_id END, way.step + 1
    FROM cities_bottleneck AS next JOIN way ON next.id = way.onward
)
SELECT id FROM way WHERE onward IS NULL
"""


@dataclass(frozen=True)
class Behind:
    """An organisation that stands behind a bottleneck: the first who wrote it, one that joined, one merged in."""

    organisation: Organisation
    severity: str
    words: str
    is_own: bool = False
    join: BottleneckJoin | None = None
    merged: Bottleneck | None = None

    @property
    def is_illustrative(self) -> bool:
        """Say whether this was made up for the demonstration."""
        record = self.join or self.merged
        return record is not None and record.is_illustrative

    @property
    def severity_label(self) -> str:
        """Say how badly it holds this organisation up; empty when nobody said so."""
        return str(Severity(self.severity).label) if self.severity else ""


def family_of(bottleneck: Bottleneck) -> RawSQL:
    """Give a subquery of the primary keys of a bottleneck and of all that were ever merged into it."""
    return RawSQL(FAMILY, [bottleneck.pk])  # noqa: S611 - our own SQL


def goes_on_in(bottleneck: Bottleneck) -> int:
    """Give the primary key of the bottleneck in which this one goes on, past all mergers. One query."""
    with connection.cursor() as cursor:
        cursor.execute(WAY_ON, [bottleneck.pk])
        row = cursor.fetchone()
    return int(row[0])


def stand_behind(actor: Actor, bottleneck: Bottleneck, family: RawSQL) -> list[Behind]:
    """Give who stands behind a bottleneck as far as the actor may know, the owner first. Two queries.

    An organisation that stands there in several ways comes once for each: its texts differ.
    """
    own = standing_of(actor).organisations
    rows = [Behind(bottleneck.organisation, bottleneck.severity, "", bottleneck.organisation_id in own)]
    merged = Bottleneck.objects.visible_to(actor).filter(pk__in=family, state=BottleneckState.MERGED)
    rows += [
        Behind(one.organisation, one.severity, one.description, one.organisation_id in own, merged=one)
        for one in merged.select_related("organisation").order_by("created_at", "pk")
    ]
    joins = BottleneckJoin.objects.visible_to(actor, through=bottleneck).filter(bottleneck__in=family)
    rows += [
        Behind(join.organisation, join.severity, join.words, join.organisation_id in own, join=join)
        for join in joins.select_related("organisation")
    ]
    return rows


def with_behind(actor: Actor, bottlenecks: BottleneckQuerySet) -> BottleneckQuerySet:
    """Add `behind`: the number of organisations behind each bottleneck that the actor may know of."""
    standing = standing_of(actor)
    if reads_along(actor):
        return bottlenecks.annotate(behind=F("cities_behind"))
    if not standing.organisations:
        return bottlenecks.annotate(behind=F("cities_behind_public"))
    own = When(organisation__in=standing.organisations, then=F("cities_behind"))
    return bottlenecks.annotate(behind=Case(own, default=F("cities_behind_public"), output_field=IntegerField()))


def mergers_of(actor: Actor, bottleneck: Bottleneck) -> QuerySet[BottleneckMerge]:
    """Give the mergers into a bottleneck with the number of their parts, and of those the actor may part again."""
    free = allowed(actor, "bottleneck", "merge").filter(state=BottleneckState.MERGED)
    mergers: QuerySet[BottleneckMerge] = bottleneck.mergers.annotate(
        number=Count("parts"),
        free=Count(Case(When(parts__bottleneck__in=free.values("pk"), then=Value(1)))),
    )
    return mergers
