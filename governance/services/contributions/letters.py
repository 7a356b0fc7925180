"""Mails to who leads an organisation: what is asked about its contribution."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from governance.models import Contribution, Membership, User
from nss_portal.core.mail import Mail, queue_mails


class Letter(StrEnum):
    """What a mail asks."""

    PLEDGE = "pledge"
    CONFIRM = "confirm"


PAGES = {Letter.PLEDGE: "governance:contribution_pledge", Letter.CONFIRM: "governance:contribution_confirm"}


def _leads(contributions: Sequence[Contribution], day: date) -> dict[int, list[User]]:
    wanted = {one.organisation_id for one in contributions}
    leads = Membership.objects.current(day).leads().filter(organisation__in=wanted, user__is_active=True)
    found: dict[int, list[User]] = defaultdict(list)
    for membership in leads.select_related("user").order_by("pk"):
        if membership.user not in found[membership.organisation_id]:
            found[membership.organisation_id].append(membership.user)
    return found


def write(contributions: Iterable[Contribution], letter: Letter, due: date, day: date, stage: str = "") -> int:
    """Write to the leads of organisations, each in the own language; the same letter and stage twice is one mail.

    The contributions come with their organisation. Gives to how many. Belongs inside a transaction.
    """
    asked = list(contributions)
    leads = _leads(asked, day)
    mails = [_mail(one, user, letter, due, stage) for one in asked for user in leads.get(one.organisation_id, ())]
    queue_mails(mails)
    return len(mails)


def _mail(contribution: Contribution, user: User, letter: Letter, due: date, stage: str) -> Mail:
    organisation = contribution.organisation
    with translation.override(user.language):
        subjects = {
            Letter.PLEDGE: _("What does {organisation} contribute in {year}?"),
            Letter.CONFIRM: _("Confirm in a minute what {organisation} contributed in {year}"),
        }
        name = organisation.short_name or organisation.local_name
        page = reverse(PAGES[letter], args=[organisation.public_id, contribution.year])
        words = {
            "name": user.name,
            "organisation": name,
            "year": str(contribution.year),
            "due": due,
            "is_reminder": bool(stage),
            "url": settings.NSS_BASE_URL + page,
        }
        return Mail(
            key=f"contribution:{letter}{stage}:{contribution.pk}:{user.pk}",
            to=user.email,
            subject=subjects[letter].format(organisation=name, year=contribution.year),
            body=render_to_string(f"governance/mail/contribution_{letter}.txt", words),
            about=contribution,
            language=user.language,
        )
