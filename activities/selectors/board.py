"""What the planning board reads: sessions of a quarter, whom they ask, and which ask a city twice on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from itertools import combinations
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from activities.models import Activity, ActivitySession, Participation
from activities.models.activity import ActivityState, Audience, ParticipationState
from activities.selectors.hours import ASKED_OF
from cities.models import Involvement
from cities.models.involvement import Level
from nss_portal.core.access import Actor

ON_BOARD = (
    ActivityState.DRAFT,
    ActivityState.PLANNED,
    ActivityState.PUBLISHED,
    ActivityState.HELD,
    ActivityState.CLOSED,
)
UNDATED_SHOWN = 30
OF_ACTIVITY = ("public_id", "title", "kind", "state", "audience", "organisation_id", "preparation_hours")


class Line(NamedTuple):
    """One session on the board."""

    activity: int
    starts_at: datetime
    ends_at: datetime
    is_listed: bool
    public_id: str
    title: str
    kind: str
    state: str
    audience: str
    organisation: int
    hours: object
    short_name: str
    name: str

    @property
    def leader(self) -> str:
        """The short name of who leads it."""
        return self.short_name or self.name

    @property
    def day(self) -> date:
        """The day on which it begins, in the Netherlands."""
        return timezone.localdate(self.starts_at)


def lines_between(actor: Actor, first: date, after: date) -> list[Line]:
    """Give the sessions from a day until before another one that the actor may see, the first ones first."""
    visible = Activity.objects.visible_to(actor).filter(state__in=ON_BOARD)
    rows = ActivitySession.objects.filter(
        activity__in=visible.order_by().values("pk"), starts_at__gte=_begin(first), starts_at__lt=_begin(after)
    )
    names = [f"activity__{name}" for name in OF_ACTIVITY]
    found = rows.order_by("starts_at", "pk").values_list(
        "activity_id",
        "starts_at",
        "ends_at",
        "is_listed",
        *names,
        "activity__organisation__short_name",
        "activity__organisation__name",
    )
    return [Line(*row) for row in found]


def undated(actor: Actor) -> list[Activity]:
    """Give what is being planned without a date, the newest first."""
    found = Activity.objects.visible_to(actor).filter(
        starts_at__isnull=True, state__in=[ActivityState.DRAFT, ActivityState.PLANNED]
    )
    return list(found.select_related("organisation").order_by("-pk")[:UNDATED_SHOWN])


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def asked_cities(
    activities: Mapping[int, str], cities_by_level: Iterable[tuple[int, str]] | None = None
) -> dict[int, frozenset[int]]:
    """Give which cities (organisations) each activity asks: its circle, who is invited and who is registered.

    `activities` maps primary keys to audiences; `cities_by_level` are the mission and EoI cities with their level
    where they are known already. Three queries, or two.
    """
    levels: dict[str, set[int]] = defaultdict(set)
    if cities_by_level is None:
        involved = Involvement.objects.filter(valid_to__isnull=True, level__in=list(ASKED_OF)).order_by()
        cities_by_level = involved.values_list("municipality__organisation_id", "level")
    for organisation, level in cities_by_level:
        levels[level].add(organisation)
    circles = {
        audience: frozenset().union(*(levels[level] for level in levels if audience in ASKED_OF[Level(level)]))
        for audience in Audience.values
    }
    cities = frozenset().union(*levels.values())
    named: dict[int, set[int]] = defaultdict(set)
    here = Q(activity__in=list(activities))
    registered = Participation.objects.filter(here, state=ParticipationState.REGISTERED).order_by()
    invited = Activity.invited.through._default_manager.filter(here).order_by()
    for rows in (registered, invited):
        for activity, organisation in rows.values_list("activity", "organisation"):
            named[activity].add(organisation)
    return {one: circles[audience] | (named[one] & cities) for one, audience in activities.items()}


class Clash(NamedTuple):
    """What else asks cities on the same day: titles, and how many cities are asked twice."""

    titles: tuple[str, ...]
    cities: int


def clashes(lines: Iterable[Line], asked: Mapping[int, frozenset[int]]) -> dict[tuple[int, date], Clash]:
    """Give per activity and day what asks one of the same cities on that day; no database."""
    days: dict[date, dict[int, Line]] = defaultdict(dict)
    for line in lines:
        days[line.day].setdefault(line.activity, line)
    found: dict[tuple[int, date], Clash] = {}
    for day, there in days.items():
        twice: dict[int, set[int]] = defaultdict(set)
        titles: dict[int, list[str]] = defaultdict(list)
        for one, other in combinations(there.values(), 2):
            both = asked[one.activity] & asked[other.activity]
            if both:
                for line, beside in ((one, other), (other, one)):
                    twice[line.activity] |= both
                    titles[line.activity].append(beside.title)
        found |= {(key, day): Clash(tuple(titles[key]), len(cities)) for key, cities in twice.items()}
    return found


def clashes_on(actor: Actor, activity: Activity, day: date) -> list[Line]:
    """Give what else asks one of the same cities on a day; what is asked of whom as the board counts it."""
    lines = lines_between(actor, day, date.fromordinal(day.toordinal() + 1))
    others = {line.activity: line for line in lines if line.activity != activity.pk}
    asked = asked_cities(
        {**{one.activity: one.audience for one in others.values()}, activity.pk: activity.audience}
    )
    return [line for line in others.values() if asked[line.activity] & asked[activity.pk]]
