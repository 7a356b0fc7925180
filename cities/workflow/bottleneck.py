"""The way of a bottleneck."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Bottleneck
from cities.models.bottleneck import LISTED, BottleneckState
from nss_portal.core.workflow import Step, Workflow


def _complete(record: Model) -> Iterable[str]:
    if isinstance(record, Bottleneck) and record.theme_id is None:
        yield _("Choose a theme first.")
    if isinstance(record, Bottleneck) and not record.severity:
        yield _("Say first how badly it holds you up.")


def _alone(record: Model) -> Iterable[str]:
    if isinstance(record, Bottleneck) and record.cities_behind > 1:
        yield _("Other cities stand behind this bottleneck too. Mark it as solved when it no longer holds you up.")


BOTTLENECK = Workflow(
    resource="bottleneck",
    steps=[
        Step(
            name="open",
            sources=[BottleneckState.DRAFT],
            target=BottleneckState.OPEN,
            action="change",
            label=gettext_lazy("Add to the register"),
            conditions=[_complete],
        ),
        Step(
            name="solve",
            sources=[BottleneckState.OPEN],
            target=BottleneckState.SOLVED,
            action="change",
            label=gettext_lazy("Mark as solved"),
            needs_reason=True,
        ),
        Step(
            name="reopen",
            sources=[BottleneckState.SOLVED],
            target=BottleneckState.OPEN,
            action="change",
            label=gettext_lazy("Open again"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[BottleneckState.OPEN, BottleneckState.SOLVED],
            target=BottleneckState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Withdraw"),
            conditions=[_alone],
            needs_reason=True,
        ),
        Step(
            name="merge",
            sources=LISTED,
            target=BottleneckState.MERGED,
            action="merge",
            label=gettext_lazy("Merge"),
        ),
        *(
            Step(
                name=f"split_{state}",
                sources=[BottleneckState.MERGED],
                target=state,
                action="merge",
                label=gettext_lazy("Undo the merger"),
            )
            for state in LISTED
        ),
    ],
)
