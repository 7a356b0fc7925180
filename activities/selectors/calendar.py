"""Sessions as entries of a calendar: of all that somebody may see, and of one activity for a mail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySession, Participation
from activities.models.activity import ActivityState, Meeting, ParticipationState, slug_of
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.calendar import icalendar
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import CalendarEntry

# In the calendar of a person, and whether the place is certain.
CERTAIN = {
    ParticipationState.REGISTERED: True,
    ParticipationState.INVITED: False,
    ParticipationState.REQUESTED: False,
    ParticipationState.WAITING: False,
}
DAY_BEFORE = timedelta(days=1)
FIELDS = (
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


def sessions_of(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the sessions of what the actor may see on the agenda. Two queries for a person, one for a visitor.

    A cancelled activity stays, as cancelled, so that it disappears from calendars that hold it. What is still
    being planned is in nobody's calendar, and the address of an online meeting neither: it is on the page.
    """
    own = _own_states(actor)
    rows = ActivitySession.objects.filter(
        activity__in=Activity.objects.visible_to(actor).shown().order_by().values("pk"),
        ends_at__gte=_begin(first),
        starts_at__lt=_begin(last + timedelta(days=1)),
    )
    for row in rows.order_by("starts_at", "pk").values_list(*FIELDS):
        yield _entry(row, own.get(row[4]))


def appointment(activity: Activity, state: str, *, gone: bool = False) -> str:
    """Give an activity's sessions as iCalendar for the mail to one person. One query.

    `state` is where the person stands; an activity that was cancelled goes out of the calendar again,
    and so does one to which somebody is not invited any more (`gone`).
    """
    rows = ActivitySession.objects.filter(activity=activity).order_by("starts_at", "pk").values_list(*FIELDS)
    entries = (_entry(row, state) for row in rows)
    if gone:
        entries = (replace(entry, cancelled=True, version=entry.version + 1) for entry in entries)
    return icalendar(entries, name=portal_name().name).decode()


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
