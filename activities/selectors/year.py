"""The year at a glance: what drives its rhythm, month by month, and the time to lobby."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Min
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from activities.models import Activity, ActivitySession, RhythmDate
from activities.models.activity import ActivityState
from activities.models.rhythm import RhythmKind
from nss_portal.core.access import Actor
from nss_portal.core.calendar import days_of
from nss_portal.core.registry import CalendarEntry

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Lobby:
    """The months of one year in which to lobby for an election; `election` is its own month, if in that year."""

    record: RhythmDate
    months: frozenset[int]
    election: int | None


@dataclass
class Month:
    """One month: what has a date, and how many sessions are on the agenda."""

    first: date
    entries: list[CalendarEntry] = field(default_factory=list)
    sessions: int = 0


def lobbies(year: int) -> list[Lobby]:
    """Give the elections for which this year is a time to lobby, the first one first. One query."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = RhythmDate.objects.filter(
        kind=RhythmKind.ELECTION, starts_on__gte=first, starts_on__lt=date(year + 2, 1, 1)
    )
    rows = (_lobby(record, year) for record in found if record.lobby_from and record.lobby_from <= last)
    return [row for row in rows if row.months or row.election]


def _lobby(record: RhythmDate, year: int) -> Lobby:
    begins, ends = record.lobby_from, record.starts_on
    assert begins is not None  # noqa: S101 - only elections come here
    months = frozenset(month for month in MONTHS if begins <= date(year, month, 1) < ends.replace(day=1))
    return Lobby(record, months, ends.month if ends.year == year else None)


def months_of(actor: Actor, year: int) -> list[Month]:
    """Give the twelve months of a year: dates one by one, activities as a number, since there are many."""
    months = [Month(date(year, month, 1)) for month in MONTHS]
    for entry in days_of(actor, date(year, 1, 1), date(year, 12, 31)):
        if not entry.cancelled:
            months[max(_day(entry), date(year, 1, 1)).month - 1].entries.append(entry)
    counts = _sessions(actor, year)
    for month in months:
        month.sessions = counts[month.first.month]
    return months


def _day(entry: CalendarEntry) -> date:
    return timezone.localdate(entry.starts) if isinstance(entry.starts, datetime) else entry.starts


def _sessions(actor: Actor, year: int) -> Counter[int]:
    """Count the sessions that the actor may see per month. One query."""
    shown = Activity.objects.visible_to(actor).shown().exclude(state=ActivityState.CANCELLED)
    found = (
        ActivitySession.objects.filter(activity__in=shown.order_by().values("pk"), starts_at__year=year)
        .annotate(month=ExtractMonth("starts_at"))
        .order_by()
        .values("month")
        .annotate(number=Count("pk"))
        .values_list("month", "number")
    )
    return Counter(dict(found))


def years() -> tuple[int, int]:
    """Give the first and the last year that can be asked for. One query."""
    known = RhythmDate.objects.aggregate(first=Min("starts_on"), last=Max("starts_on"))
    this = timezone.localdate()
    first, last = known["first"] or this, known["last"] or this
    return min(this.year, first.year), max(this.year + 1, last.year)
