"""Another variant: proposed with day and coordinator, decided by the steering group, in force on its day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import GovernanceVariant, Organisation, User, VariantEvaluation, VariantPeriod
from governance.models.design import ProposalState, VariantProposal
from governance.services import Refused
from governance.services.design.deciding import checked, for_decision, note_decision, proposer
from governance.services.variants import drop_period, require_free, require_ready, start_variant, why_it_stays
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def propose_variant(
    *,
    actor: Actor,
    variant: GovernanceVariant,
    coordinating_organisation: Organisation,
    valid_from: date,
    reason: str,
    evaluation: VariantEvaluation | None = None,
) -> VariantProposal:
    """Propose which variant holds from a day on, and which organisation coordinates then.

    `evaluation` is the one that asks for it, where it came from one.

    Raises NotAllowed for who may not propose; Refused without a reason, for a day in the past or on
    which another variant begins, for what is in force already, while another proposal waits, or where nobody of
    the organisation could coordinate: nobody is locked out.
    """
    who = proposer(actor)
    why = checked(valid_from=valid_from, reason=reason)
    require_ready(coordinating_organisation, valid_from)
    require_free(variant, coordinating_organisation, valid_from)
    _one_at_a_time()
    proposal = VariantProposal.objects.create(
        variant=variant,
        coordinating_organisation=coordinating_organisation,
        valid_from=valid_from,
        reason=why,
        proposed_by=who,
        evaluation=evaluation,
    )
    audit.record(
        actor=actor, event=Event.SUBMITTED, obj=proposal, on_behalf_of=coordinating_organisation, reason=why
    )
    return proposal


def _one_at_a_time() -> None:
    """Raise Refused while a proposal waits; whoever proposes at the same moment waits for this transaction."""
    list(GovernanceVariant.objects.select_for_update().order_by("pk"))
    if VariantProposal.objects.filter(state=ProposalState.PROPOSED).exists():
        raise Refused(_("Another proposal for a variant waits for the steering group."))


def may_be_taken_back(proposal: VariantProposal) -> bool:
    """Say whether a proposal was decided, and the variant that it brings has not begun: one query at most."""
    return (
        proposal.state == ProposalState.DECIDED
        and proposal.period is not None
        and not why_it_stays(proposal.period)
    )


@transaction.atomic
def propose_taking_back(*, actor: Actor, proposal: VariantProposal, reason: str) -> VariantProposal:
    """Propose that a decided change of variant does not come, so that the variant before it goes on.

    Raises NotAllowed for who may not propose; Refused without a reason, from the day of the change on, and while
    another proposal waits.
    """
    who = proposer(actor)
    if not reason.strip():
        raise Refused(_("Give a reason."))
    _one_at_a_time()
    change = VariantProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    _period_to_drop(change)
    made = VariantProposal.objects.create(
        variant=change.variant,
        coordinating_organisation=change.coordinating_organisation,
        valid_from=change.valid_from,
        reason=reason.strip(),
        proposed_by=who,
        takes_back=change,
    )
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=made,
        changes={"takes_back": change.public_id},
        on_behalf_of=change.coordinating_organisation,
        reason=made.reason,
    )
    return made


def _period_to_drop(proposal: VariantProposal) -> VariantPeriod:
    """Give the period of a change that can still be taken back; raises Refused where it cannot."""
    period = VariantPeriod.objects.select_related("variant").filter(proposal=proposal).first()
    if proposal.state != ProposalState.DECIDED or period is None:
        raise Refused(_("Only a change that was decided can be taken back."))
    problem = why_it_stays(period)
    if problem:
        raise Refused(problem)
    return period


@transaction.atomic
def take_back(*, actor: User, proposal: VariantProposal, reason: str = "") -> None:
    """Decide that a decided change does not come: its period goes, the one before it has no last day any more.

    Who coordinates today and which rights go with that stay as they are. The change and this decision stay to be
    read. Raises as `for_decision`, and Refused from the day of the change on or when nobody is left to go on.
    """
    fresh = for_decision(proposal, actor)
    assert fresh.takes_back_id is not None  # noqa: S101 by who calls
    change = VariantProposal.objects.select_for_update(of=("self",)).get(pk=fresh.takes_back_id)
    period = _period_to_drop(change)
    change.period, change.state = None, ProposalState.TAKEN_BACK
    change.save(update_fields=["period", "state"])
    drop_period(actor=actor, period=period, reason=fresh.reason)
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=change,
        changes={"state": [ProposalState.DECIDED.value, ProposalState.TAKEN_BACK.value]},
        on_behalf_of=change.coordinating_organisation,
        reason=fresh.reason,
    )
    note_decision(fresh, ProposalState.DECIDED, actor=actor, reason=reason)


@transaction.atomic
def adopt_variant(*, actor: User, proposal: VariantProposal, reason: str = "") -> None:
    """Decide that a proposed variant comes into force on its day; the coordination role moves then by itself.

    Raises NotAllowed for who may not decide; Refused for one's own or a decided proposal, or when it can no longer
    be done: the day has passed, or nobody is there to coordinate.
    """
    fresh = for_decision(proposal, actor)
    fresh.period = start_variant(
        actor=actor,
        variant=fresh.variant,
        coordinating_organisation=fresh.coordinating_organisation,
        valid_from=fresh.valid_from,
        reason=fresh.reason,
        proposed_by=fresh.proposed_by,
    )
    fresh.save(update_fields=["period"])
    note_decision(fresh, ProposalState.DECIDED, actor=actor, reason=reason)
