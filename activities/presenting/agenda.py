"""What the pages of the agenda say, put in words and lists for the components."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySession, Programme
from activities.models.activity import (
    ActivityState,
    Audience,
    Kind,
    Meeting,
    ParticipationState,
    Readers,
    TimeZone,
    slug_of,
)
from activities.selectors.agenda import Entry

TONES = {
    ActivityState.DRAFT: "neutral",
    ActivityState.PLANNED: "info",
    ActivityState.PUBLISHED: "good",
    ActivityState.HELD: "neutral",
    ActivityState.CLOSED: "neutral",
    ActivityState.CANCELLED: "bad",
}
OWN_TONES = {
    ParticipationState.INVITED: "attention",
    ParticipationState.REQUESTED: "attention",
    ParticipationState.REGISTERED: "good",
    ParticipationState.WAITING: "attention",
    ParticipationState.DECLINED: "neutral",
    ParticipationState.WITHDRAWN: "neutral",
    ParticipationState.REFUSED: "neutral",
}
ROAD = (
    ActivityState.DRAFT,
    ActivityState.PLANNED,
    ActivityState.PUBLISHED,
    ActivityState.HELD,
    ActivityState.CLOSED,
)
MANY_SESSIONS, SHOWN_SESSIONS = 5, 3
HERE = ZoneInfo(TimeZone.AMSTERDAM)


def short_audience(audience: str) -> str:
    """Name an audience in a word or two, for a table."""
    words = {
        Audience.COP: _("mission cities"),
        Audience.NOP: _("mission and EoI cities"),
        Audience.INTERESTED: _("interested too"),
        Audience.EVERYBODY: _("everybody"),
    }
    return words[Audience(audience)]


def months_of(found: Iterable[tuple[Any, ...]], states: dict[int, str]) -> list[dict[str, Any]]:
    """Give the lines of the agenda per month; `states` is where the person stands in each activity."""
    labels = _labels()
    lines = [_line(Entry._make(one), labels, states) for one in found]
    return [
        {"label": capfirst(label), "rows": list(rows)}
        for label, rows in groupby(lines, key=lambda line: line["month"])
    ]


def _labels() -> dict[str, Any]:
    """Look each name up once a page rather than once a row."""
    return {
        "kind": {kind.value: str(kind.label) for kind in Kind},
        "audience": {audience.value: short_audience(audience) for audience in Audience},
        "meeting": {meeting.value: str(meeting.label) for meeting in Meeting},
        "zone": {zone.value: str(zone.label) for zone in TimeZone},
        "state": {state.value: (str(state.label), TONES[state]) for state in ActivityState},
        "mine": {state.value: (str(state.label), OWN_TONES[state]) for state in ParticipationState},
        "base": reverse("activities:agenda"),
        "undated": _("No date yet"),
        "now": timezone.now(),
        "over": str(ActivityState.HELD.label),
    }


def _line(entry: Entry, labels: dict[str, Any], states: dict[int, str]) -> dict[str, Any]:
    starts = entry.starts.astimezone(HERE) if entry.starts else None
    language = get_language()
    state, tone = labels["state"][entry.state]
    if entry.state == ActivityState.PUBLISHED:
        state, tone = (labels["over"], "neutral") if entry.ends and entry.ends < labels["now"] else ("", "")
    cancelled = entry.state == ActivityState.CANCELLED
    # A place in what is cancelled is none.
    mine, mine_tone = labels["mine"].get("" if cancelled else states.get(entry.pk, ""), ("", ""))
    online = entry.meeting == Meeting.ONLINE
    return {
        "month": _month(starts.year, starts.month, language) if starts else labels["undated"],
        "url": f"{labels['base']}{entry.public_id}-{_slug(entry.title)}/",
        "title": entry.title,
        "kind": labels["kind"][entry.kind],
        "audience": labels["audience"][entry.audience],
        "place": labels["meeting"][entry.meeting] if online or not entry.place else entry.place,
        "leader": entry.leader,
        "day": _day(starts.date(), language) if starts else "",
        "date": starts.date().isoformat() if starts else "",
        "time": _clock(entry, labels["zone"]) if starts else "",
        "hours": hours_in_words(entry.preparation_hours),
        "state": state,
        "tone": tone,
        "mine": mine,
        "mine_tone": mine_tone,
        "cancelled": cancelled,
        "made_up": entry.is_illustrative,
    }


def _clock(entry: Entry, zones: dict[str, str]) -> str:
    """Write from when to when: on the Dutch clock, with the activity's own beside it where that differs."""
    assert entry.starts is not None and entry.ends is not None  # noqa: S101, PT018 - a line with a day has both
    text = span(entry.starts, entry.ends, HERE)
    if entry.time_zone == TimeZone.AMSTERDAM:
        return text
    theirs = entry.starts.astimezone(ZoneInfo(entry.time_zone))
    return f"{text} ({theirs:%H.%M} {zones[entry.time_zone]})"


