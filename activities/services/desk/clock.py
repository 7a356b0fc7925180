"""What a day asks about questions: reminders, closing what was answered, forgetting what nobody confirmed."""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import ngettext

from activities.models.desk_question import DeskQuestion, QuestionState
from activities.services.desk import letters
from activities.workflow.desk_question import QUESTION
from governance.models import User
from governance.selectors import people_at
from nss_portal.core import workflow
from nss_portal.core.mail import address_key, queue_mail
from nss_portal.core.time import end_of

# An asker who was asked something hears of it once more after so many days.
ASKER_AFTER = 14
# An answer nobody reacts to closes the question after so many days.
CLOSES_AFTER = 30
MOST_NAMED = 20
AT_ONCE = 200


@transaction.atomic
def remind(*, day: date) -> int:
    """Write to everybody with whom questions lie past their date, once a week; gives to how many people."""
    late = DeskQuestion.objects.with_holder().filter(due_on__lt=day).select_related("holder", "handler")
    asked: dict[User, list[DeskQuestion]] = defaultdict(list)
    found = list(late.order_by("due_on", "pk"))
    people = people_at({question.holder_id for question in found})
    for question in found:
        handler = question.handler
        to = [handler] if handler is not None and handler.is_active else people[question.holder_id]
        for user in to:
            asked[user].append(question)
    for user, questions in asked.items():
        _write(user, questions, day)
    return len(asked)


def _write(user: User, questions: list[DeskQuestion], day: date) -> None:
    year, week, _weekday = day.isocalendar()
    with translation.override(user.language):
        items = [
            {
                "title": question.title,
                "due": date_format(question.due_on, "DATE_FORMAT") if question.due_on else "",
                "url": letters.page_url(question),
            }
            for question in questions[:MOST_NAMED]
        ]
        number = len(questions)
        text = ngettext(
            "Reminder: %(number)s question waits for your answer",
            "Reminder: %(number)s questions wait for your answer",
            number,
        )
        context = {
            "name": user.name,
            "items": items,
            "more": number - len(items),
            "all_url": f"{settings.NSS_BASE_URL}/loket/vragen/?welke=te-laat",
        }
        body = render_to_string("activities/desk/mail/reminder.txt", context)
        subject = text % {"number": number}
    queue_mail(
        key=f"desk-reminder:{year}-{week:02}:{address_key(user.email)}",
        to=user.email,
        subject=subject,
        body=body,
        language=user.language,
    )


@transaction.atomic
def remind_askers(*, day: date) -> int:
    """Write once to askers from whom a reaction is waited for; the key of the mail keeps it to once."""
    since = day - timedelta(days=ASKER_AFTER)
    waiting = DeskQuestion.objects.filter(state=QuestionState.WAITING, waiting_since__lte=since)
    number = 0
    for question in waiting.select_related("asked_by", "organisation").order_by("pk"):
        key = f"waiting:{question.pk}:{question.waiting_since}"
        letters.write_to_asker(question, kind="waiting", key=key)
        number += 1
    return number


@transaction.atomic
def close_answered(*, day: date) -> int:
    """Close what was answered long ago and nobody reacted to; the asker can still open it again."""
    before = end_of(day - timedelta(days=CLOSES_AFTER))
    old = DeskQuestion.objects.filter(state=QuestionState.ANSWERED, changed_at__lt=before)
    number = 0
    for question in old.order_by("changed_at", "pk")[:AT_ONCE]:
        workflow.take(QUESTION, "lapse", question, actor=User.objects.system())
        number += 1
    return number
