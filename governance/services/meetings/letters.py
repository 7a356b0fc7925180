"""Mails about a meeting, with the appointment for one's own calendar."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from governance.models import Meeting, MeetingState
from nss_portal.core.calendar import icalendar
from nss_portal.core.mail import Mail, queue_mails
from nss_portal.core.portal_name import portal_name
from nss_portal.core.registry import CalendarEntry

KIND = "meeting"


def entry_of(meeting: Meeting, *, mine: bool) -> CalendarEntry:
    """Give a meeting as an entry of a calendar; the agenda stays on its page."""
    return CalendarEntry(
        key=f"meeting-{meeting.public_id}",
        title=str(meeting.body),
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        url=meeting.get_absolute_url(),
        kind=KIND,
        changed_at=meeting.changed_at,
        version=meeting.version,
        place=meeting.place,
        mine=mine,
        cancelled=meeting.state == MeetingState.CANCELLED,
    )


def tell(meeting: Meeting, *, only: set[int] | None = None, reason: str = "") -> int:
    """Write to who takes part (of them `only` these, by primary key); gives to how many. In a transaction."""
    gone = meeting.state == MeetingState.CANCELLED
    mails = []
    for user in meeting.participants.filter(is_active=True):
        if only is not None and user.pk not in only:
            continue
        with translation.override(user.language):
            starts = timezone.localtime(meeting.starts_at)
            words = {
                "meeting": meeting,
                "name": user.name,
                "moment": f"{date_format(starts, 'l j F Y')}, {starts:%H.%M}",
                "is_cancelled": gone,
                "reason": reason,
                "url": settings.NSS_BASE_URL + meeting.get_absolute_url(),
            }
            subject = _("Cancelled: {title}") if gone else _("Meeting: {title}")
            calendar = icalendar([entry_of(meeting, mine=True)], name=portal_name().name).decode()
            mails.append(
                Mail(
                    key=f"meeting:{meeting.pk}:{meeting.version}:{user.pk}",
                    to=user.email,
                    subject=subject.format(title=f"{meeting.body}, {date_format(starts, 'j F Y')}"),
                    body=render_to_string("governance/mail/meeting.txt", words),
                    about=meeting,
                    language=user.language,
                    calendar=calendar,
                )
            )
    queue_mails(mails)
    return len(mails)
