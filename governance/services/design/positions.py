"""The position on the goal and on each dilemma: proposed by one, taken by the steering group."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import User
from governance.models.design import DesignPosition, DesignQuestion, ProposalState
from governance.services import Refused
from governance.services.design.deciding import checked, for_decision, note_decision, proposer
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def propose_position(
    *,
    actor: Actor,
    question: DesignQuestion,
    text_nl: str,
    reason: str,
    valid_from: date,
    place: int | None = None,
    text_en: str = "",
) -> DesignPosition:
    """Propose what the position on a question is from a day on; `place` runs from 0 (one end) to 4 (the other).

    Raises NotAllowed for who may not propose, Refused without text or reason, for a day in the past, or while
    another proposal on the question waits.
    """
    who = proposer(actor)
    why = checked(valid_from=valid_from, reason=reason)
    if not text_nl.strip():
        raise Refused(_("Say what the position is."))
    DesignQuestion.objects.select_for_update().get(pk=question.pk)
    if question.positions.filter(state=ProposalState.PROPOSED).exists():
        raise Refused(_("Another proposal on this question waits for the steering group."))
    position = DesignPosition.objects.create(
        question=question,
        place=place,
        text_nl=text_nl.strip(),
        text_en=text_en.strip(),
        reason=why,
        valid_from=valid_from,
        proposed_by=who,
    )
    audit.record(actor=actor, event=Event.SUBMITTED, obj=position, reason=why)
    return position


@transaction.atomic
def take_position(*, actor: User, position: DesignPosition, reason: str = "") -> None:
    """Take a proposed position; raises as `for_decision`."""
    fresh = for_decision(position, actor)
    note_decision(fresh, ProposalState.DECIDED, actor=actor, reason=reason)
