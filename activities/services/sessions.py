"""When an activity meets: one time, several days, or a series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Activity, ActivitySession

MOST_SESSIONS = 60
# What goes on longer past midnight is a slip of the pen: 13.00 to 12.00.
LONGEST_PAST_MIDNIGHT = timedelta(hours=12)
MONTHS = 12


class Repeat(StrEnum):
    """How a first session goes on."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class SessionTime:
    """When one session is, in moments that know their zone; `pk` is that of a session that stays."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    agenda: str = ""
    pk: int | None = None


def moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give the moment of a local time; ValidationError for one that the summer clock skips."""
    local = datetime.combine(day, clock, tzinfo=zone)
    if local.astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        text = _("The clock skips {time} on {day}: summer time begins then.")
        raise ValidationError(text.format(time=f"{clock:%H.%M}", day=date_format(day, "j F Y")))
    return local


def session_time(day: date, begins: time, ends: time, zone: ZoneInfo, **more: object) -> SessionTime:
    """Give a session on one day by its local times; one that ends earlier than it begins, ends the day after."""
    last_day = day if ends > begins else day + timedelta(days=1)
    return SessionTime(moment(day, begins, zone), moment(last_day, ends, zone), **more)  # type: ignore[arg-type]


def repeated(
    *, day: date, begins: time, ends: time, zone: ZoneInfo, repeat: Repeat, number: int
) -> tuple[SessionTime, ...]:
    """Give `number` sessions from a first day on, at the same local time each; days off are not skipped."""
    days = [_later(day, repeat, count) for count in range(1 if repeat == Repeat.ONCE else number)]
    return tuple(session_time(each, begins, ends, zone) for each in days)


def _later(day: date, repeat: Repeat, count: int) -> date:
    if repeat == Repeat.MONTHLY:
        # The same weekday of the month: every second Tuesday, say.
        week = (day.day - 1) // 7
        year, month = divmod(day.year * MONTHS + day.month - 1 + count, MONTHS)
        first = date(year, month + 1, 1)
        same = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * week)
        return same if same.month == first.month else same - timedelta(days=7)
    apart = {Repeat.ONCE: 0, Repeat.DAILY: 1, Repeat.WEEKLY: 7, Repeat.FORTNIGHTLY: 14}
    return day + timedelta(days=apart[repeat] * count)


def problems(times: Sequence[SessionTime], zone: ZoneInfo) -> Iterable[str]:
    """Say what is wrong with the times of one activity."""
    if len(times) > MOST_SESSIONS:
        yield _("An activity has at most {number} sessions. Make a new one for those after.").format(
            number=MOST_SESSIONS
        )
    for one in times:
        if one.ends_at <= one.starts_at or is_slip(one, zone):
            text = _("{when}: the end lies before the beginning. Does it last several days? Add one for each day.")
            yield text.format(when=in_words(one, zone))
            break  # of a series that repeats a slip, once is enough
    for before, after in pairwise(sorted(times, key=lambda one: one.starts_at)):
        if after.starts_at < before.ends_at:
            yield _("Two sessions overlap: {first} and {second}.").format(
                first=in_words(before, zone), second=in_words(after, zone)
            )


def is_slip(one: SessionTime, zone: ZoneInfo) -> bool:
    """Say whether a time goes on past midnight for so long that its end was meant before its beginning."""
    is_one_day = one.starts_at.astimezone(zone).date() == one.ends_at.astimezone(zone).date()
    return not is_one_day and one.ends_at - one.starts_at > LONGEST_PAST_MIDNIGHT


def in_words(one: SessionTime, zone: ZoneInfo) -> str:
    """Write when a session is, on the activity's own clock."""
    starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    return f"{date_format(starts, 'j F Y')} {starts:%H.%M}–{ends:%H.%M}"


def replace_sessions(activity: Activity, times: Sequence[SessionTime]) -> None:
    """Let an activity meet at these times, and no others; sessions named by `pk` stay the same record.

    Belongs in a transaction that holds the activity's row. Raises ValidationError with all that is wrong.
    """
    if found := list(problems(times, activity.zone)):
        raise ValidationError(found)
    kept = {one.pk for one in activity.sessions.all()} & {one.pk for one in times if one.pk}
    activity.sessions.exclude(pk__in=kept).delete()
    ordered = sorted(times, key=lambda one: one.starts_at)
    rows = [
        ActivitySession(
            pk=one.pk if one.pk in kept else None,
            activity=activity,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            place=one.place.strip(),
            agenda=one.agenda.strip(),
            is_listed=activity.is_series or place == 0,
        )
        for place, one in enumerate(ordered)
    ]
    moved = [row for row in rows if row.pk]
    names = ["starts_at", "ends_at", "place", "agenda", "is_listed"]
    ActivitySession.objects.bulk_update(moved, names)
    ActivitySession.objects.bulk_create([row for row in rows if not row.pk])
    activity.starts_at = ordered[0].starts_at if ordered else None
    activity.ends_at = max((one.ends_at for one in ordered), default=None)
    activity.save(update_fields=["starts_at", "ends_at"])
