"""Reads across governance: who holds which role, through which organisation."""

from collections import defaultdict
from datetime import date

from governance.models import Mandate, Membership, User
from governance.models.membership import Function
from governance.models.organisation import Duty, Group
from governance.variants import coordinating_organisation_id
from nss_portal.core.access import Role, Standing
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
    return frozenset(Mandate.objects.filter(valid_to__gte=day).values_list("organisation_id", flat=True))
