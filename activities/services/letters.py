"""Mails about a place in an activity, each to one person in that person's language."""

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Activity, Participation
from activities.selectors.calendar import appointment
from nss_portal.core.mail import Mail, queue_mails


class Letter(StrEnum):
    """What a mail says."""

    PLACE = "place"
    WAITING = "waiting"
    REFUSED = "refused"
    INVITED = "invited"
    CANCELLED = "cancelled"
    UNINVITED = "uninvited"
    MOVED = "moved"


# These bring the sessions along for one's own calendar; a cancellation takes them out of it.
WITH_APPOINTMENT = frozenset({Letter.PLACE, Letter.INVITED, Letter.CANCELLED, Letter.UNINVITED, Letter.MOVED})


def _subject(letter: Letter, title: str) -> str:
    subjects = {
        Letter.PLACE: _("You have a place: {title}"),
        Letter.WAITING: _("You are on the waiting list: {title}"),
        Letter.REFUSED: _("There is no place for you: {title}"),
        Letter.INVITED: _("You are invited: {title}"),
        Letter.CANCELLED: _("Cancelled: {title}"),
        Letter.MOVED: _("Another time: {title}"),
        Letter.UNINVITED: _("The invitation is withdrawn: {title}"),
    }
    return subjects[letter].format(title=title)


def moment_in_words(activity: Activity) -> str:
    """Write when an activity begins, on its own clock, named where that is not the Dutch one."""
    if activity.starts_at is None:
        return ""
    starts = activity.starts_at.astimezone(activity.zone)
    text = f"{date_format(starts, 'l j F Y')}, {starts:%H.%M}"
    return text if activity.time_zone == "Europe/Amsterdam" else f"{text} ({activity.get_time_zone_display()})"


def _key(row: Participation, letter: Letter) -> str:
    """Name a mail: one for each version of the activity and each change of the place.

    Both, since somebody can get a place more than once, and a place can move with its activity.
    """
    change = f"{row.changed_at:%Y%m%d%H%M%S%f}"
    return f"activity:{row.activity_id}:{letter}:{row.pk}:{row.activity.version}:{change}"


def _appointment(row: Participation, letter: Letter) -> str:
    if letter not in WITH_APPOINTMENT:
        return ""
    return appointment(row.activity, row.state, gone=letter == Letter.UNINVITED)


def write(rows: Iterable[Participation], letter: Letter) -> int:
    """Write to people about their place; gives to how many. Belongs inside a transaction."""
    mails = []
    for row in rows:
        with translation.override(row.user.language):
            words = {
                "name": row.user.name,
                "activity": row.activity,
                "moment": moment_in_words(row.activity),
                "reason": row.activity.cancel_reason if letter == Letter.CANCELLED else row.reason,
                "url": settings.NSS_BASE_URL + row.activity.get_absolute_url(),
            }
            mails.append(
                Mail(
                    key=_key(row, letter),
                    to=row.user.email,
                    subject=_subject(letter, row.activity.title),
                    body=render_to_string(f"activities/mail/{letter}.txt", words),
                    about=row.activity,
                    language=row.user.language,
                    calendar=_appointment(row, letter),
                )
            )
    queue_mails(mails)
    return len(mails)
