"""Reminders of a vote: a week and a day before its last day, to who has not voted."""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from activities.models.period import AgendaVersion, VersionState
from activities.selectors.periods import asked_to_vote
from governance.models import Organisation, User
from governance.selectors import people_at
from nss_portal.core.mail import Mail, address_key, queue_mails

DAYS_BEFORE = (7, 1)


def offset_due(closes_on: date, opened_on: date, day: date) -> int | None:
    """Give which reminder is due on a day: the latest whose day has come, after the vote opened; or None.

    The key of the mail keeps it to one, so that a day on which nothing ran is made up for.
    """
    if day > closes_on:
        return None
    due = [before for before in DAYS_BEFORE if opened_on < closes_on - timedelta(days=before) <= day]
    return min(due, default=None)


@transaction.atomic
def remind(*, day: date, guard: Callable[[], None]) -> int:
    """Write to the people of all organisations that have not voted; gives how many mails, each once."""
    guard()
    mails: list[Mail] = []
    for version in AgendaVersion.objects.filter(state=VersionState.VOTE).select_related("period"):
        if version.closes_on is None or version.opened_at is None:
            continue
        before = offset_due(version.closes_on, localdate(version.opened_at), day)
        if before is None:
            continue
        voted = version.votes.order_by().values("organisation")
        waiting = {one.pk: one for one in asked_to_vote().exclude(pk__in=voted)}
        for key, people in people_at(waiting).items():
            mails += [_mail(version, waiting[key], user, before) for user in people]
    queue_mails(mails)
    return len(mails)


def _mail(version: AgendaVersion, organisation: Organisation, user: User, before: int) -> Mail:
    last = f"{version.closes_on:%Y%m%d}"
    with translation.override(user.language):
        title = version.period.title
        address = reverse("activities:period_vote", args=[version.period.public_id])
        words = {
            "name": user.name,
            "organisation": str(organisation),
            "title": title,
            "day": date_format(version.closes_on, "DATE_FORMAT") if version.closes_on else "",
            "url": settings.NSS_BASE_URL + address,
        }
        return Mail(
            key=f"agenda-vote:{version.pk}:{last}:{before}:{organisation.pk}:{address_key(user.email)}",
            to=user.email,
            subject=_("Not voted yet: {title}").format(title=title),
            body=render_to_string("activities/mail/agenda_vote.txt", words),
            about=version,
            language=user.language,
        )
