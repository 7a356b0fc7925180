"""What somebody holds by name in programmes, given to a colleague: being called, and seats in working groups."""

from django.db import transaction

from activities.models import Programme, ProgrammePartner, WorkingGroupMember
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def give_contacts(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague be called where somebody was. The caller has checked that it may be."""
    held = ProgrammePartner.objects.filter(organisation=organisation, contact=user, left_on=None)
    for partner in held.select_related("programme"):
        _noted(partner.programme, user, successor, organisation, actor)
    held.update(contact=successor)


@transaction.atomic
def give_seats(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague take somebody's seats; where the colleague sits already, the old seat stays as it was."""
    seats = WorkingGroupMember.objects.filter(partner__organisation=organisation, user=user, left_on=None)
    for seat in seats.select_related("group__programme"):
        taken = WorkingGroupMember.objects.filter(
            group=seat.group, partner=seat.partner_id, user=successor, left_on=None
        )
        if not taken.exists():
            seat.user = successor
            seat.save(update_fields=["user"])
            _noted(seat.group.programme, user, successor, organisation, actor)


def _noted(programme: Programme, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=programme,
        changes={"held_by": [str(user), str(successor)]},
        on_behalf_of=organisation,
    )
