"""Mails about a date poll, each to one person in that person's language."""

from collections.abc import Iterable
from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import PollGuest
from governance.models import User
from governance.selectors import people_at
from nss_portal.core.mail import Mail, address_key, queue_mails


class PollLetter(StrEnum):
    """What a mail says."""

    ASKED = "asked"
    CHANGED = "changed"
    REMINDER = "reminder"
    STOPPED = "stopped"


def _subject(letter: PollLetter, title: str) -> str:
    subjects = {
        PollLetter.ASKED: _("When can you come? {title}"),
        PollLetter.CHANGED: _("Other moments, please answer again: {title}"),
        PollLetter.REMINDER: _("Reminder: when can you come? {title}"),
        PollLetter.STOPPED: _("No date is looked for any more: {title}"),
    }
    return subjects[letter].format(title=title)


def readers_of(guests: Iterable[PollGuest]) -> list[tuple[PollGuest, User]]:
    """Give who is written to: the person, or of a whole organisation who answered or else who leads there.

    One query at most; somebody who is asked in two ways gets one mail.
    """
    rows = list(guests)
    whole = people_at(row.organisation_id for row in rows if row.user_id is None and row.answered_by_id is None)
    found: dict[tuple[int, int], tuple[PollGuest, User]] = {}
    for row in sorted(rows, key=lambda row: row.user_id is None):
        one = row.user or row.answered_by
        for person in [one] if one is not None else whole.get(row.organisation_id, []):
            if person.is_active:
                found.setdefault((row.poll_id, person.pk), (row, person))
    return list(found.values())


def write(guests: Iterable[PollGuest], letter: PollLetter, *, reason: str = "") -> int:
    """Write to those who are asked; gives to how many. Belongs inside a transaction."""
    mails = []
    for guest, user in readers_of(guests):
        poll = guest.poll
        with translation.override(user.language):
            words = {
                "name": user.name,
                "title": poll.activity.title,
                "letter": letter.value,
                "organiser": poll.activity.organisation.local_name,
                "whole": "" if guest.user_id else guest.organisation.local_name,
                "note": poll.note,
                "reason": reason,
                "closes_on": date_format(poll.closes_on, "j F Y"),
                "url": settings.NSS_BASE_URL + poll.get_absolute_url(),
            }
            mails.append(
                Mail(
                    key=f"poll:{poll.pk}:{letter}:{poll.version}:{guest.pk}:{address_key(user.email)}"
                    + (f":{poll.closes_on:%Y%m%d}" if letter == PollLetter.REMINDER else ""),
                    to=user.email,
                    subject=_subject(letter, poll.activity.title),
                    body=render_to_string("activities/mail/poll.txt", words),
                    about=poll,
                    language=user.language,
                )
            )
    queue_mails(mails)
    return len(mails)
