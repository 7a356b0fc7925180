"""One mail per person, in the rhythm that the person chose: what is asked, by when, and what is new."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import DigestChoice, User
from governance.services.digest import due_on
from nss_portal.core import jobs
from nss_portal.core.mail import queue_mail
from nss_portal.core.registry import WorkItem
from nss_portal.core.time import today
from nss_portal.pages.work import Work, news_of, work_of

KIND = "pages.digest"
# Who gets the first one hears what was new in the last week.
FIRST_LOOKS_BACK = timedelta(days=7)
# A mail that one reads: the rest waits in the portal.
MOST_ASKED = 10
WEEK = 7
LONGEST_DETAIL = 100
BLANKS = re.compile(r"\n{3,}")


def ask_for_digests() -> int:
    """Ask for the summaries that are due today, one job per person and period; gives how many people."""
    due, title = due_on(today()), _("Summary by mail")
    with transaction.atomic():
        jobs.enqueue_many(
            kind=KIND,
            wanted=[
                jobs.Wanted(key=f"{pk}.{period}", payload={"user": pk, "period": period}, title=title)
                for pk, period in due
            ],
        )
    return len(due)


@jobs.handler(KIND, listed=False)
def make_digest(job: jobs.RunningJob) -> dict[str, object]:
    """Write one person's summary; where nothing is asked and nothing is new, there is no mail."""
    user = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    if user is None:
        return {"mail": False}
    choice, _is_new = DigestChoice.objects.get_or_create(user=user)
    since = _moment(choice)
    with translation.override(user.language):
        digest = digest_of(user, since)
    with transaction.atomic():
        job.checkpoint()
        if digest.text:
            queue_mail(
                key=f"digest.{user.pk}.{job.payload['period']}",
                to=user.email,
                subject=digest.subject,
                body=digest.text,
                html=digest.html,
                about=choice,
                language=user.language,
            )
        DigestChoice.objects.filter(pk=choice.pk).update(made_on=today())
    return {"mail": bool(digest.text)}


def _moment(choice: DigestChoice) -> datetime:
    day = choice.made_on or today() - FIRST_LOOKS_BACK
    return timezone.make_aware(datetime.combine(day, time(7)))


@dataclass(frozen=True)
class Digest:
    """One summary: its subject, and the same text plain and as a page; all empty when there is nothing to say."""

    subject: str = ""
    text: str = ""
    html: str = ""


def digest_of(user: User, since: datetime) -> Digest:
    """Write the summary in the language in force.

    It holds titles, what they belong to, and addresses: what is confidential is read in the portal. What is late
    comes first, and a long list ends with the way to the rest.
    """
    work, news = work_of(user), news_of(user, since)
    if not work.open and not news:
        return Digest()
    context = {
        "name": user.name,
        "parts": _parts(work.open[:MOST_ASKED]),
        "more": max(0, len(work.open) - MOST_ASKED),
        "work_url": urljoin(settings.NSS_BASE_URL, reverse("home")),
        "news": [
            {
                "text": f"{item.subject} {item.text}".strip(),
                "day": _day(item.when),
                "url": urljoin(settings.NSS_BASE_URL, item.url),
            }
            for item in news
        ],
        "choose": urljoin(settings.NSS_BASE_URL, reverse("account_messages")),
    }
    text = render_to_string("pages/mail/digest.txt", context)
    page = render_to_string("pages/mail/digest.html", context)
    return Digest(_subject(work), BLANKS.sub("\n\n", text).strip(), page)


def _parts(items: list[WorkItem]) -> list[dict[str, Any]]:
    """Divide what is asked into what is late, of this week, of later and without a date; empty parts fall away."""
    day = today()
    headings = (_("Late"), _("In the coming week"), _("Later"), _("Without a date"))
    parts: list[list[dict[str, Any]]] = [[], [], [], []]
    for item in items:
        left = None if item.due is None else (item.due - day).days
        place = 3 if left is None else 0 if left < 0 else 1 if left <= WEEK else 2
        row = {
            "title": item.title,
            "detail": Truncator(str(item.detail)).chars(LONGEST_DETAIL),
            "due": _day(item.due) if item.due else "",
            "minutes": item.minutes,
            "for": item.on_behalf_of,
            "url": urljoin(settings.NSS_BASE_URL, item.url),
        }
        parts[place].append(row)
    return [
        {"heading": heading, "items": rows, "is_late": place == 0}
        for place, (heading, rows) in enumerate(zip(headings, parts, strict=True))
        if rows
    ]


def _day(day: date) -> str:
    """Write a day, with its year when that is not this one."""
    return date_format(day, "j F" if day.year == today().year else "j F Y")


def _subject(work: Work) -> str:
    if not work.open:
        return _("What is new in the portal")
    number, day = len(work.open), today()
    late = sum(1 for item in work.open if item.due and item.due < day)
    said = ngettext("%(number)s thing waits for you", "%(number)s things wait for you", number)
    said %= {"number": number}
    return _("%(said)s, %(late)s late") % {"said": said, "late": late} if late else said
