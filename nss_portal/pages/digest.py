"""One mail per person, in the rhythm that the person chose: what is asked, by when, and what is new."""

from datetime import datetime, time, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.models import DigestChoice, User
from governance.services.digest import due_on
from nss_portal.core import jobs
from nss_portal.core.mail import queue_mail
from nss_portal.core.time import today
from nss_portal.pages.work import Work, news_of, work_of

KIND = "pages.digest"
# Who gets the first one hears what was new in the last week.
FIRST_LOOKS_BACK = timedelta(days=7)


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
        subject, body = digest_of(user, since)
    with transaction.atomic():
        job.checkpoint()
        if body:
            key = f"digest.{user.pk}.{job.payload['period']}"
            queue_mail(key=key, to=user.email, subject=subject, body=body, about=choice, language=user.language)
        DigestChoice.objects.filter(pk=choice.pk).update(made_on=today())
    return {"mail": bool(body)}


def _moment(choice: DigestChoice) -> datetime:
    day = choice.made_on or today() - FIRST_LOOKS_BACK
    return timezone.make_aware(datetime.combine(day, time(7)))


def digest_of(user: User, since: datetime) -> tuple[str, str]:
    """Give subject and text in the language in force; two empty texts when there is nothing to say.

    It holds titles and addresses alone: what is confidential is read in the portal.
    """
    work, news = work_of(user), news_of(user, since)
    if not work.open and not news:
        return "", ""
    context = {
        "name": user.name,
        "work": [
            {
                "title": item.title,
                "due": date_format(item.due, "j F") if item.due else "",
                "minutes": item.minutes,
                "for": item.on_behalf_of,
                "url": urljoin(settings.NSS_BASE_URL, item.url),
            }
            for item in work.open
        ],
        "news": [
            {
                "text": f"{item.subject} {item.text}".strip(),
                "day": date_format(item.when, "j F"),
                "url": urljoin(settings.NSS_BASE_URL, item.url),
            }
            for item in news
        ],
        "choose": urljoin(settings.NSS_BASE_URL, reverse("account_messages")),
    }
    return _subject(work), render_to_string("pages/mail/digest.txt", context)


def _subject(work: Work) -> str:
    if not work.open:
        return _("What is new in the portal")
    number = len(work.open)
    return ngettext("%(number)s thing waits for you", "%(number)s things wait for you", number) % {
        "number": number
    }
