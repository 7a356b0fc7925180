"""How a lesson gets from a city's notes to the reader: who may take which step and what must hold."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Lesson
from activities.models.lesson import LessonState
from nss_portal.core.workflow import Step, Workflow


def _written(record: Model) -> Iterable[str]:
    if isinstance(record, Lesson) and not (record.what_worked.strip() or record.what_failed.strip()):
        yield _("Write first what worked, or what did not.")


LESSON = Workflow(
    resource="lesson",
    steps=[
        Step(
            name="release",
            sources=[LessonState.DRAFT],
            target=LessonState.RELEASED,
            action="consent",
            label=gettext_lazy("Release the lesson"),
            conditions=[_written],
        ),
        Step(
            name="take_up",
            sources=[LessonState.RELEASED],
            target=LessonState.REVIEW,
            action="publish",
            label=gettext_lazy("Start editing"),
        ),
        Step(
            name="publish",
            sources=[LessonState.REVIEW],
            target=LessonState.PUBLISHED,
            action="publish",
            label=gettext_lazy("Publish the lesson"),
            conditions=[_written],
        ),
        Step(
            name="send_back",
            sources=[LessonState.RELEASED, LessonState.REVIEW],
            target=LessonState.DRAFT,
            action="publish",
            label=gettext_lazy("Send back with a question"),
            needs_reason=True,
        ),
        Step(
            name="withdraw",
            sources=[LessonState.RELEASED, LessonState.REVIEW, LessonState.PUBLISHED],
            target=LessonState.WITHDRAWN,
            action="consent",
            label=gettext_lazy("Withdraw the lesson"),
            needs_reason=True,
        ),
        Step(
            name="take_down",
            sources=[LessonState.PUBLISHED],
            target=LessonState.WITHDRAWN,
            action="publish",
            label=gettext_lazy("Take off the site"),
            needs_reason=True,
        ),
    ],
)

# With whom a lesson is shared follows from where it stands.
SHARING = {
    LessonState.DRAFT: "draft",
    LessonState.RELEASED: "network",
    LessonState.REVIEW: "network",
    LessonState.PUBLISHED: "published",
    LessonState.WITHDRAWN: "draft",
}
