"""Somebody always stays in charge: the last lead, coordinator and member of the steering group do not just go."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from governance.models import Membership, Organisation, VariantPeriod
from governance.models.membership import Function
from governance.services import Refused
from nss_portal.core import locks
from nss_portal.core.access import Actor, granted, standing_of
from nss_portal.core.time import today

STEERING_LOCK = "governance.steering"


def staying(organisation: Organisation | None = None) -> QuerySet[Membership]:
    """Give the memberships (of an organisation) that stay: in force, without a last day, of who may log in."""
    found = Membership.objects.current(today()).filter(valid_to__isnull=True, user__is_active=True)
    return found if organisation is None else found.filter(organisation=organisation)


def refuse_last(actor: Actor, membership: Membership) -> None:
    """Raise Refused when nobody would lead, coordinate or steer once this membership ends."""
    if membership.is_lead:
        refuse_last_lead(actor, membership)
    if membership.function == Function.COORDINATION:
        _refuse_last_coordinator(membership)
    if membership.function == Function.STEERING:
        _refuse_last_of_steering_group(membership)


def refuse_last_lead(actor: Actor, membership: Membership) -> None:
    """Raise Refused when nobody else leads; the coordination team lets the only person of an organisation go."""
    others = staying(membership.organisation).exclude(pk=membership.pk)
    if others.filter(is_lead=True).exists():
        return
    from_above = standing_of(actor).is_system or "all" in granted(actor, "contact_person", "manage")
    if from_above and not others.exists():
        return
    raise Refused(
        _("{name} is the last lead of {organisation}. Make somebody else a lead first.").format(
            name=membership.user, organisation=membership.organisation
        )
    )


def coordinates_on_or_after_today(organisation: Organisation) -> bool:
    """Say whether an organisation coordinates now, or from a day that was decided already."""
    runs = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    return VariantPeriod.objects.filter(runs, coordinating_organisation=organisation).exists()


def _refuse_last_coordinator(membership: Membership) -> None:
    others = staying(membership.organisation).filter(function=Function.COORDINATION).exclude(pk=membership.pk)
    # A role for a few hours ends by itself; it is nobody's last.
    if membership.valid_to or others.exists() or not coordinates_on_or_after_today(membership.organisation):
        return
    raise Refused(
        _("{name} is the last coordinator. Invite another coordinator first.").format(name=membership.user)
    )


def _refuse_last_of_steering_group(membership: Membership) -> None:
    locks.lock(STEERING_LOCK)
    others = staying().filter(function=Function.STEERING).exclude(pk=membership.pk)
    if not membership.valid_to and not others.exists():
        raise Refused(
            _(
                "{name} is the last member of the steering group: nobody could decide on a variant any more. "
                "Let the coordination team invite another member first."
            ).format(name=membership.user)
        )