@lru_cache(maxsize=256)
def _month(year: int, month: int, language: str | None) -> str:
    return date_format(date(year, month, 1), "F Y")


@lru_cache(maxsize=4096)
def _day(day: date, language: str | None) -> str:
    return date_format(day, "D j b")


@lru_cache(maxsize=4096)
def _slug(title: str) -> str:
    return slug_of(title)


def span(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Write from when to when on a clock: '10.00–12.00', with the last day where that is another."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    if (last - first).days >= 1:
        return _("{time}, until {day}").format(time=f"{first:%H.%M}", day=date_format(last, "j b"))
    return f"{first:%H.%M}–{last:%H.%M}"


def hours_in_words(hours: Any) -> str:
    """Write a number of hours: '4 uur'; nothing for none."""
    if not hours:
        return ""
    number = number_format(hours.normalize() if hours == hours.to_integral() else hours, use_l10n=True)
    text = number_format(int(hours)) if hours == int(hours) else number
    return ngettext("{number} hour", "{number} hours", int(hours)).format(number=text)


def activity_steps(activity: Activity) -> list[dict[str, Any]]:
    """Give where an activity stands on its way, for steps.html; nothing for one that is cancelled."""
    if activity.state not in ROAD:
        return []
    now = ROAD.index(ActivityState(activity.state))
    done = activity.state == ActivityState.CLOSED
    return [
        {
            "label": state.label,
            "state": "done" if place < now or done else "current" if place == now else "todo",
        }
        for place, state in enumerate(ROAD)
    ]


def activity_facts(
    activity: Any, *, inside: bool, steps: Sequence[Any], programme: Programme | None = None
) -> list[tuple[str, Any]]:
    """Give the facts of an activity; the hours and readers are for who is asked something.

    `programme` is the one it is part of, where the reader may see it.
    """
    facts: list[tuple[str, Any]] = [(_("For whom"), activity.get_audience_display())]
    facts.append((_("Led by"), activity.organisation))
    if activity.proposed_by:
        facts.append((_("Proposed by"), activity.proposed_by))
    if activity.meeting != Meeting.ONLINE and activity.place:
        facts.append((_("Place"), activity.place))
    facts.append((_("How people meet"), activity.get_meeting_display()))
    if activity.preparation_hours:
        facts.append((_("Asked of each city"), hours_in_words(activity.preparation_hours)))
    if activity.capacity is not None and activity.state in (ActivityState.PLANNED, ActivityState.PUBLISHED):
        left = max(activity.capacity - activity.taken, 0)
        facts.append((_("Places"), _("{left} of {all} left").format(left=left, all=activity.capacity)))
    if programme is not None:
        link = format_html('<a href="{}">{}</a>', programme.get_absolute_url(), programme.title)
        facts.append((_("Part of the programme"), link))
    if activity.theme:
        facts.append((_("Theme"), activity.theme))
    if steps:
        facts.append((_("Steps of the roadmap"), ", ".join(str(step) for step in steps)))
    if inside:
        facts.append((_("Who reads this page"), Readers(activity.sharing).label))
    return facts


def session_lists(sessions: Iterable[ActivitySession], activity: Activity) -> dict[str, list[dict[str, Any]]]:
    """Give the sessions to show, and those to fold away: of many, only the next ones are shown."""
    rows = session_rows(sessions, activity)
    if len(rows) <= MANY_SESSIONS:
        return {"shown": rows, "folded": []}
    shown = [row for row in rows if not row["over"]][:SHOWN_SESSIONS] or rows[-1:]
    return {"shown": shown, "folded": [row for row in rows if row not in shown]}


def session_rows(sessions: Iterable[ActivitySession], activity: Activity) -> list[dict[str, Any]]:
    """Give the sessions of an activity, for its page: on its own clock, with the Dutch one beside it."""
    now = timezone.now()
    rows = []
    for session in sessions:
        starts = session.starts_at.astimezone(activity.zone)
        here = ""
        if activity.time_zone != TimeZone.AMSTERDAM:
            here = _("{time} in the Netherlands").format(time=span(session.starts_at, session.ends_at, HERE))
        rows.append(
            {
                "session": session,
                "date": starts.date(),
                "day": date_format(starts, "l j F Y"),
                "time": span(session.starts_at, session.ends_at, activity.zone),
                "here": here,
                "zone": activity.get_time_zone_display() if here else "",
                "place": session.place,
                "over": session.ends_at < now,
            }
        )
    return rows


def status_of(activity: Activity) -> tuple[str, str]:
    """Give the word and tone of where an activity stands; what is over is over, also before anybody said so."""
    over = activity.ends_at is not None and activity.ends_at < timezone.now()
    if activity.state == ActivityState.PUBLISHED and over:
        return str(ActivityState.HELD.label), "neutral"
    return str(ActivityState(activity.state).label), TONES[ActivityState(activity.state)]
