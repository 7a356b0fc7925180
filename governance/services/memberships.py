"""Memberships: beginning, changing and ending them, with the rule that somebody always stays in charge."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Membership, Organisation, User
from governance.models.membership import ContactSharing, Function
from governance.models.organisation import Group
from governance.services import Refused
from governance.services.staying import refuse_last, refuse_last_lead
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def resource_of(membership: Membership) -> str:
    """Give the row of the matrix that says who manages a membership: a city's team has one of its own."""
    is_team = membership.function == Function.TEAM and membership.organisation.group == Group.MUNICIPALITY
    return "transition_team" if is_team else "contact_person"


@transaction.atomic
def start_membership(
    *,
    actor: Actor,
    user: User,
    organisation: Organisation,
    function: Function,
    is_lead: bool = False,
    position: str = "",
    valid_from: date | None = None,
) -> Membership:
    """Give somebody a function in an organisation. The caller has checked that the actor may.

    The person accepts an invitation, or the system sets it up. A membership that is there already is given back,
    with the lead added when it is new.
    """
    day = valid_from or today()
    present = Membership.objects.select_for_update().filter(
        user=user, organisation=organisation, function=function, valid_to__isnull=True, ended_at__isnull=True
    )
    membership = present.first()
    if membership is None:
        membership = Membership.objects.create(
            user=user,
            organisation=organisation,
            function=function,
            is_lead=is_lead,
            position=position.strip(),
            valid_from=day,
        )
    elif is_lead and not membership.is_lead:
        membership.is_lead = True
        membership.save(update_fields=["is_lead"])
    else:
        return membership
    _forget_standing(user)
    audit.record(
        actor=actor,
        event=Event.GRANTED,
        obj=membership,
        changes={"function": function.value, "is_lead": is_lead, "from": day.isoformat()},
        on_behalf_of=organisation,
    )
    return membership


@transaction.atomic
def change_membership(
    *, actor: Actor, membership: Membership, position: str, sharing: ContactSharing, is_lead: bool
) -> Membership:
    """Change somebody's position, who may see the contact, and whether the person leads.

    Raises NotAllowed, and Refused when nobody would lead the organisation any more.
    """
    fresh = _locked(membership)
    require(actor, resource_of(fresh), "manage", fresh)
    if fresh.is_lead and not is_lead:
        refuse_last_lead(actor, fresh)
    wanted = {"position": position.strip(), "sharing": sharing.value, "is_lead": is_lead}
    changes = {name: [getattr(fresh, name), new] for name, new in wanted.items() if getattr(fresh, name) != new}
    if not changes:
        return fresh
    for name, new in wanted.items():
        setattr(fresh, name, new)
    fresh.full_clean()
    fresh.save(update_fields=list(wanted))
    _forget_standing(fresh.user)
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


@transaction.atomic
def end_membership(
    *, actor: Actor, membership: Membership, last_day: date | None = None, at_once: bool = False
) -> Membership:
    """End a membership after its last day (today unless given), or at once.

    Raises NotAllowed, and Refused for a day in the past, a membership that has ended, the last lead of an
    organisation, the last coordinator and the last member of the steering group.
    """
    fresh = _locked(membership)
    require(actor, resource_of(fresh), "manage", fresh)
    return finish_membership(actor=actor, membership=fresh, last_day=last_day, at_once=at_once)


@transaction.atomic
def finish_membership(
    *, actor: Actor, membership: Membership, last_day: date | None = None, at_once: bool = False
) -> Membership:
    """End a membership as `end_membership` does, for a caller that has checked that the actor may."""
    fresh = _locked(membership)
    now = today()
    day = now if at_once or last_day is None else last_day
    if (fresh.ended_at and fresh.ended_at <= timezone.now()) or (fresh.valid_to and fresh.valid_to < now):
        raise Refused(_("This membership has ended already."))
    if day < now:
        raise Refused(_("The last day cannot lie in the past."))
    refuse_last(actor, fresh)
    before = fresh.valid_to
    fresh.valid_to = max(day, fresh.valid_from)
    fresh.ended_at = timezone.now() if at_once else None
    fresh.save(update_fields=["valid_to", "ended_at"])
    _forget_standing(fresh.user)
    audit.record(
        actor=actor,
        event=Event.REVOKED,
        obj=fresh,
        changes={"valid_to": [before and before.isoformat(), fresh.valid_to.isoformat()], "at_once": at_once},
        on_behalf_of=fresh.organisation,
    )
    return fresh


def _locked(membership: Membership) -> Membership:
    """Lock the organisation first: of two leads who remove each other at the same moment, one stays."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def _forget_standing(user: User) -> None:
    """Let rights be read again: they are remembered on the object for one request."""
    user.__dict__.pop("standing", None)
