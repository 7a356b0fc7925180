"""Reads across governance: who holds which role, through which organisation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from governance.models import Mandate, Membership, Organisation, User, VariantPeriod
from governance.models.membership import LEADING_FUNCTIONS, Function, MembershipQuerySet, current_q
from governance.models.organisation import Duty, Group
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import Actor, Role, Standing, action_q
from nss_portal.core.gathering import written
from nss_portal.core.registry import level_sources
from nss_portal.core.time import today

PARTNER_GROUPS = frozenset(
    {
        Group.PROVINCE,
        Group.UMBRELLA,
        Group.KNOWLEDGE,
        Group.COMPANY,
        Group.FINANCIAL,
        Group.CIVIL,
        Group.EUROPEAN,
        Group.INDEPENDENT,
        Group.AGENCY,
    }
)
FUNCTION_ROLES = {
    Function.SIGNATORY: Role.SIGNATORY,
    Function.STEERING: Role.STEERING,
}
DUTY_ROLES = {Duty.DESK: Role.DESK, Duty.PUBLISHER: Role.PUBLISHER}
TEAM_LEVELS = frozenset({"mission", "eoi"})


def levels_of(organisations: set[int]) -> dict[int, str]:
    """Give the level of involvement of organisations (primary keys) that have one."""
    found: dict[int, str] = {}
    for source in level_sources:
        found.update(source(organisations))
    return found


class Held(NamedTuple):
    """What the role follows from: a function, in an organisation of a group, with or without a duty."""

    function: str
    is_lead: bool
    organisation_id: int
    group: str
    duty: str
    # Set for a role for some hours, in an emergency.
    ended_at: Any = None
    # Municipalities (primary keys) that went on in this organisation: what was left with them opens too.
    merged: Sequence[int] = ()

    @property
    def is_advice(self) -> bool:
        """Say whether it ties a City Advisor to a city: it opens the city, and is not acting for it."""
        return self.function == Function.ADVISOR and self.group == Group.MUNICIPALITY

    @property
    def organisations(self) -> tuple[int, ...]:
        """Give the organisation with those that went on in it."""
        return (self.organisation_id, *self.merged)


HELD = ("function", "is_lead", "organisation_id", "organisation__group", "organisation__duty", "ended_at")


def role_of(held: Held, level: str, coordinating_id: int | None) -> Role | None:
    """Give the role that one membership gives, or None where it gives none (coordination elsewhere)."""
    function = Function(held.function)
    if function in FUNCTION_ROLES:
        return FUNCTION_ROLES[function]
    if function == Function.COORDINATION:
        return Role.COORDINATOR if held.organisation_id == coordinating_id else None
    if function == Function.ADVISOR:
        return Role.ADVISOR
    if held.group == Group.MUNICIPALITY:
        return Role.TEAM if function == Function.TEAM and level in TEAM_LEVELS else Role.MEMBER
    if held.duty:
        return DUTY_ROLES[Duty(held.duty)]
    if held.group == Group.MINISTRY:
        return Role.MINISTRY
    return Role.PARTNER


def _held_on(day: date) -> QuerySet[Membership]:
    return Membership.objects.current(day).order_by()


def with_held() -> QuerySet[User]:
    """Give all accounts with what their standing of today follows from: `standing_for` need not ask for it."""
    return _with_held(today())


@lru_cache(maxsize=2)
def _with_held(day: date) -> QuerySet[User]:
    """Give the query that every page of a member asks; putting it together takes longer than the database."""
    merged = ArraySubquery(_merged_into(OuterRef("organisation_id"), day))
    row = JSONObject(**{name: name for name in HELD}, merged=merged)
    held = _held_on(day).filter(user=OuterRef("pk")).values_list(row)
    return User.objects.annotate(held=written(User, ArraySubquery(held)), held_on=Value(day))


def _memberships_of(user: User, day: date) -> list[Held]:
    """Give what somebody holds on a day: as it came along with the person, else in one query."""
    if getattr(user, "held_on", None) == day:
        return [Held(*(row[name] for name in (*HELD, "merged"))) for row in user.__dict__["held"]]
    merged = ArraySubquery(_merged_into(OuterRef("organisation_id"), day))
    return [Held(*values) for values in _held_on(day).filter(user=user).values_list(*HELD, merged)]


def standing_for(user: User, on: date | None = None) -> Standing:
    """Give a user's standing on a day (today unless given).

    At most four queries, whatever the number of memberships: who coordinates and who gave a mandate is asked for
    people of a coordination team alone, levels for people of municipalities.

    Who belongs to a municipality also holds what was left with those that went on in it: adopted contracts, say.
    """
    day = on or today()
    memberships = _memberships_of(user, day)
    if not memberships or not user.is_active:
        return Standing(user_id=user.pk, roles={Role.VISITOR: frozenset()})
    coordinating_id = None
    if any(held.function == Function.COORDINATION for held in memberships):
        coordinating_id = coordinating_organisation_id(day)
    cities = {held.organisation_id for held in memberships if held.group == Group.MUNICIPALITY}
    levels = levels_of(cities) if cities else {}
    roles: dict[Role, set[int]] = defaultdict(set)
    for held in memberships:
        role = role_of(held, levels.get(held.organisation_id, ""), coordinating_id)
        if role is not None:
            roles[role] |= set() if held.is_advice else set(held.organisations)
    return Standing(
        user_id=user.pk,
        roles={role: frozenset(ids) for role, ids in roles.items()} or {Role.VISITOR: frozenset()},
        lead_of=frozenset(pk for held in memberships if held.is_lead for pk in held.organisations),
        advised=frozenset(pk for held in memberships if held.is_advice for pk in held.organisations),
        mandates=_mandates(day) if Role.COORDINATOR in roles and _is_regular(memberships) else frozenset(),
        levels=levels,
    )


def _is_regular(memberships: list[Held]) -> bool:
    """Say whether somebody is in a coordination team other than for some hours: mandates were given to those."""
    return any(held.function == Function.COORDINATION and held.ended_at is None for held in memberships)


def _merged_into(organisation: OuterRef, day: date) -> QuerySet[Organisation, int]:
    """Give the municipalities (primary keys) that went on in this one, or in one that did so itself."""
    direct = Q(successor=organisation) | Q(successor__successor=organisation, successor__group=Group.MUNICIPALITY)
    merged = Organisation.objects.filter(direct, group=Group.MUNICIPALITY, succeeded_on__lte=day)
    return merged.order_by("pk").values_list("pk", flat=True)


def _mandates(day: date) -> frozenset[int]:
    return frozenset(Mandate.objects.current(day).order_by().values_list("organisation_id", flat=True))


@dataclass(frozen=True)
class HeldMembership:
    """A membership with the role that it gives today; None while it gives none."""

    membership: Membership
    role: Role | None


def memberships_with_roles(user: User, on: date | None = None) -> list[HeldMembership]:
    """Give somebody's memberships in force with the role that each gives."""
    day = on or today()
    memberships = list(Membership.objects.current(day).filter(user=user).select_related("organisation"))
    levels = levels_of({m.organisation_id for m in memberships})
    coordinating_id = coordinating_organisation_id(day)
    return [
        HeldMembership(m, role_of_membership(m, levels.get(m.organisation_id, ""), coordinating_id))
        for m in memberships
    ]


