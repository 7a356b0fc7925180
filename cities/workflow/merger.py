"""The way of a merger of municipalities."""

from django.utils.translation import gettext_lazy

from cities.models.merger import MergerState
from nss_portal.core.workflow import Step, Workflow

MERGER = Workflow(
    resource="municipality_merger",
    steps=[
        Step(
            name="carry_out",
            sources=[MergerState.PLANNED],
            target=MergerState.DONE,
            action=None,
            label=gettext_lazy("Carry out"),
        ),
        Step(
            name="cancel",
            sources=[MergerState.PLANNED],
            target=MergerState.CANCELLED,
            action="plan",
            label=gettext_lazy("Call off"),
            needs_reason=True,
        ),
    ],
)
