"""An entry of the directory ends when what it is about does, and comes back when that was a mistake."""

from django.utils.translation import gettext_lazy

from activities.models.desk import EntryState
from nss_portal.core.workflow import Step, Workflow

DIRECTORY = Workflow(
    resource="desk_directory",
    steps=[
        Step(
            name="end",
            sources=[EntryState.LISTED],
            target=EntryState.ENDED,
            action="change",
            label=gettext_lazy("This does not exist any more"),
            needs_reason=True,
        ),
        Step(
            name="list_again",
            sources=[EntryState.ENDED],
            target=EntryState.LISTED,
            action="change",
            label=gettext_lazy("Put it back in the directory"),
            needs_reason=True,
        ),
    ],
)
