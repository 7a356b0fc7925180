"""A date poll ends with a date or without one; its last day only stops the answers."""

from django.utils.translation import gettext_lazy

from activities.models.date_poll import PollState
from nss_portal.core.workflow import Step, Workflow

POLL = Workflow(
    resource="date_poll",
    steps=[
        Step(
            name="decide",
            sources=[PollState.OPEN],
            target=PollState.DECIDED,
            action="change",
            label=gettext_lazy("Choose this moment"),
        ),
        Step(
            name="stop",
            sources=[PollState.OPEN],
            target=PollState.STOPPED,
            action="change",
            label=gettext_lazy("Call the poll off"),
        ),
    ],
)
