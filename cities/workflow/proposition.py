"""The way of a proposition: onto the agenda, one of three ways on, and to an end."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models.proposition import Proposition, PropositionState, Way
from nss_portal.core.workflow import Step, Workflow


def unfinished(record: Proposition) -> Iterable[tuple[str, str]]:
    """Give what a proposition lacks to stand on the agenda: the field, and what to do."""
    if not record.text.strip():
        yield "text", _("Describe first what it is about.")
    if record.task_id is None:
        yield "task", _("Choose first which urban task it is about.")
    if record.review_on is None:
        yield "review_on", _("Say first when it is looked at again: the agenda rolls on.")


def _finished(record: Model) -> Iterable[str]:
    return [text for _field, text in unfinished(record)] if isinstance(record, Proposition) else []


LABELS = {
    Way.SELF: gettext_lazy("The cities do it themselves"),
    Way.POLICY: gettext_lazy("Goes into running policy"),
    Way.PROGRAMME: gettext_lazy("Grows into a programme"),
}

PROPOSITION = Workflow(
    resource="proposition",
    steps=[
        Step(
            name="open",
            sources=[PropositionState.DRAFT],
            target=PropositionState.OPEN,
            action="change",
            label=gettext_lazy("Put on the agenda"),
            conditions=[_finished],
        ),
        *(
            Step(
                name=way.value,
                sources=[PropositionState.OPEN],
                target=PropositionState.ON_ITS_WAY,
                action="change",
                label=label,
                needs_reason=True,
            )
            for way, label in LABELS.items()
        ),
        Step(
            name="reopen",
            sources=[PropositionState.ON_ITS_WAY, PropositionState.CLOSED],
            target=PropositionState.OPEN,
            action="change",
            label=gettext_lazy("Put back on the agenda"),
            needs_reason=True,
        ),
        Step(
            name="close",
            sources=[PropositionState.OPEN, PropositionState.ON_ITS_WAY],
            target=PropositionState.CLOSED,
            action="change",
            label=gettext_lazy("Close, with what came of it"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[PropositionState.OPEN, PropositionState.ON_ITS_WAY],
            target=PropositionState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Withdraw"),
            needs_reason=True,
        ),
    ],
)
