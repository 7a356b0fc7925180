"""The way of an activity: from a draft to what came out of it."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity
from activities.models.activity import ActivityState, Kind, Meeting
from nss_portal.core.workflow import Step, Workflow


def missing(record: Model) -> Iterable[str]:
    """Say what an activity lacks before people can register."""
    if not isinstance(record, Activity):
        return
    if record.starts_at is None:
        yield _("Say when it takes place.")
    elif record.ends_at and record.ends_at <= timezone.now():
        yield _("The date lies in the past.")
    if not record.summary.strip():
        yield _("Say in one or two sentences what it is about.")
    if not record.steps.exists():
        yield _("Choose at least one step of the transition map that it serves.")
    if record.meeting != Meeting.ONLINE and not record.place.strip():
        yield _("Say where people meet.")
    yield from _missing_of_kind(record)


def _missing_of_kind(activity: Activity) -> Iterable[str]:
    if activity.kind == Kind.DEEP_DIVE:
        if activity.theme_id is None:
            yield _("Choose the theme that runs through the Deep Dive.")
        if not activity.questions.strip():
            yield _("Write the questions of the Deep Dive.")
        if not activity.required_preparation.strip():
            yield _("Say how participants prepare.")
    if activity.kind == Kind.REFLECTION and not activity.subjects.exists():
        yield _("Name at least one result or section that the session looks at.")
    if activity.kind == Kind.CASE_TABLE and not activity.mandate.strip():
        yield _("Say what can be decided at the table.")
    if activity.kind == Kind.TRAINING and not activity.learning_goals.strip():
        yield _("Say what one can do after the training.")
    if activity.kind == Kind.VISIT and not activity.host.strip():
        yield _("Say who receives the visitors.")


def _begun(record: Model) -> Iterable[str]:
    if isinstance(record, Activity) and (record.starts_at is None or record.starts_at > timezone.now()):
        yield _("It has not begun yet.")


ACTIVITY = Workflow(
    resource="activity",
    steps=[
        Step(
            name="plan",
            sources=[ActivityState.DRAFT],
            target=ActivityState.PLANNED,
            action="change",
            label=gettext_lazy("Put it in the planning"),
        ),
        Step(
            name="publish",
            sources=[ActivityState.DRAFT, ActivityState.PLANNED],
            target=ActivityState.PUBLISHED,
            action="change",
            label=gettext_lazy("Publish on the agenda"),
            conditions=[missing],
        ),
        Step(
            name="hold",
            sources=[ActivityState.PUBLISHED],
            target=ActivityState.HELD,
            action="change",
            label=gettext_lazy("It has taken place"),
            conditions=[_begun],
        ),
        Step(
            name="close",
            sources=[ActivityState.HELD],
            target=ActivityState.CLOSED,
            action="change",
            label=gettext_lazy("Round off"),
        ),
        Step(
            name="cancel",
            sources=[ActivityState.PLANNED, ActivityState.PUBLISHED],
            target=ActivityState.CANCELLED,
            action="change",
            label=gettext_lazy("Cancel"),
            needs_reason=True,
        ),
        Step(
            name="resume",
            sources=[ActivityState.CANCELLED],
            target=ActivityState.PLANNED,
            action="change",
            label=gettext_lazy("Plan it again"),
            needs_reason=True,
        ),
    ],
)
