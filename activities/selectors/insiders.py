"""Who is in a workspace: of an activity, of a programme, or of one of its working groups.

An activity has places for people. In a programme are the people of the partners that said yes and have not left,
in a working group those who have a seat, or the people of the partner where the seat names nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet

from activities.models import Participation, ProgrammePartner, WorkingGroupMember, Workspace
from activities.models.activity import TAKING_PART, ActivityState, ParticipationRole
from activities.models.programme import ENDED, Phase
from activities.models.programme_partner import Answer
from governance.models import Membership, User
from governance.models.membership import Function
from governance.models.organisation import Group
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.time import today

GONE = (ActivityState.DRAFT, ActivityState.CANCELLED)
GOING_ON = tuple(phase for phase in Phase if phase not in ENDED)


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, and for which organisation (its primary key and name)."""

    user_id: int
    name: str
    organisation_id: int
    organisation: str
    role: str

    @property
    def label(self) -> str:
        """Name and organisation."""
        return f"{self.name} ({self.organisation})"


def partners_inside() -> QuerySet[ProgrammePartner]:
    """Give the partners that said yes and have not left."""
    return ProgrammePartner.objects.filter(answer=Answer.YES, left_on=None).order_by()


def seats_inside() -> QuerySet[WorkingGroupMember]:
    """Give the seats of partners in working groups; those that ended with their group still count."""
    lasted = Q(left_on=None) | Q(left_on=F("group__ended_on"))
    return WorkingGroupMember.objects.filter(lasted, partner__answer=Answer.YES, partner__left_on=None).order_by()


@lru_cache(maxsize=1024)
def by_place(user_id: int | None) -> Q:
    """Workspaces of activities in which somebody has a place."""
    places = Participation.objects.filter(user=user_id, state__in=TAKING_PART)
    there = places.exclude(activity__state=ActivityState.DRAFT).order_by()
    return Q(activity__in=there.values("activity"))


@lru_cache(maxsize=1024)
def by_partner(user_id: int | None, organisations: frozenset[int]) -> Q:
    """Workspaces of programmes and working groups in which somebody is for one of these organisations."""
    parts = partners_inside().filter(organisation__in=organisations)
    seats = seats_inside().filter(Q(user=user_id) | Q(user=None), partner__organisation__in=organisations)
    return Q(programme__in=parts.values("programme")) | Q(group__in=seats.values("group"))


def inside(user_id: int | None, organisations: frozenset[int]) -> Q:
    """Workspaces in which somebody takes part."""
    return by_place(user_id) | by_partner(user_id, organisations) if organisations else by_place(user_id)


def rooms_of(actor: Actor, *, coming: tuple[ActivityState, ...] | None = None) -> QuerySet[Workspace]:
    """Give the workspaces in which somebody takes part, of what is neither a draft nor cancelled.

    With `coming`: only of activities in these states, and of programmes and groups that have not ended.
    """
    standing = standing_of(actor)
    return rooms_for(standing.user_id, standing.organisations, coming=coming)


def rooms_for(
    user: Any, organisations: Any, *, coming: tuple[ActivityState, ...] | None = None
) -> QuerySet[Workspace]:
    """Give the same for a person and the organisations for which the person acts: keys, or places for them."""
    return Workspace.objects.filter(inside(user, organisations), going_on(coming)).order_by()


def going_on(coming: tuple[ActivityState, ...] | None = None, path: str = "") -> Q:
    """Workspaces of what is neither a draft nor cancelled; `coming` as in `rooms_of`, `path` leads to them."""
    if coming is None:
        gone = Q(**{f"{path}activity__state__in": GONE})
        return ~gone | Q(**{f"{path}activity": None})
    groups = {f"{path}group__ended_on": None, f"{path}group__programme__phase__in": GOING_ON}
    running = Q(**{f"{path}programme__phase__in": GOING_ON}) | Q(**groups)
    return Q(**{f"{path}activity__state__in": coming}) | running


def people_in(workspaces: Iterable[Workspace]) -> dict[int, list[Person]]:
    """Give who is in some workspaces, by name, per primary key of the workspace. A query per kind of owner."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    people: dict[int, dict[int, Person]] = defaultdict(dict)
    for one in workspaces:
        found[one.kind][one.owner_key] = one.pk
    for kind, rooms in found.items():
        for owner, row in _READ[kind](list(rooms)):
            people[rooms[owner]].setdefault(row.user_id, row)
    return {room: list(rows.values()) for room, rows in people.items()}


_USER = ("user_id", "user__name", "user__email", "organisation_id")
_NAMES = ("organisation__short_name", "organisation__name")


def _person(row: tuple[Any, ...]) -> Person:
    user, name, email, organisation, short, long, role = row
    return Person(user, name or email, organisation, short or long, role)


def _of_activities(keys: list[int]) -> Iterable[tuple[int, Person]]:
    places = Participation.objects.filter(activity__in=keys, state__in=TAKING_PART).order_by("user__name", "pk")
    for owner, *row in places.values_list("activity_id", *_USER, *_NAMES, "role"):
        yield owner, _person(tuple(row))


def _members() -> QuerySet[Membership]:
    """Give those who act for an organisation today: a City Advisor does not for the city."""
    current = Membership.objects.current(today()).filter(user__is_active=True)
    return current.exclude(function=Function.ADVISOR, organisation__group=Group.MUNICIPALITY).order_by(
        "user__name", "pk"
    )


def _of_programmes(keys: list[int]) -> Iterable[tuple[int, Person]]:
    part = "organisation__programme_parts__"
    here = _members().filter(**{f"{part}programme__in": keys, f"{part}answer": Answer.YES, f"{part}left_on": None})
    for owner, *row in here.values_list(f"{part}programme_id", *_USER, *_NAMES):
        yield owner, _person((*row, ParticipationRole.PARTICIPANT))


def _of_groups(keys: list[int]) -> Iterable[tuple[int, Person]]:
    part = "organisation__programme_parts__"
    seat = f"{part}seats__"
    lasted = Q(**{f"{seat}left_on": None}) | Q(**{f"{seat}left_on": F(f"{seat}group__ended_on")})
    theirs = Q(**{f"{seat}user": F("user")}) | Q(**{f"{seat}user": None})
    here = _members().filter(
        lasted, theirs, **{f"{seat}group__in": keys, f"{part}answer": Answer.YES, f"{part}left_on": None}
    )
    # Who leads the group in one of two seats leads it.
    rows = here.order_by(f"-{seat}is_lead", "user__name", "pk")
    for owner, *row, leads in rows.values_list(f"{seat}group_id", *_USER, *_NAMES, f"{seat}is_lead"):
        yield owner, _person((*row, ParticipationRole.CHAIR if leads else ParticipationRole.PARTICIPANT))


_READ = {"activity": _of_activities, "programme": _of_programmes, "group": _of_groups}


def people_of(workspace: Workspace) -> list[Person]:
    """Give those who take part, by name. One query."""
    return people_in([workspace]).get(workspace.pk, [])


def users_of(workspace: Workspace) -> QuerySet[User]:
    """Give the accounts of those who take part."""
    keys = [person.user_id for person in people_of(workspace)]
    return User.objects.filter(pk__in=keys).order_by("name", "pk")
