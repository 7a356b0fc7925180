"""Reminders of programmes by the clock. Keys of mails make each come once; a missed day is made up for."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from activities.models import Milestone, ProgrammePartner, ProgrammeReflection, SigningRound
from activities.models.programme import ENDED, RUNNING
from activities.models.programme_partner import Answer
from activities.services.programmes import letters
from nss_portal.core.locks import lock

# Days: after which a question is asked again, and before which something that comes is mentioned.
ASKED_AGAIN = 14
BEFORE_SIGNING = 7
BEFORE_REFLECTION = 7
BEFORE_MILESTONE = 14
# A reminder that could not go out is still sent within so many days.
CATCH_UP = 7


@transaction.atomic
def remind(*, day: date, guard: Callable[[], None]) -> int:
    """Write what is due on a day: to partners who were asked, signatories, who looks back, who sees to milestones.

    Gives to how many people something is due; a second time on the same days writes nothing more.
    """
    guard()
    lock("programme reminders")
    return _asked(day) + _signing(day) + _reflections(day) + _milestones(day)


def _asked(day: date) -> int:
    last = day - timedelta(days=ASKED_AGAIN)
    waiting = ProgrammePartner.objects.filter(
        answer=Answer.ASKED, left_on=None, asked_on__range=(last - timedelta(days=CATCH_UP), last)
    ).exclude(programme__phase__in=ENDED)
    return letters.ask(
        waiting.select_related("programme__organisation", "organisation").order_by("pk"), again=True
    )


def _signing(day: date) -> int:
    rounds = SigningRound.objects.filter(
        closed_on=None,
        held_on__range=(day, day + timedelta(days=BEFORE_SIGNING)),
        covenant__programme__phase__in=RUNNING,
    )
    found = rounds.select_related("covenant__programme__organisation").order_by("pk")
    return sum(letters.ask_to_sign(one, again=True) for one in found)


def _reflections(day: date) -> int:
    waiting = ProgrammeReflection.objects.filter(
        submitted_at=None, due_on__range=(day, day + timedelta(days=BEFORE_REFLECTION))
    ).exclude(programme__phase__in=ENDED)
    found = waiting.select_related("programme__organisation").order_by("pk")
    return sum(letters.ask_to_reflect(one, again=True) for one in found)


def _milestones(day: date) -> int:
    near = Q(planned_on__range=(day, day + timedelta(days=BEFORE_MILESTONE)))
    late = Q(planned_on__range=(day - timedelta(days=CATCH_UP), day - timedelta(days=1)))
    waiting = Milestone.objects.filter(near | late, done_on=None, dropped_on=None, programme__phase__in=RUNNING)
    found = waiting.select_related("programme__organisation").order_by("pk")
    return sum(letters.remind_of_milestone(one, is_late=one.planned_on < day) for one in found)
