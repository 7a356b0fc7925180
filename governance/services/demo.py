"""Accounts of the demonstration: one per role, named by it, without a password. Only in demo mode."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from governance.models import GovernanceVariant, Membership, Organisation, User, VariantPeriod
from governance.models.membership import Function
from governance.selectors import TEAM_LEVELS, current_period, levels_of
from governance.services import Refused
from governance.services.memberships import start_membership
from governance.services.people import make_account
from governance.services.variants import start_variant

DOMAIN = "demo.nss.example"
SINCE = date(2023, 1, 1)
TASK_MOVED_ON = date(2024, 7, 2)
ROLES = (
    "visitor",
    "member",
    "team",
    "signatory",
    "ministry",
    "partner",
    "publisher",
    "steering",
    "coordinator",
    "desk",
    "advisor",
)
# Roles of people of a municipality: these take the municipality that is asked for.
CITY_ROLES = frozenset({"member", "team", "signatory", "advisor"})


class Part(NamedTuple):
    """What a demo account of a role is called, belongs to and does."""

    name: str
    organisation: str
    function: Function
    is_lead: bool


PARTS = {
    "ministry": Part("Contactpersoon ministerie VRO", "vro", Function.STAFF, True),
    "partner": Part("Partner BNG Bank", "bng", Function.STAFF, True),
    "publisher": Part("Redactie VNG", "vng", Function.STAFF, True),
    "desk": Part("Loket RVO", "rvo", Function.STAFF, True),
    "steering": Part("Lid stuurgroep", "kgg", Function.STEERING, False),
}


@transaction.atomic
def load_demo(scale: str, seed: int) -> Iterable[str]:
    """Set the variant in force and make an account per role, and those of the cities that take part."""
    made = [_account_of(role) for role in (*PARTS, "coordinator")]
    cities = [
        organisation
        for organisation, level in levels_of(set(_municipalities())).items()
        if level in {*TEAM_LEVELS, "interested"}
    ]
    for organisation in Organisation.objects.filter(pk__in=cities):
        for role in ("team", "signatory", "advisor") if _is_team_city(organisation) else ("member",):
            made.append(demo_account(role=role, organisation=organisation))
    return [f"demo accounts: {len(made)}"]


def _municipalities() -> Iterable[int]:
    return Organisation.objects.filter(group="municipality").values_list("pk", flat=True)


def _is_team_city(organisation: Organisation) -> bool:
    return levels_of({organisation.pk}).get(organisation.pk, "") in TEAM_LEVELS


@transaction.atomic
def demo_account(*, role: str, organisation: Organisation | None = None) -> User:
    """Give the demo account of a role (of a municipality's organisation, where the role asks for one).

    Made when it is not there. Raises Refused outside demo mode, for a role without an account, and for a team or
    advisor of a municipality that has none.
    """
    if not settings.NSS_DEMO:
        raise Refused("demo accounts exist in demo mode only")
    if role in CITY_ROLES:
        if organisation is None:
            raise Refused(f"{role}: which municipality?")
        return _city_account(role, organisation)
    if role not in PARTS and role != "coordinator":
        raise Refused(f"no demo account for {role!r}")
    return _account_of(role)


@transaction.atomic
def demo_contact(*, organisation: Organisation, position: str) -> Membership:
    """Give an illustrative contact person of an organisation, named by what the person does; made when not there.

    Raises Refused outside demo mode.
    """
    if not settings.NSS_DEMO:
        raise Refused("demo accounts exist in demo mode only")
    name = f"{position} {organisation.short_name or organisation.name}"
    address = f"contact.{slugify(position)}.{slugify(organisation.short_name or organisation.name)}@{DOMAIN}"
    user = _account(address[-254:], name[:150], organisation, Function.STAFF)
    Membership.objects.filter(user=user, organisation=organisation, position="").update(position=position)
    return Membership.objects.get(user=user, organisation=organisation, function=Function.STAFF)


def _account_of(role: str) -> User:
    if role == "coordinator":
        organisation = _coordinating_organisation()
        return _account(f"coordinator@{DOMAIN}", "Coördinatieteam", organisation, Function.COORDINATION)
    part = PARTS[role]
    organisation = Organisation.objects.get(code=part.organisation)
    return _account(f"{role}@{DOMAIN}", part.name, organisation, part.function, is_lead=part.is_lead)


def _city_account(role: str, organisation: Organisation) -> User:
    city = organisation.short_name or organisation.name
    has_team = _is_team_city(organisation)
    if role in {"team", "advisor"} and not has_team:
        raise Refused(f"{city} is no mission or EoI city and has no {role}")
    address = f"{role}.{slugify(organisation.name.removeprefix('Gemeente '))}@{DOMAIN}"
    if role == "team":
        return _account(address, f"Transitieteam {city}", organisation, Function.TEAM, is_lead=True)
    if role == "signatory":
        return _account(address, f"Wethouder {city}", organisation, Function.SIGNATORY)
    if role == "advisor":
        home = Organisation.objects.get(code="netzerocities")
        user = _account(address, f"City Advisor {city}", home, Function.ADVISOR)
        _join(user, organisation, Function.ADVISOR)
        return user
    return _account(address, f"Medewerker {city}", organisation, Function.STAFF, is_lead=not has_team)


def _account(
    email: str, name: str, organisation: Organisation, function: Function, *, is_lead: bool = False
) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = make_account(actor=User.objects.system(), email=email, name=name, is_demo=True)
    _join(user, organisation, function, is_lead=is_lead)
    return user


def _join(user: User, organisation: Organisation, function: Function, *, is_lead: bool = False) -> None:
    start_membership(
        actor=User.objects.system(),
        user=user,
        organisation=organisation,
        function=function,
        is_lead=is_lead,
        valid_from=SINCE,
    )


def _coordinating_organisation() -> Organisation:
    """Give the coordinating organisation; where no variant is in force yet, the demonstration sets it."""
    period = current_period()
    if period is None and not VariantPeriod.objects.exists():
        variant = GovernanceVariant.objects.get(code="national-lead")
        period = start_variant(
            actor=User.objects.system(),
            variant=variant,
            coordinating_organisation=Organisation.objects.get(code="bzk"),
            valid_from=SINCE,
            reason="Gekozen voor de demonstratie.",
        )
        period = start_variant(
            actor=User.objects.system(),
            variant=variant,
            coordinating_organisation=Organisation.objects.get(code="vro"),
            valid_from=TASK_MOVED_ON,
            reason="De taak ging van BZK naar VRO.",
        )
    if period is None:
        raise Refused("no variant is in force today")
    return period.coordinating_organisation
