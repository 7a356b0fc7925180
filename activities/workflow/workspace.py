"""How action points and publications of a workspace go on."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy

from activities.models.publication import PublicationState
from activities.models.workspace_work import PointState
from nss_portal.core.workflow import Step, Workflow


def _workspace(record: Any) -> Model:
    workspace: Model = record.workspace
    return workspace


# What came of a point, or why it was dropped, stands with the point: reasons of steps get into the log of changes.
POINT = Workflow(
    resource="activity_workspace",
    subject=_workspace,
    steps=[
        Step(
            name="finish",
            sources=[PointState.OPEN],
            target=PointState.DONE,
            action="contribute",
            label=gettext_lazy("It is done"),
        ),
        Step(
            name="drop",
            sources=[PointState.OPEN],
            target=PointState.DROPPED,
            action="contribute",
            label=gettext_lazy("It is no longer needed"),
        ),
        Step(
            name="reopen",
            sources=[PointState.DONE, PointState.DROPPED],
            target=PointState.OPEN,
            action="contribute",
            label=gettext_lazy("Open it again"),
        ),
    ],
)

PUBLICATION = Workflow(
    resource="activity_workspace",
    subject=_workspace,
    steps=[
        Step(
            name="withdraw",
            sources=[PublicationState.PUBLISHED],
            target=PublicationState.WITHDRAWN,
            action="contribute",
            label=gettext_lazy("Withdraw the publication"),
            needs_reason=True,
        )
    ],
)
