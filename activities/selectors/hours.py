"""How many hours are asked of a city in a calendar year.

What an activity asks of a city:

- its hours of preparation, once, in the year in which it begins;
- the length of each session, in the year in which that session begins. One person is counted, however many come.

Of which cities: the mission and EoI cities in whose circle it is (its audience), those that are invited by name,
and those with somebody who is registered. What counts is being planned, open, held or rounded off: a draft is not
asked of anybody yet, what is cancelled no more, and what has no date belongs to no year.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    DecimalField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    QuerySet,
    Subquery,
    Sum,
)
from django.utils import timezone

from activities.models import Activity, ActivitySession, Participation
from activities.models.activity import ActivityState, Audience, ParticipationState
from activities.models.limit import HoursLimit
from cities.models import Involvement
from cities.models.involvement import Level
from nss_portal.core.time import today

COUNTED = (ActivityState.PLANNED, ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
ASKED_OF = {
    Level.MISSION: frozenset(Audience.values),
    Level.EOI: frozenset({Audience.NOP, Audience.INTERESTED, Audience.EVERYBODY}),
}
SECONDS_IN_HOUR = 3600
TENTH = Decimal("0.1")


def bounds(year: int) -> tuple[datetime, datetime]:
    """Give the first moment of a year and of the next one, in the Netherlands."""
    first, after = (datetime.combine(date(one, 1, 1), datetime.min.time()) for one in (year, year + 1))
    return timezone.make_aware(first), timezone.make_aware(after)


@dataclass(frozen=True)
class YearOfHours:
    """Hours per activity of a year, and how many are asked of each circle.

    `named` gives per city (organisation) the activities it is invited to or registered for, `registered` only the
    latter.
    """

    hours: Mapping[int, Decimal]
    audiences: Mapping[int, str]
    named: Mapping[int, frozenset[int]]
    registered: Mapping[int, frozenset[int]]
    per_audience: Mapping[str, Decimal] = field(default_factory=dict)

    def asked(self, organisation: int, level: str) -> Decimal:
        """Give how many hours are asked of a city of a level."""
        circles = ASKED_OF[Level(level)]
        total = sum((self.per_audience.get(audience, Decimal(0)) for audience in circles), Decimal(0))
        others = self.named.get(organisation, frozenset())
        total += sum((self.hours[one] for one in others if self.audiences[one] not in circles), Decimal(0))
        return total.quantize(TENTH)

    def taken_on(self, organisation: int) -> Decimal:
        """Give how many hours are in what the city is registered for."""
        return sum((self.hours[one] for one in self.registered.get(organisation, ())), Decimal(0)).quantize(TENTH)


def year_of_hours(year: int, cities: Iterable[int]) -> YearOfHours:
    """Work out what is asked in a year of some cities (organisations). Four queries for any number."""
    first, after = bounds(year)
    hours: dict[int, Decimal] = defaultdict(Decimal)
    audiences: dict[int, str] = {}
    begun = Activity.objects.filter(state__in=COUNTED, starts_at__gte=first, starts_at__lt=after).order_by()
    for pk, audience, asked in begun.values_list("pk", "audience", "preparation_hours"):
        hours[pk] += asked or Decimal(0)
        audiences[pk] = audience
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), DurationField())
    met = ActivitySession.objects.filter(activity__state__in=COUNTED, starts_at__gte=first, starts_at__lt=after)
    per_activity = met.order_by().values("activity", "activity__audience").annotate(long=Sum(length))
    for pk, audience, long in per_activity.values_list("activity", "activity__audience", "long"):
        hours[pk] += Decimal(long.total_seconds()) / SECONDS_IN_HOUR
        audiences[pk] = audience
    per_audience: dict[str, Decimal] = defaultdict(Decimal)
    for pk, number in hours.items():
        per_audience[audiences[pk]] += number
    keys = list(cities)
    registered = _pairs(Participation.objects.filter(state=ParticipationState.REGISTERED), keys, hours)
    invited = _pairs(Activity.invited.through._default_manager.all(), keys, hours)
    named = {key: registered.get(key, frozenset()) | invited.get(key, frozenset()) for key in keys}
    return YearOfHours(hours, audiences, named, registered, per_audience)


def _pairs(rows: QuerySet[Any], cities: list[int], hours: Mapping[int, Decimal]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    pairs = rows.filter(organisation__in=cities).order_by().values_list("organisation", "activity").distinct()
    for organisation, activity in pairs:
        if activity in hours:
            found[organisation].add(activity)
    return {organisation: frozenset(some) for organisation, some in found.items()}


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


class HoursAsked(Func):
    """What is asked in a year of one city, in SQL: of an organisation and its level of involvement.

    The same rule as `year_of_hours`, for pages that speak of one city and ask for it beside other things.
    """

    arity = 2
    output_field = DecimalField(max_digits=8, decimal_places=1)
    template = "%(expressions)s"

    def __init__(self, organisation: str, level: str, *, year: int) -> None:
        super().__init__(F(organisation), F(level))
        self.first, self.after = bounds(year)

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:  # type: ignore[override]
        """Give the subquery; its moments are parameters."""
        organisation, of_organisation = compiler.compile(self.source_expressions[0])
        level, of_level = compiler.compile(self.source_expressions[1])
        sql = f"""(SELECT coalesce(round(sum(one.hours), 1), 0) FROM (
            SELECT CASE WHEN a.starts_at >= %s AND a.starts_at < %s
                THEN coalesce(a.preparation_hours, 0) ELSE 0 END
                + coalesce((SELECT sum(extract(epoch FROM s.ends_at - s.starts_at)) / {SECONDS_IN_HOUR}
                    FROM activities_activitysession s
                    WHERE s.activity_id = a.id AND s.starts_at >= %s AND s.starts_at < %s), 0) AS hours
            FROM activities_activity a
            WHERE a.state IN ({_quoted(COUNTED)}) AND a.ends_at >= %s AND a.starts_at < %s AND (
                ({level} = '{Level.MISSION}' AND a.audience IN ({_quoted(ASKED_OF[Level.MISSION])}))
                OR ({level} = '{Level.EOI}' AND a.audience IN ({_quoted(ASKED_OF[Level.EOI])}))
                OR EXISTS (SELECT FROM activities_activity_invited i
                    WHERE i.activity_id = a.id AND i.organisation_id = {organisation})
                OR EXISTS (SELECT FROM activities_participation p
                    WHERE p.activity_id = a.id AND p.organisation_id = {organisation}
                    AND p.state = '{ParticipationState.REGISTERED}'))) one)"""  # noqa: S608 - words of our own
        year = [self.first, self.after]
        return sql, [*year, *year, *year, *of_level, *of_level, *of_organisation, *of_organisation]


def hours_of_cities() -> QuerySet[Involvement]:
    """Give the mission and EoI cities with `asked`, the hours asked this year, and `limit`, the one in force."""
    limits = HoursLimit.objects.filter(valid_from__lte=today()).order_by("-valid_from", "-pk")
    limit = Subquery(limits.values("hours")[:1])
    found: QuerySet[Involvement] = Involvement.objects.filter(valid_to__isnull=True, level__in=list(ASKED_OF))
    year = today().year
    return found.annotate(asked=HoursAsked("municipality__organisation_id", "level", year=year), limit=limit)
