"""Proposing and deciding are two people: the same rules for a position and for a variant."""

from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import User
from governance.models.design import Proposal, ProposalState
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

P = TypeVar("P", bound=Proposal)


def may_propose(actor: Actor) -> bool:
    """Say whether the actor may propose a position or a variant."""
    return "propose" in granted(actor, "governance_variant", "change")


def may_decide(actor: Actor, proposal: Proposal | None = None) -> bool:
    """Say whether the actor may decide; with a proposal: on this one, which somebody else made."""
    if "decide" not in granted(actor, "governance_variant", "change"):
        return False
    return proposal is None or (
        proposal.state == ProposalState.PROPOSED and proposal.proposed_by_id != getattr(actor, "pk", None)
    )


def proposer(actor: Actor) -> User:
    """Give the actor as who proposes; raises NotAllowed for who may not."""
    if not may_propose(actor) or not isinstance(actor, User):
        raise NotAllowed(
            _("A team, a signatory, a ministry or the coordination team proposes; the steering group decides.")
        )
    return actor


def checked(*, valid_from: date, reason: str) -> str:
    """Give the reason without spaces around it; raises Refused without one, or for a day in the past."""
    if not reason.strip():
        raise Refused(_("Give a reason."))
    if valid_from < today():
        raise Refused(_("The day lies in the past. Choose today or later."))
    return reason.strip()


def for_decision(proposal: P, actor: Actor) -> P:
    """Read a proposal again under a lock, for the actor to decide on.

    Raises NotAllowed for who may not decide, Refused when it is decided already or the actor's own.
    """
    if not may_decide(actor):
        raise NotAllowed(_("The steering group decides."))
    fresh: P = type(proposal)._default_manager.select_for_update(of=("self",)).get(pk=proposal.pk)
    if fresh.state != ProposalState.PROPOSED:
        raise Refused(_("This proposal has been decided already, or was withdrawn."))
    if fresh.proposed_by_id == getattr(actor, "pk", None):
        raise Refused(_("Whoever proposes something does not decide on it too."))
    return fresh


def note_decision(proposal: Proposal, state: ProposalState, *, actor: User, reason: str) -> None:
    """Write on a proposal what was decided, with an event; inside the transaction of the decision."""
    proposal.state, proposal.decision_reason = state, reason.strip()
    proposal.decided_by, proposal.decided_at = actor, timezone.now()
    proposal.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    change = {"state": [ProposalState.PROPOSED.value, state.value]}
    audit.record(actor=actor, event=Event.STATE, obj=proposal, changes=change, reason=proposal.decision_reason)


@transaction.atomic
def decline(*, actor: User, proposal: Proposal, reason: str) -> None:
    """Decide not to do what was proposed; raises as `for_decision`, and Refused without a reason."""
    fresh = for_decision(proposal, actor)
    if not reason.strip():
        raise Refused(_("Say why it is not taken over: whoever proposed it reads this."))
    note_decision(fresh, ProposalState.DECLINED, actor=actor, reason=reason)


@transaction.atomic
def withdraw(*, actor: User, proposal: Proposal) -> None:
    """Take back one's own proposal while nobody has decided; raises NotAllowed for others, Refused after that."""
    fresh = type(proposal)._default_manager.select_for_update(of=("self",)).get(pk=proposal.pk)
    if fresh.proposed_by_id != actor.pk:
        raise NotAllowed(_("Only whoever made a proposal withdraws it."))
    if fresh.state != ProposalState.PROPOSED:
        raise Refused(_("This proposal has been decided already, or was withdrawn."))
    fresh.state = ProposalState.WITHDRAWN
    fresh.save(update_fields=["state"])
    audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)
