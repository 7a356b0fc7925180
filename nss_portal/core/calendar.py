"""Calendars that others subscribe to: iCalendar (RFC 5545) as Outlook, Google and Apple take it.

Moments are written in UTC, so that no calendar needs to know our clock; days are days. The same entries give the
same bytes: DTSTAMP is when an entry was changed, not when somebody asked.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from nss_portal.core.access import Actor
from nss_portal.core.kept import kept
from nss_portal.core.registry import CalendarEntry, calendar_kinds, date_sources, meeting_sources, own_date_sources
from nss_portal.core.time import today

CONTENT_TYPE = "text/calendar; charset=utf-8"
# How often calendars are asked to look again (RFC 7986), and how far a feed looks back and ahead.
REFRESH = timedelta(hours=6)
LOOKS_BACK = timedelta(days=90)
LOOKS_AHEAD = timedelta(days=550)
# A feed is asked for far less often than a page.
KEPT_SECONDS = 3600
# About so many entries does the fullest feed have; those of a member and of visitors differ in part.
LARGEST = 1000
END = b"END:VCALENDAR\r\n"
# Keys of what stands in 'my work' begin with this.
WORK = "work-"


def kinds() -> dict[str, str]:
    """Give the kinds of entries that have a feed of their own: code and label."""
    return {code: str(label) for source in calendar_kinds for code, label in source()}


def days_of(actor: Actor, first: date, last: date) -> list[CalendarEntry]:
    """Gather the days that count between two days, as far as the actor may see them, in order of time."""
    return sorted((entry for source in date_sources for entry in source(actor, first, last)), key=in_time)


def own_days_of(actor: Actor, first: date, last: date) -> list[CalendarEntry]:
    """Gather what is asked of the actor by a day between two days, in order of time."""
    return sorted((entry for source in own_date_sources for entry in source(actor, first, last)), key=in_time)


def dates_of(actor: Actor, first: date, last: date) -> list[CalendarEntry]:
    """Gather both, in order of time."""
    found = [*days_of(actor, first, last), *own_days_of(actor, first, last)]
    # Of a day that is the actor's own anyway, the work that it asks is no second entry.
    own = {(entry.url, entry.starts) for entry in found if entry.mine and not entry.key.startswith(WORK)}
    kept = (one for one in found if not (one.key.startswith(WORK) and (one.url, one.starts) in own))
    return sorted(kept, key=in_time)


def entries_of(actor: Actor, first: date, last: date) -> list[CalendarEntry]:
    """Gather those and what people come to, in order of time."""
    meetings = (entry for source in meeting_sources for entry in source(actor, first, last))
    return sorted([*dates_of(actor, first, last), *meetings], key=in_time)


def in_time(entry: CalendarEntry) -> tuple[date, bool, datetime, str]:
    """Order entries: by day, what lasts the whole day first, then by time."""
    if isinstance(entry.starts, datetime):
        return (timezone.localdate(entry.starts), True, entry.starts, entry.key)
    return (entry.starts, False, entry.changed_at, entry.key)


def feed(actor: Actor, *, name: str, kind: str = "", mine: bool = False, owner: object = None) -> bytes:
    """Give the feed of an actor as iCalendar, kept until anything changes.

    `kind` leaves one sort of entries, `mine` those that ask something of the actor. `owner` is the actor's own key
    for a personal feed, None for one that all with the same rights share.
    """

    def made() -> bytes:
        found = entries_of(actor, today() - LOOKS_BACK, today() + LOOKS_AHEAD)
        wanted = (entry for entry in found if (not kind or entry.kind == kind) and (not mine or entry.mine))
        return icalendar(wanted, name=name)

    return kept("feed", actor, name, kind, mine, owner, make=made, seconds=KEPT_SECONDS)


def icalendar(entries: Iterable[CalendarEntry], *, name: str, method: str = "PUBLISH") -> bytes:
    """Write entries as one calendar (RFC 5545, with the name and refresh interval of RFC 7986)."""
    calendar = Calendar()
    calendar.add("prodid", "-//NSS portaal//agenda//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH, parameters={"VALUE": "DURATION"})
    content: bytes = calendar.to_ical().removesuffix(END)
    return b"".join((content, *(lines_of(entry, settings.NSS_BASE_URL) for entry in entries), END))


@lru_cache(maxsize=2 * LARGEST)
def lines_of(entry: CalendarEntry, base: str) -> bytes:
    """Write one entry, or give it as it was written before: of a whole agenda, a change touches one entry."""
    content: bytes = _event(entry, base).to_ical()
    return content


def _event(entry: CalendarEntry, base: str) -> Event:
    address = urljoin(base, entry.url)
    event = Event()
    event.add("uid", uid_of(entry))
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("url", address)
    event.add("description", f"{entry.detail}\n\n{address}".strip())
    event.add("sequence", entry.version)
    event.add("categories", [entry.kind])
    if entry.place:
        event.add("location", entry.place)
    _add_time(event, entry)
    event.add("status", _status(entry))
    if entry.alarm is not None and not entry.cancelled:
        event.add_component(_alarm(entry.title, entry.alarm))
    return event


def uid_of(entry: CalendarEntry) -> str:
    """Name an entry for all calendars in the world; it stays when the entry changes."""
    return f"{entry.key}@{urlsplit(settings.NSS_BASE_URL).hostname or 'portaal'}"


def _status(entry: CalendarEntry) -> str:
    if entry.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.tentative else "CONFIRMED"


def _add_time(event: Event, entry: CalendarEntry) -> None:
    """Write when it is. A whole day blocks nobody's time, and its end is the day after (RFC 5545, 3.6.1)."""
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        event.add("dtstart", entry.starts.astimezone(UTC))
        event.add("dtend", entry.ends.astimezone(UTC))
        return
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends + timedelta(days=1))
    event.add("transp", "TRANSPARENT")


def _alarm(title: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm
