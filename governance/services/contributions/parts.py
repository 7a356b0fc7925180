"""Which part an organisation has in the variant in force: owners are asked for a pledge, others may make one."""

from collections.abc import Iterable, Sequence
from datetime import date

from governance.models import Organisation, VariantPeriod, VariantRole
from governance.models.organisation import Group
from governance.selectors import TEAM_LEVELS, current_period, levels_of

Part = VariantRole.Part
# Those who own the cooperation carry it: they are asked each year. Who is involved gives by choice.
ASKED = (Part.COORDINATOR, Part.OWNER, Part.CO_OWNER)


def roles_in_force(on: date | None = None) -> tuple[VariantPeriod | None, list[VariantRole]]:
    """Give the period of the variant in force with its roles; None and none before the first. Two queries."""
    period = current_period(on)
    return period, list(VariantRole.objects.filter(variant=period.variant_id)) if period else []


def role_of(organisation: Organisation, level: str, roles: Iterable[VariantRole]) -> VariantRole | None:
    """Give the role of an organisation (of a level of involvement, where it is a municipality), or None.

    A municipality has that of its level; all others the first row that names them by their code, or their group.
    """
    for role in roles:
        if organisation.group == Group.MUNICIPALITY:
            wanted = {"cities": level in TEAM_LEVELS, "municipalities": level == "interested"}
            if wanted.get(role.group, False):
                return role
        elif organisation.code in role.organisation_codes or organisation.group in role.organisation_groups:
            return role
    return None


def asked_organisations(day: date) -> Sequence[Organisation]:
    """Give the organisations that the variant in force makes owner of the cooperation, and who coordinates it."""
    period, roles = roles_in_force(day)
    if period is None:
        return []
    there = list(Organisation.objects.existing_on(day).filter(successor=None).order_by("pk"))
    levels = levels_of({one.pk for one in there if one.group == Group.MUNICIPALITY})
    found = []
    for one in there:
        role = role_of(one, levels.get(one.pk, ""), roles)
        if one.pk == period.coordinating_organisation_id or (role is not None and role.part in ASKED):
            found.append(one)
    return found
