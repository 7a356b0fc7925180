"""How a lesson gets from a city's notes to the reader: who may take which step and what must hold."""

from collections.abc import Iterable

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Lesson
from activities.models.lesson import Audience, LessonState
from cities.models.bottleneck import Sharing
from nss_portal.core.workflow import Step, Workflow


def _written(record: Model) -> Iterable[str]:
    if isinstance(record, Lesson) and not (record.what_worked.strip() or record.what_failed.strip()):
        yield _("Write first what worked, or what did not.")


def _no_open_comments(record: Model) -> Iterable[str]:
    if isinstance(record, Lesson):
        number = record.comments.filter(answer_to__isnull=True, resolved_at__isnull=True).count()
        if number:
            text = ngettext(
                "%(number)d comment is still open. Settle it first.",
                "%(number)d comments are still open. Settle them first.",
                number,
            )
            yield text % {"number": number}


def _is_no_revision(record: Model) -> Iterable[str]:
    if isinstance(record, Lesson) and record.is_revision:
        yield _("This is a new version: it takes the place of the old one.")


def _is_revision_of_published(record: Model) -> Iterable[str]:
    if isinstance(record, Lesson):
        old = record.revision_of
        if old is None:
            yield _("This is not a new version of another lesson.")
        elif old.state != LessonState.PUBLISHED:
            yield _("The lesson that this is a new version of is not published any more.")


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
            conditions=[_written, _no_open_comments, _is_no_revision],
        ),
        Step(
            name="take_over",
            sources=[LessonState.REVIEW],
            target=LessonState.TAKEN_OVER,
            action="publish",
            label=gettext_lazy("Publish the new version"),
            needs_reason=True,
            conditions=[_written, _no_open_comments, _is_revision_of_published],
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
    LessonState.TAKEN_OVER: "draft",
}


def open_steps(lesson: Lesson) -> list[Step]:
    """Give the steps that leave the lesson's state: a new version takes over, another lesson is published."""
    unfit = "publish" if lesson.is_revision else "take_over"
    return [step for step in LESSON.open_steps(lesson) if step.name != unfit]


def sharing_of(lesson: Lesson, state: LessonState) -> Sharing:
    """Give with whom a lesson is shared in a state: a new version with nobody but its writers and the editors."""
    if lesson.is_revision:
        return Sharing.DRAFT
    if state == LessonState.PUBLISHED and Audience.EVERYBODY not in lesson.audiences:
        return Sharing.NETWORK
    return Sharing(SHARING[state])
