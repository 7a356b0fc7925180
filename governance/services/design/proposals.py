"""Another variant: proposed with day and coordinator, decided by the steering group, in force on its day."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import GovernanceVariant, Organisation, User, VariantEvaluation
from governance.models.design import ProposalState, VariantProposal
from governance.services import Refused
from governance.services.design.deciding import checked, for_decision, note_decision, proposer
from governance.services.variants import require_free, require_ready, start_variant
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
    list(GovernanceVariant.objects.select_for_update().order_by("pk"))
    if VariantProposal.objects.filter(state=ProposalState.PROPOSED).exists():
        raise Refused(_("Another proposal for a variant waits for the steering group."))
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
