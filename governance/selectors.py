"""Reads across governance: who holds which role, through which organisation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from governance.models import Mandate, Membership, Organisation, User, VariantPeriod
from governance.models.membership import Function, MembershipQuerySet, current_q
from governance.models.organisation import Duty, Group
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import Actor, Role, Standing, action_q
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


def role_of(membership: Membership, level: str, coordinating_id: int | None) -> Role | None:
    """Give the role that one membership gives, or None where it gives none (coordination elsewhere)."""
    function, organisation = Function(membership.function), membership.organisation
    if function in FUNCTION_ROLES:
        return FUNCTION_ROLES[function]
    if function == Function.COORDINATION:
        return Role.COORDINATOR if organisation.pk == coordinating_id else None
    if function == Function.ADVISOR:
        return Role.ADVISOR
    if organisation.group == Group.MUNICIPALITY:
        return Role.TEAM if function == Function.TEAM and level in TEAM_LEVELS else Role.MEMBER
    if organisation.duty:
        return DUTY_ROLES[Duty(organisation.duty)]
    if organisation.group == Group.MINISTRY:
        return Role.MINISTRY
    return Role.PARTNER


def is_advice(membership: Membership) -> bool:
    """Say whether a membership ties a City Advisor to a city: it opens the city, and is not acting for it."""
    return membership.function == Function.ADVISOR and membership.organisation.group == Group.MUNICIPALITY


def standing_for(user: User, on: date | None = None) -> Standing:
    """Give a user's standing on a day (today unless given). Three queries, whatever the number of memberships."""
    day = on or today()
    memberships = list(Membership.objects.current(day).filter(user=user).select_related("organisation"))
    if not memberships or not user.is_active:
        return Standing(user_id=user.pk, roles={Role.VISITOR: frozenset()})
    coordinating_id = coordinating_organisation_id(day)
    levels = levels_of({m.organisation_id for m in memberships if m.organisation.group == Group.MUNICIPALITY})
    roles: dict[Role, set[int]] = defaultdict(set)
    for membership in memberships:
        role = role_of(membership, levels.get(membership.organisation_id, ""), coordinating_id)
        if role is not None:
            roles[role] |= set() if is_advice(membership) else {membership.organisation_id}
    return Standing(
        user_id=user.pk,
        roles={role: frozenset(held) for role, held in roles.items()} or {Role.VISITOR: frozenset()},
        lead_of=frozenset(m.organisation_id for m in memberships if m.is_lead),
        advised=frozenset(m.organisation_id for m in memberships if is_advice(m)),
        mandates=_mandates(day) if Role.COORDINATOR in roles else frozenset(),
        levels=levels,
    )


def _mandates(day: date) -> frozenset[int]:
    return frozenset(Mandate.objects.current(day).values_list("organisation_id", flat=True))


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
    return [HeldMembership(m, role_of(m, levels.get(m.organisation_id, ""), coordinating_id)) for m in memberships]


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


def leads_of(organisation: Organisation, on: date | None = None) -> QuerySet[User]:
    """Give the people who lead an organisation."""
    members = Membership.objects.current(on or today()).filter(organisation=organisation, is_lead=True)
    return User.objects.filter(is_active=True, pk__in=members.values("user"))


def manageable_by(actor: Actor, organisation: Organisation) -> MembershipQuerySet:
    """Give the memberships of an organisation that the actor may change or end; a team has a row of its own."""
    is_team = Q(function=Function.TEAM, organisation__group=Group.MUNICIPALITY)
    team, others = action_q(actor, "transition_team", "manage"), action_q(actor, "contact_person", "manage")
    return Membership.objects.filter((is_team & team) | (~is_team & others), organisation=organisation)
