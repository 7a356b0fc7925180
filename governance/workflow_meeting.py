"""Steps of a meeting: planned, held, its decisions adopted."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models.meeting import Meeting, MeetingState
from nss_portal.core.workflow import Step, Workflow


def _has_begun(record: Model) -> Iterable[str]:
    if isinstance(record, Meeting) and record.starts_at > timezone.now():
        yield _("This meeting is still to come.")


MEETING = Workflow(
    resource="meeting",
    steps=[
        Step(
            name="hold",
            sources=[MeetingState.PLANNED],
            target=MeetingState.HELD,
            action="change",
            label=gettext_lazy("It was held"),
            conditions=[_has_begun],
        ),
        Step(
            name="adopt",
            sources=[MeetingState.HELD],
            target=MeetingState.ADOPTED,
            action="change",
            label=gettext_lazy("Adopt the decisions"),
        ),
        Step(
            name="cancel",
            sources=[MeetingState.PLANNED],
            target=MeetingState.CANCELLED,
            action="change",
            label=gettext_lazy("Cancel the meeting"),
            needs_reason=True,
        ),
    ],
)
