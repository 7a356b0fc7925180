"""What pages of the activities app say, put in words and lists for the components."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import LessonState

LESSON_TONES = {
    LessonState.DRAFT: "neutral",
    LessonState.RELEASED: "info",
    LessonState.REVIEW: "attention",
    LessonState.PUBLISHED: "good",
    LessonState.WITHDRAWN: "neutral",
}
ROAD = (LessonState.DRAFT, LessonState.RELEASED, LessonState.REVIEW, LessonState.PUBLISHED)


def lesson_steps(lesson: Lesson) -> list[dict[str, Any]]:
    """Give where a lesson stands on its way, for steps.html; nothing for one that was withdrawn."""
    if lesson.state not in ROAD:
        return []
    now = ROAD.index(LessonState(lesson.state))
    done = lesson.state == LessonState.PUBLISHED
    return [
        {
            "label": state.label,
            "state": "done" if place < now or done else "current" if place == now else "todo",
        }
        for place, state in enumerate(ROAD)
    ]


def lesson_facts(lesson: Lesson) -> list[tuple[str, Any]]:
    """Give the facts of a lesson."""
    facts: list[tuple[str, Any]] = [(_("About"), lesson.organisation)]
    if lesson.author_organisation_id != lesson.organisation_id:
        facts.append((_("Written by"), lesson.author_organisation))
    if lesson.theme:
        facts.append((_("Theme"), lesson.theme))
    if lesson.state != LessonState.PUBLISHED:
        facts.append((_("Shared with"), lesson.get_sharing_display()))
    moment = lesson.published_at or lesson.changed_at
    label = _("Published") if lesson.published_at else _("Last changed")
    facts.append((label, date_format(timezone.localtime(moment), "j F Y")))
    return facts
