"""What the activities app puts into calendar feeds and the year at a glance: sessions and dates of the year."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from activities.models import RhythmDate
from activities.models.activity import Kind
from activities.models.rhythm import RhythmKind
from activities.selectors.calendar import sessions_of
from activities.services.rhythm import load_rhythm
from nss_portal.core.access import Actor
from nss_portal.core.registry import (
    CalendarEntry,
    NavigationItem,
    calendar_kinds,
    date_sources,
    meeting_sources,
    navigation,
    reference_loaders,
)

reference_loaders.register(load_rhythm)

# Dates of the year are reference data, which is not dated by itself; the same moment gives the same feed.
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@navigation.register
def entries() -> list[NavigationItem]:
    """The year at a glance stands beside the agenda."""
    return [NavigationItem(gettext_lazy("The year"), "activities:year_now", 41, under="activities:agenda")]


@calendar_kinds.register
def kinds() -> Iterator[tuple[str, Any]]:
    """Each kind of activity, and each kind of date, has a feed of its own."""
    yield from Kind.choices
    yield from RhythmKind.choices


meeting_sources.register(sessions_of)


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
