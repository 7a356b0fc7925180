"""How long the activities app keeps what it has of persons: askers, answers to polls, reasons."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activities.models import DeskQuestion, Participation, PollAnswer, PollGuest
from activities.models.date_poll import PollState
from activities.models.desk_question import QuestionState
from nss_portal.core.registry import retention_rules
from nss_portal.core.retention import Kept, Outcome

GONE = "@vervallen.invalid"


def closed_questions(before: datetime) -> Any:
    """Give closed questions that still name who asked."""
    old = DeskQuestion.objects.filter(state=QuestionState.CLOSED, changed_at__lt=before)
    return old.filter(~Q(asker_name="") | ~Q(asker_email="")).exclude(asker_email__endswith=GONE)


def blot_askers(keys: list[Any]) -> int:
    """Take the asker out of questions; who asked without an account keeps an address that leads nowhere."""
    nowhere = Concat(Cast(F("pk"), CharField()), Value(GONE))
    email = Case(When(asker_email="", then=Value("")), default=nowhere)
    return DeskQuestion.objects.filter(pk__in=keys).update(asker_name="", asker_from="", asker_email=email)


def over_polls(before: datetime) -> Any:
    """Give who was asked in polls that are over, where answers or remarks are left."""
    day = timezone.localdate(before)
    over = PollGuest.objects.filter(poll__closes_on__lt=day).exclude(poll__state=PollState.OPEN)
    return over.filter(Q(pk__in=PollAnswer.objects.order_by().values("guest")) | ~Q(note=""))


def drop_answers(keys: list[Any]) -> int:
    """Delete the answers, and empty the remarks."""
    PollAnswer.objects.filter(guest__in=keys).delete()
    return PollGuest.objects.filter(pk__in=keys).update(note="")


@retention_rules.register
def rules() -> Iterator[Kept]:
    """Kinds of records of the agenda and the desk."""
    yield Kept(
        "desk-unconfirmed",
        _("Questions to the desk of which nobody confirmed the address"),
        _("the day on which it came in"),
        _("Carried out every day by the desk itself."),
        30,
        is_set=True,
        order=42,
    )
    yield Kept(
        "desk-askers",
        _("Name and address of who asked the desk something"),
        _("the day on which the question was closed"),
        _("The question and its answer stay, without who asked."),
        365,
        Outcome.BLOTTED,
        closed_questions,
        blot_askers,
        order=43,
    )
    yield Kept(
        "poll-answers",
        _("Answers to polls for a date"),
        _("the last day of the poll"),
        _("Once the date is chosen nobody needs them."),
        180,
        due=over_polls,
        let_go=drop_answers,
        order=44,
    )
    yield Kept(
        "registration-reasons",
        _("Reasons and remarks with a registration"),
        _("the day of the last change"),
        _("That somebody took part for an organisation stays; the person becomes a pseudonym with the account."),
        365,
        Outcome.BLOTTED,
        lambda before: Participation.objects.filter(changed_at__lt=before).exclude(reason=""),
        lambda keys: Participation.objects.filter(pk__in=keys).update(reason=""),
        order=45,
    )
    yield Kept(
        "covenants",
        _("Programmes, with covenant, signatures and results"),
        _("the closing of the programme"),
        _("What organisations agreed is for the archive (Archiefwet); who signed stays named."),
        None,
        Outcome.ARCHIVED,
        order=62,
    )
