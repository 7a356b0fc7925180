"""What the desk adds to everybody's 'my work' and news: the same questions for all, but for their values.

Organisations are frozensets of primary keys, or places for them.
"""

from typing import Any

from django.db.models import Q, QuerySet

from activities.models.desk import DirectoryEntry
from activities.models.desk_call import (
    ApplicationParty,
    ApplicationState,
    CallInterest,
    JointApplication,
    PartyState,
)
from activities.models.desk_question import (
    OPEN_STATES,
    DeskInvite,
    DeskQuestion,
    InviteState,
    QuestionState,
)
from nss_portal.core.access import Actor, Role, standing_of
from nss_portal.core.gathering import prepared


@prepared
def to_answer(limit: int, *, holders: Any) -> QuerySet[DeskQuestion]:
    """Give the questions that lie with organisations."""
    return DeskQuestion.objects.with_holder().filter(holder__in=holders).order_by("due_on", "pk")[:limit]


@prepared
def asked_along(limit: int, *, own: Any) -> QuerySet[DeskInvite]:
    """Give the open questions in which organisations are asked for what they know."""
    invites = DeskInvite.objects.filter(
        organisation__in=own, state=InviteState.ASKED, question__state__in=OPEN_STATES
    )
    return invites.order_by("pk")[:limit]


@prepared
def to_react_on(limit: int, *, own: Any, user: Any) -> QuerySet[DeskQuestion]:
    """Give the own questions that wait for a reaction."""
    waiting = DeskQuestion.objects.filter(organisation__in=own, state=QuestionState.WAITING, asked_by=user)
    return waiting.order_by("waiting_since", "pk")[:limit]


@prepared
def closing(limit: int, *, own: Any, first: Any, last: Any) -> QuerySet[CallInterest]:
    """Give the calls that organisations look at and that close between two days."""
    interests = CallInterest.objects.filter(
        organisation__in=own, entry__state="listed", entry__deadline__range=(first, last)
    )
    return interests.order_by("entry__deadline", "pk")[:limit]


@prepared
def to_submit(limit: int, *, own: Any) -> QuerySet[JointApplication]:
    """Give the joint applications that organisations lead and have not submitted."""
    forming = JointApplication.objects.filter(state=ApplicationState.FORMING, organisation__in=own)
    return forming.order_by("submit_by", "pk")[:limit]


@prepared
def to_join(limit: int, *, own: Any) -> QuerySet[JointApplication]:
    """Give the joint applications in which organisations are asked to take part."""
    asked = ApplicationParty.objects.filter(organisation__in=own, state=PartyState.ASKED).order_by()
    forming = JointApplication.objects.filter(state=ApplicationState.FORMING, pk__in=asked.values("application"))
    return forming.order_by("submit_by", "pk")[:limit]


def is_of_city(actor: Actor) -> bool:
    """Say whether somebody works for a municipality. No query."""
    return standing_of(actor).has(Role.MEMBER, Role.TEAM)


@prepared
def made_public(limit: int, *, own: Any, since: Any) -> QuerySet[DeskQuestion]:
    """Give the questions of others than these organisations whose answer became public since a moment."""
    others = ~Q(organisation__in=own) | Q(organisation=None)
    return DeskQuestion.objects.filter(others, published_at__gt=since).order_by("-published_at", "-pk")[:limit]


@prepared
def new_calls(limit: int, *, day: Any, since: Any) -> QuerySet[DirectoryEntry]:
    """Give what one can apply for until a day that is fixed, and that came into the directory since a moment."""
    calls = DirectoryEntry.objects.money().open_on(day).filter(created_at__gt=since, deadline__isnull=False)
    return calls.order_by("-created_at", "-pk")[:limit]


@prepared
def answered(limit: int, *, own: Any, since: Any) -> QuerySet[DeskQuestion]:
    """Give the questions of organisations that were answered since a moment."""
    mine = DeskQuestion.objects.filter(organisation__in=own, answered_at__gt=since)
    return mine.order_by("-answered_at", "-pk")[:limit]
