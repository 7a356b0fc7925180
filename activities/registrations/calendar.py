"""What the activities app puts into calendar feeds and the year at a glance: sessions and dates of the year."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySession, Participation, RhythmDate
from activities.models.activity import ActivityState, Kind, Meeting, ParticipationState, slug_of
from activities.models.rhythm import RhythmKind
from activities.services.rhythm import load_rhythm
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.registry import (
    CalendarEntry,
    calendar_kinds,
    date_sources,
    meeting_sources,
    reference_loaders,
)

reference_loaders.register(load_rhythm)

# In the calendar of a person, and whether the place is certain.
CERTAIN = {
    ParticipationState.REGISTERED: True,
    ParticipationState.INVITED: False,
    ParticipationState.REQUESTED: False,
    ParticipationState.WAITING: False,
}
DAY_BEFORE = timedelta(days=1)
# Dates of the year are reference data, which is not dated by itself; the same moment gives the same feed.
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@calendar_kinds.register
def kinds() -> Iterator[tuple[str, Any]]:
    """Each kind of activity, and each kind of date, has a feed of its own."""
    yield from Kind.choices
    yield from RhythmKind.choices


@meeting_sources.register
def sessions(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the sessions of what the actor may see on the agenda. Two queries for a person, one for a visitor.

    A cancelled activity stays, as cancelled, so that it disappears from calendars that hold it. What is still
    being planned is in nobody's calendar, and the address of an online meeting neither: it is on the page.
    """
    own = _own_states(actor)
    rows = (
        ActivitySession.objects.filter(
            activity__in=Activity.objects.visible_to(actor).shown().order_by().values("pk"),
            ends_at__gte=_begin(first),
            starts_at__lt=_begin(last + timedelta(days=1)),
        )
        .order_by("starts_at", "pk")
        .values_list(
            "pk",
            "starts_at",
            "ends_at",
            "place",
            "activity_id",
            "activity__public_id",
            "activity__title",
            "activity__summary",
            "activity__kind",
            "activity__state",
            "activity__place",
            "activity__meeting",
            "activity__changed_at",
            "activity__version",
        )
    )
    for row in rows:
        yield _entry(row, own.get(row[4]))


def _entry(row: tuple[Any, ...], state: str | None) -> CalendarEntry:
    pk, starts, ends, place, _activity, public_id, title, summary, kind, standing, where, meeting, changed, n = row
    has_place = CERTAIN.get(ParticipationState(state)) if state else None
    return CalendarEntry(
        key=f"activity-{public_id}-{pk}",
        title=title,
        starts=starts,
        ends=ends,
        url=reverse("activities:activity", args=[public_id, slug_of(title)]),
        kind=kind,
        changed_at=changed,
        version=n,
        detail=summary,
        place=place or where or (_("online") if meeting == Meeting.ONLINE else ""),
        mine=has_place is not None,
        tentative=has_place is False,
        cancelled=standing == ActivityState.CANCELLED,
        alarm=DAY_BEFORE if has_place else None,
    )


def _own_states(actor: Actor) -> dict[int, str]:
    person = standing_of(actor).user_id
    if person is None:
        return {}
    found = Participation.objects.filter(user=person, state__in=list(CERTAIN)).order_by()
    return dict(found.values_list("activity_id", "state"))


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@date_sources.register
def dates_of_the_year(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give elections and deliverables; they are for everybody. One query."""
    for record in RhythmDate.objects.filter(ends_on__gte=first, starts_on__lte=last):
        yield CalendarEntry(
            key=f"date-{record.code}",
            title=f"{record.get_kind_display().capitalize()}: {record.title}",
            starts=record.starts_on,
            ends=record.ends_on,
            url=reverse("activities:year", args=[record.starts_on.year]),
            kind=record.kind,
            changed_at=SINCE,
            detail=record.certainty,
        )
