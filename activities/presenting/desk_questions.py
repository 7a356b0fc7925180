"""What pages about questions say, put in words and lists for the components."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskMessage, DeskQuestion, MessageKind, QuestionState
from activities.selectors.desk_questions import AnswerTime
from activities.services.desk.letters import named
from nss_portal.core.formats import format_date, format_number, format_percent

MESSAGE_TONES = {
    MessageKind.ANSWER: "good",
    MessageKind.EXPERIENCE: "info",
    MessageKind.ASK_BACK: "attention",
    MessageKind.REPLY: "neutral",
    MessageKind.REFERRAL: "info",
    MessageKind.NOTE: "neutral",
}
ROAD = (QuestionState.NEW, QuestionState.HANDLING, QuestionState.ANSWERED, QuestionState.CLOSED)
STANDS_AT = {
    QuestionState.REFERRED: QuestionState.NEW,
    QuestionState.REOPENED: QuestionState.NEW,
    QuestionState.WAITING: QuestionState.HANDLING,
}


def question_steps(question: DeskQuestion) -> list[dict[str, Any]]:
    """Give where a question stands on its way, for steps.html."""
    state = QuestionState(question.state)
    now = ROAD.index(STANDS_AT.get(state, state))
    done = state == QuestionState.CLOSED
    return [
        {
            "label": one.label,
            "state": "done" if place < now or done else "current" if place == now else "todo",
        }
        for place, one in enumerate(ROAD)
    ]


def question_facts(question: DeskQuestion, *, with_asker: bool, is_whole: bool) -> list[tuple[str, Any]]:
    """Give the facts of a question: who has it, since when; who asked only `with_asker`."""
    facts: list[tuple[str, Any]] = [(_("Is with"), named(question.holder))]
    if question.theme:
        facts.append((_("Theme"), question.theme))
    facts.append((_("Received on"), format_date(timezone.localdate(question.verified_at or question.received_at))))
    if question.is_open and question.due_on and is_whole and question.state != QuestionState.WAITING:
        facts.append((_("Answer due on"), format_date(question.due_on)))
    if question.answered_at:
        facts.append((_("Answered on"), format_date(timezone.localdate(question.answered_at))))
    if with_asker:
        facts += _asker(question)
    if is_whole:
        facts.append((_("For everybody to read"), _public(question)))
    return facts


def _asker(question: DeskQuestion) -> list[tuple[str, Any]]:
    if question.organisation is not None:
        person = question.asked_by
        who = f"{named(question.organisation)} ({person.name})" if person else named(question.organisation)
        return [(_("Asked by"), who)]
    who = ", ".join(part for part in (question.asker_name, question.asker_from) if part)
    mail = format_html('<a href="mailto:{0}">{0}</a>', question.asker_email)
    return [(_("Asked by"), who), (_("E-mail address"), mail)]


def _public(question: DeskQuestion) -> str:
    if question.published_at:
        return _("yes, without the asker's name")
    return _("if the desk decides so") if question.may_publish else _("no, the asker does not want that")


def message_rows(messages: Iterable[DeskMessage], *, with_people: bool) -> list[dict[str, Any]]:
    """Give messages for the page; names of persons only `with_people`."""
    rows = []
    for message in messages:
        kind = MessageKind(message.kind)
        who = named(message.organisation) if message.organisation else _("The asker")
        label = str(kind.label)
        if message.referred_to:
            label = _("referred on to {name}").format(name=named(message.referred_to))
        rows.append(
            {
                "label": label,
                "tone": MESSAGE_TONES[kind],
                "who": who,
                "text": message.text,
                "at": message.at,
                "by": message.by_label if with_people and message.organisation else "",
                "is_note": kind == MessageKind.NOTE,
            }
        )
    return rows


def time_rows(times: Iterable[AnswerTime]) -> list[dict[str, str]]:
    """Give response times in words."""
    return [
        {
            "label": one.label or _("No theme"),
            "answered": format_number(one.answered),
            "median": "" if one.median_days is None else format_number(one.median_days, 1),
            "in_time": "" if one.in_time is None else format_percent(one.in_time),
            "waiting": format_number(one.waiting),
            "overdue": format_number(one.overdue),
        }
        for one in times
    ]
