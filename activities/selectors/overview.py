"""What a coordinator keeps an eye on beside the agenda: silent cities, late signals, hours asked of each city."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone

from activities.models import Participation
from activities.models.activity import ParticipationState
from activities.selectors.hours import ASKED_OF, COUNTED, year_of_hours
from cities.models import Involvement

# A city that took part in nothing for so long, and is registered for nothing, is silent.
SILENT_AFTER = timedelta(days=120)


@dataclass
class CityLoad:
    """What is asked of one city in a year, counted as `selectors.hours` says, and what it takes part in."""

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

    def is_above(self, limit: Decimal | None) -> bool:
        """Whether more is asked than the limit."""
        return limit is not None and self.asked > limit


def asked_of_cities(year: int) -> list[CityLoad]:
    """Give the hours asked of each mission and EoI city in a year, by name. Five queries for any number."""
    involved = Involvement.objects.filter(valid_to__isnull=True, level__in=list(ASKED_OF))
    rows = involved.order_by("municipality__common_name").values_list(
        "municipality__organisation_id", "municipality__common_name", "municipality__code", "level"
    )
    found = [CityLoad(pk, name, code, level) for pk, name, code, level in rows]
    hours = year_of_hours(year, [city.organisation for city in found])
    for city in found:
        city.asked = hours.asked(city.organisation, city.level)
        city.taken_on = hours.taken_on(city.organisation)
        city.activities = len(hours.registered.get(city.organisation, ()))
    return found


def loads(year: int) -> list[CityLoad]:
    """Give the same with when each city was last seen. Six queries for any number."""
    found = asked_of_cities(year)
    taking = Participation.objects.filter(
        state=ParticipationState.REGISTERED,
        organisation__in=[city.organisation for city in found],
        activity__state__in=COUNTED,
    ).order_by()
    last = taking.values("organisation").annotate(last=Max("activity__ends_at"))
    seen = dict(last.values_list("organisation", "last"))
    for city in found:
        city.last = seen.get(city.organisation)
    return found
