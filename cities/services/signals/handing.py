"""Signals of somebody who leaves: a colleague finishes the drafts and is the one to call."""

from django.db import transaction
from django.db.models import Q

from cities.models import Signal
from cities.models.signal import SignalQuerySet, SignalState
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event

OVER = (SignalState.CLOSED, SignalState.WITHDRAWN)


def drafts_of(user: User, organisation: Organisation) -> SignalQuerySet:
    """Give the draft signals that somebody began."""
    return Signal.objects.filter(organisation=organisation, state=SignalState.DRAFT, created_by=user).order_by(
        "pk"
    )


def reached_at(user: User, organisation: Organisation) -> SignalQuerySet:
    """Give the signals that are not over for which somebody is called: by own address, or, where no address is
    given but a telephone number, as who wrote it."""
    telephone = Q(created_by=user) & ~Q(contact_reach="") & ~Q(contact_reach__contains="@")
    return (
        Signal.objects.filter(Q(contact_reach__icontains=user.email) | telephone, organisation=organisation)
        .exclude(state__in=OVER)
        .order_by("pk")
    )


@transaction.atomic
def give_drafts(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague finish draft signals. The caller has checked that the actor may."""
    drafts = drafts_of(user, organisation)
    for draft in drafts:
        changes = {"to_finish": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=draft, changes=changes, on_behalf_of=organisation)
    drafts.update(created_by=successor)


@transaction.atomic
def give_contact(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague be called about signals; what was sent stays as it is but for this.

    A draft gets a new version, so that whoever has it open notices. The caller has checked that the actor may.
    """
    for signal in reached_at(user, organisation).select_for_update(of=("self",)):
        signal.contact_reach = successor.email
        signal.version += 1 if signal.is_draft else 0
        signal.save(update_fields=["contact_reach", "version"])
        changes = {"contact_person": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=signal, changes=changes, on_behalf_of=organisation)
