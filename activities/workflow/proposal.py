"""The way of a proposal: from a draft to the agenda, or to a reason why not."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.proposal import AgendaProposal, ProposalState
from nss_portal.core.workflow import Step, Workflow


def unfinished(record: AgendaProposal) -> Iterable[tuple[str, str]]:
    """Give what a proposal lacks before others can support it: the field, and what to do."""
    if not record.why.strip():
        yield "why", _("Say first why this belongs on the agenda.")
    if not record.kind:
        yield "kind", _("Choose first what kind of activity you have in mind.")
    if record.theme_id is None:
        yield "theme", _("Choose first the theme that it is about.")


def _finished(record: Model) -> Iterable[str]:
    return [text for _field, text in unfinished(record)] if isinstance(record, AgendaProposal) else []


PROPOSAL = Workflow(
    resource="agenda_proposal",
    steps=[
        Step(
            name="share",
            sources=[ProposalState.DRAFT],
            target=ProposalState.OPEN,
            action="change",
            label=gettext_lazy("Propose it"),
            conditions=[_finished],
        ),
        Step(
            name="take_up",
            sources=[ProposalState.OPEN],
            target=ProposalState.TAKEN_UP,
            action="decide",
            label=gettext_lazy("Take it up"),
        ),
        Step(
            name="decline",
            sources=[ProposalState.OPEN],
            target=ProposalState.DECLINED,
            action="decide",
            label=gettext_lazy("Decline"),
            needs_reason=True,
        ),
        Step(
            name="reopen",
            sources=[ProposalState.DECLINED],
            target=ProposalState.OPEN,
            action="decide",
            label=gettext_lazy("Open it again"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[ProposalState.OPEN],
            target=ProposalState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Withdraw"),
            needs_reason=True,
        ),
    ],
)
