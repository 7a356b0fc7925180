"""A joint application is prepared, submitted and decided on; its lead takes the steps."""

from django.utils.translation import gettext_lazy

from activities.models.desk_call import ApplicationState
from nss_portal.core.workflow import Step, Workflow

APPLICATION = Workflow(
    resource="joint_application",
    steps=[
        Step(
            name="submit",
            sources=[ApplicationState.FORMING],
            target=ApplicationState.SUBMITTED,
            action="change",
            label=gettext_lazy("It has been submitted"),
        ),
        Step(
            name="grant",
            sources=[ApplicationState.SUBMITTED],
            target=ApplicationState.GRANTED,
            action="change",
            label=gettext_lazy("It was granted"),
            needs_reason=True,
        ),
        Step(
            name="reject",
            sources=[ApplicationState.SUBMITTED],
            target=ApplicationState.REJECTED,
            action="change",
            label=gettext_lazy("It was not granted"),
            needs_reason=True,
        ),
        Step(
            name="call_off",
            sources=[ApplicationState.FORMING, ApplicationState.SUBMITTED],
            target=ApplicationState.WITHDRAWN,
            action="change",
            label=gettext_lazy("Call it off"),
            needs_reason=True,
        ),
        Step(
            name="prepare_again",
            sources=[ApplicationState.WITHDRAWN],
            target=ApplicationState.FORMING,
            action="change",
            label=gettext_lazy("Prepare it after all"),
            needs_reason=True,
        ),
    ],
)