def role_of_membership(membership: Membership, level: str, coordinating_id: int | None) -> Role | None:
    """Give the role that a membership (with its organisation) gives; see `role_of`."""
    organisation = membership.organisation
    held = Held(membership.function, membership.is_lead, organisation.pk, organisation.group, organisation.duty)
    return role_of(held, level, coordinating_id)


def people_of(organisation: Organisation, on: date | None = None) -> MembershipQuerySet:
    """Give the memberships of an organisation in force, leads first."""
    return (
        Membership.objects.current(on or today())
        .filter(organisation=organisation)
        .select_related("user", "organisation")
        .order_by("-is_lead", "user__name", "pk")
    )


def current_period(on: date | None = None) -> VariantPeriod | None:
    """Give the period of the variant in force, or None before the first."""
    return (
        VariantPeriod.objects.filter(current_q(on or today()))
        .select_related("variant", "coordinating_organisation")
        .first()
    )


def coordinators(on: date | None = None) -> QuerySet[User]:
    """Give the people of the coordination team: those in that function in the coordinating organisation."""
    day = on or today()
    members = Membership.objects.current(day).filter(
        function=Function.COORDINATION, organisation=coordinating_organisation_id(day)
    )
    return User.objects.filter(is_active=True, pk__in=members.values("user"))


def people_at(organisations: Iterable[int], *, teams_alone: bool = False) -> dict[int, list[User]]:
    """Give who is written to per organisation (primary key), an empty list where nobody can be. One query.

    Those who lead its work, or all while nobody does: staff and team, of a municipality its team. Where that has
    no team its staff is written to, unless only a team may act (`teams_alone`). Whoever only coordinates, signs or
    sits in the steering group answers for nobody.
    """
    keys = set(organisations)
    members = Membership.objects.current(today()).filter(
        organisation__in=keys, function__in=LEADING_FUNCTIONS, user__is_active=True
    )
    held: dict[int, list[Membership]] = {key: [] for key in keys}
    for one in members.select_related("user", "organisation").order_by("user__email"):
        held[one.organisation_id].append(one)
    return {key: _written_to(found, teams_alone=teams_alone) for key, found in held.items()}


def _written_to(members: list[Membership], *, teams_alone: bool) -> list[User]:
    if members and members[0].organisation.group == Group.MUNICIPALITY:
        team = [one for one in members if one.function == Function.TEAM]
        members = team if team or teams_alone else members
    leads = [one for one in members if one.is_lead]
    return list({one.user_id: one.user for one in leads or members}.values())


def leads_of(organisation: Organisation, on: date | None = None) -> QuerySet[User]:
    """Give the people who lead an organisation."""
    members = Membership.objects.current(on or today()).filter(organisation=organisation, is_lead=True)
    return User.objects.filter(is_active=True, pk__in=members.values("user"))


def manageable_by(actor: Actor, organisation: Organisation) -> MembershipQuerySet:
    """Give the memberships of an organisation that the actor may change or end; a team has a row of its own."""
    is_team = Q(function=Function.TEAM, organisation__group=Group.MUNICIPALITY)
    team, others = action_q(actor, "transition_team", "manage"), action_q(actor, "contact_person", "manage")
    return Membership.objects.filter((is_team & team) | (~is_team & others), organisation=organisation)
