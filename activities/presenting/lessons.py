"""What pages of lessons say, put in words and lists for the components."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from activities.models import Lesson
from activities.models.lesson import Audience, LessonState
from activities.presenting.lesson_facts import content_facts

LESSON_TONES = {
    LessonState.DRAFT: "neutral",
    LessonState.RELEASED: "info",
    LessonState.REVIEW: "attention",
    LessonState.PUBLISHED: "good",
    LessonState.WITHDRAWN: "neutral",
    LessonState.TAKEN_OVER: "neutral",
}
ROAD = (LessonState.DRAFT, LessonState.RELEASED, LessonState.REVIEW, LessonState.PUBLISHED)
ROW = (
    "public_id",
    "title",
    "organisation__short_name",
    "organisation__name",
    "theme__label_nl",
    "theme__label_en",
    "state",
    "useful_count",
    "applying_count",
    "replicated_count",
    "published_at",
    "changed_at",
    "is_illustrative",
    "revision_of",
)


def lesson_rows(lessons: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    """Give what the register shows, in words; `lessons` comes as values_list of `ROW`. One query."""
    english = get_language() == "en"
    labels = {state.value: str(state.label) for state in LessonState}
    tones = {state.value: tone for state, tone in LESSON_TONES.items()}
    address = reverse("activities:lesson", args=["222222"])
    rows = []
    for row in lessons:
        public_id, title, short, name, dutch, other, state, useful, applying, replicated, out, changed, *rest = row
        rows.append(
            {
                "url": address.replace("222222", public_id),
                "title": title,
                "about": short or name,
                "theme": (other if english else dutch) or "",
                "state": "" if state == LessonState.PUBLISHED else labels[state],
                "tone": tones[state],
                "useful": useful,
                "applied": applied_in_words(applying, replicated),
                "when": date_format(timezone.localtime(out or changed), "j b Y"),
                "is_illustrative": rest[0],
                "is_new_version": rest[1] is not None,
            }
        )
    return rows


def applied_in_words(applying: int, replicated: int) -> str:
    """Say how many organisations apply a lesson, and how many of those said that it worked out."""
    if not applying and not replicated:
        return ""
    if not replicated:
        return str(applying)
    return _("%(applying)d, of which %(replicated)d told how it went") % {
        "applying": applying,
        "replicated": replicated,
    }


def use_in_words(lesson: Lesson) -> list[str]:
    """Say in sentences how many organisations use a lesson; empty while nobody does."""
    found = []
    if lesson.useful_count:
        text = ngettext(
            "%(number)d organisation finds this useful.",
            "%(number)d organisations find this useful.",
            lesson.useful_count,
        )
        found.append(text % {"number": lesson.useful_count})
    if lesson.applying_count:
        text = ngettext(
            "%(number)d organisation applies it.", "%(number)d organisations apply it.", lesson.applying_count
        )
        found.append(text % {"number": lesson.applying_count})
    if lesson.replicated_count:
        text = ngettext(
            "%(number)d told a quarter later that it worked out, or partly.",
            "%(number)d told a quarter later that it worked out, or partly.",
            lesson.replicated_count,
        )
        found.append(text % {"number": lesson.replicated_count})
    return found


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


def audiences_in_words(audiences: Iterable[str]) -> str:
    """Name for whom a lesson is published."""
    return ", ".join(str(Audience(one).label) for one in Audience if one in set(audiences))


def lesson_facts(lesson: Lesson, *, for_member: bool) -> list[tuple[str, Any]]:
    """Give the facts of a lesson."""
    facts: list[tuple[str, Any]] = [(_("About"), lesson.organisation)]
    if lesson.author_organisation_id != lesson.organisation_id:
        facts.append((_("Written by"), lesson.author_organisation))
    hidden = {_("Evidence"), _("Building blocks")}
    facts += [(label, text) for label, text in content_facts(lesson) if label not in hidden]
    if lesson.state != LessonState.PUBLISHED:
        facts.append((_("Shared with"), lesson.get_sharing_display()))
    elif for_member and lesson.audiences:
        facts.append((_("Published for"), audiences_in_words(lesson.audiences)))
    moment = lesson.published_at or lesson.changed_at
    label = _("Published") if lesson.published_at else _("Last changed")
    facts.append((label, date_format(timezone.localtime(moment), "j F Y")))
    if lesson.edition > 1:
        facts.append((_("Version"), str(lesson.edition)))
    return facts
