"""Write proposals for the agenda, their support, and what becomes of them."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.models.activity import Kind
from activities.models.proposal import AgendaProposal, ProposalState, ProposalSupport
from activities.services.agenda import ActivityValues, create_activity
from activities.services.proposal_letters import tell_proposer
from activities.workflow.proposal import PROPOSAL
from cities.models import Bottleneck, Theme, TransitionStep
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

MANY = ("steps", "bottlenecks")
EDITABLE = (ProposalState.DRAFT, ProposalState.OPEN)


@dataclass(frozen=True)
class ProposalValues:
    """All that the form says of a proposal."""

    title: str
    kind: str = ""
    why: str = ""
    theme: Theme | None = None
    preparation_hours: Decimal | None = None
    steps: tuple[TransitionStep, ...] = field(default=())
    bottlenecks: tuple[Bottleneck, ...] = field(default=())

    def columns(self) -> dict[str, Any]:
        """Give what stands on the proposal itself, texts trimmed."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in MANY}
        return {name: text.strip() if isinstance(text, str) else text for name, text in values.items()}

    def links(self) -> dict[str, Any]:
        """Give the records that it is linked to."""
        return {name: getattr(self, name) for name in MANY}


@transaction.atomic
def create_proposal(*, actor: Actor, organisation: Organisation, values: ProposalValues) -> AgendaProposal:
    """Make a draft in the name of an organisation; raises NotAllowed for another one."""
    require_for(actor, "agenda_proposal", "change", organisation)
    draft = AgendaProposal.objects.create(
        organisation=organisation, created_by_id=getattr(actor, "pk", None), **values.columns()
    )
    set_links(draft, values.links())
    audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=organisation)
    return draft


@transaction.atomic
def change_proposal(
    *, actor: Actor, proposal: AgendaProposal, version: int, values: ProposalValues
) -> AgendaProposal:
    """Change what is proposed; raises NotAllowed, EditConflict when a colleague was first."""
    require(actor, "agenda_proposal", "change", proposal)
    fresh = locked(proposal)
    if fresh.state not in EDITABLE:
        raise NotAllowed(_("This proposal was answered or withdrawn, and does not change any more."))
    linked = with_unseen(actor, fresh, values.links())
    links = changed_links(fresh, version, linked)
    changes = apply_changes(fresh, version, values.columns())
    if changes or links:
        set_links(fresh, linked)
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable({**changes, **links}),
            on_behalf_of=fresh.organisation,
        )
    return fresh


@transaction.atomic
def share_proposal(*, actor: Actor, proposal: AgendaProposal) -> AgendaProposal:
    """Let others read and support a draft; raises as `workflow.take` does."""
    require(actor, "agenda_proposal", "change", proposal)
    workflow.take(PROPOSAL, "share", proposal, actor=actor)
    now = timezone.now()
    AgendaProposal.objects.filter(pk=proposal.pk).update(shared_at=now, changed_at=now)
    return locked(proposal)


@transaction.atomic
def discard_proposal(*, actor: Actor, proposal: AgendaProposal) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "agenda_proposal", "change", proposal)
    fresh = locked(proposal)
    if fresh.state != ProposalState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()


@transaction.atomic
def move_proposal(*, actor: Actor, proposal: AgendaProposal, step: str, reason: str) -> AgendaProposal:
    """Decline, open again or withdraw, with the reason; raises as `workflow.take` does.

    LookupError for another step. The proposer is told of an answer.
    """
    if step not in ("decline", "reopen", "withdraw"):
        raise LookupError(step)
    require(actor, "agenda_proposal", PROPOSAL.step(step).action or "", proposal)
    fresh = locked(proposal)
    before = fresh.answer
    if step == "decline" and reason.strip():
        # With the reason first: a declined proposal without one would be a fault.
        AgendaProposal.objects.filter(pk=fresh.pk).update(answer=reason.strip())
    workflow.take(PROPOSAL, step, fresh, actor=actor, reason=reason)
    fresh.refresh_from_db()
    if step != "decline":
        fresh.answer = "" if step == "reopen" else before
    _touch(fresh)
    if step != "withdraw":
        tell_proposer(fresh, step=step, reason=reason)
    return fresh


def _touch(proposal: AgendaProposal) -> None:
    proposal.version += 1
    proposal.changed_at = timezone.now()
    proposal.save()


@transaction.atomic
def take_up(
    *, actor: Actor, proposal: AgendaProposal, leader: Organisation, kind: str = "", note: str = ""
) -> Activity:
    """Make an activity that `leader` leads out of a proposal, with all that it knows; the proposer is told.

    Raises NotAllowed, and TransitionRefused for a proposal that was answered already.
    """
    require(actor, "agenda_proposal", "decide", proposal)
    workflow.take(PROPOSAL, "take_up", proposal, actor=actor, reason=note)
    fresh = locked(proposal)
    values = ActivityValues(
        title=fresh.title,
        body=fresh.why,
        theme=fresh.theme,
        preparation_hours=fresh.preparation_hours,
        steps=tuple(fresh.steps.all()),
        bottlenecks=tuple(fresh.bottlenecks.all()),
    )
    activity = create_activity(
        actor=actor,
        organisation=leader,
        kind=kind or fresh.kind or Kind.THEMATIC,
        values=values,
        proposed_by=fresh.organisation,
    )
    fresh.activity, fresh.answer = activity, note.strip()
    _touch(fresh)
    tell_proposer(fresh, step="take_up", reason=note)
    return activity


@transaction.atomic
def support_proposal(
    *, actor: Actor, proposal: AgendaProposal, organisation: Organisation, note: str = ""
) -> ProposalSupport:
    """Support a proposal in the name of an organisation, or change the note; twice is once.

    Raises NotAllowed for another organisation, the one that proposed it, or what was answered already.
    """
    require_for(actor, "agenda_proposal", "support", organisation)
    fresh = locked(proposal)
    if fresh.state != ProposalState.OPEN:
        raise NotAllowed(_("This proposal takes no support: it is not open."))
    if fresh.organisation_id == organisation.pk:
        raise NotAllowed(_("Your own organisation proposed this."))
    there = ProposalSupport.objects.filter(proposal=fresh, organisation=organisation, left_on=None).first()
    support = there or ProposalSupport(proposal=fresh, organisation=organisation, joined_on=today())
    if there is not None and there.note == note.strip():
        return there
    support.note = note.strip()
    support.save()
    audit.record(
        actor=actor,
        event=Event.CHANGED if there else Event.CREATED,
        obj=support,
        changes={"proposal": fresh.title},
        on_behalf_of=organisation,
    )
    return support


@transaction.atomic
def leave_proposal(*, actor: Actor, support: ProposalSupport) -> ProposalSupport:
    """Withdraw support while the proposal is open; twice is once. Raises NotAllowed."""
    require_for(actor, "agenda_proposal", "support", support.organisation)
    fresh = ProposalSupport.objects.select_for_update(of=("self",)).get(pk=support.pk)
    if fresh.proposal.state != ProposalState.OPEN:
        raise NotAllowed(_("This proposal was answered; who supported it then stays to be seen."))
    if fresh.left_on is None:
        fresh.left_on = today()
        fresh.save(update_fields=["left_on"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh, on_behalf_of=fresh.organisation)
    return fresh
