"""What a coordinator keeps an eye on beside the agenda: silent cities, late signals, hours asked of each city."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Max, Q
from django.utils import timezone

from activities.models import Activity, Participation
from activities.models.activity import ActivityState, Audience, ParticipationState
from cities.models import Involvement
from cities.models.involvement import Level

# A city that took part in nothing for so long, and is registered for nothing, is silent.
SILENT_AFTER = timedelta(days=120)
COUNTED = (ActivityState.PLANNED, ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.CLOSED)
ASKED_OF = {
    Level.MISSION: frozenset(Audience.values),
    Level.EOI: frozenset({Audience.NOP, Audience.INTERESTED, Audience.EVERYBODY}),
}


@dataclass
class CityLoad:
    """What is asked of one city in a year: hours of all that is for it, and of what it takes part in."""

    organisation: int
    name: str
    code: str
    level: str
    asked: Decimal = Decimal(0)
    taken_on: Decimal = Decimal(0)
    activities: int = 0
    last: datetime | None = None

    @property
    def is_coming(self) -> bool:
        """Whether the last activity it is registered for is still to come."""
        return self.last is not None and self.last > timezone.now()

    @property
    def is_silent(self) -> bool:
        """Whether the city took part in nothing lately and is registered for nothing."""
        return self.last is None or self.last < timezone.now() - SILENT_AFTER


def loads(year: int) -> list[CityLoad]:
    """Give what is asked of each mission and EoI city in a year, by name. Four queries for any number."""
    involved = Involvement.objects.filter(valid_to__isnull=True, level__in=list(ASKED_OF))
    rows = involved.order_by("municipality__common_name").values_list(
        "municipality__organisation_id", "municipality__common_name", "municipality__code", "level"
    )
    found = {pk: CityLoad(pk, name, code, level) for pk, name, code, level in rows}
    first = timezone.make_aware(datetime.combine(date(year, 1, 1), datetime.min.time()))
    after = timezone.make_aware(datetime.combine(date(year + 1, 1, 1), datetime.min.time()))
    this_year = Q(starts_at__gte=first, starts_at__lt=after)
    hours: dict[int, Decimal] = {}
    per_audience: dict[str, Decimal] = defaultdict(Decimal)
    for pk, audience, asked in (
        Activity.objects.filter(this_year, state__in=COUNTED, preparation_hours__isnull=False)
        .order_by()
        .values_list("pk", "audience", "preparation_hours")
    ):
        hours[pk] = asked or Decimal(0)
        per_audience[audience] += hours[pk]
    taking = Participation.objects.filter(
        state=ParticipationState.REGISTERED, organisation__in=list(found), activity__state__in=COUNTED
    ).order_by()
    for organisation, activity in (
        taking.filter(activity__starts_at__gte=first, activity__starts_at__lt=after)
        .values_list("organisation", "activity")
        .distinct()
    ):
        found[organisation].activities += 1
        found[organisation].taken_on += hours.get(activity, Decimal(0))
    for organisation, last in (
        taking.values("organisation").annotate(last=Max("activity__ends_at")).values_list("organisation", "last")
    ):
        found[organisation].last = last
    for city in found.values():
        circles = ASKED_OF[Level(city.level)]
        city.asked = sum((hours for audience, hours in per_audience.items() if audience in circles), Decimal(0))
    return list(found.values())
