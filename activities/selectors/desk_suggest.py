"""Answers that are known already, out of a question's own words: published answers, lessons, the directory."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext as _

from activities.models import DirectoryEntry, Lesson
from activities.models.lesson import LessonState
from activities.selectors.desk_questions import LEAST_LIKENESS, published_like
from cities.selectors_bottlenecks import AsQuery, Matches, Word, likeness_of, quoted, rare_enough, words_of
from nss_portal.core.access import Actor

PER_KIND = 3
LONGEST_SHOWN = 180
MOST_CANDIDATES = 300


@dataclass(frozen=True)
class Suggestion:
    """Something that answers a question perhaps: what it is, where it is, how it begins. `key` names it."""

    key: str
    kind: str
    title: str
    url: str
    text: str = ""
    detail: str = ""


def suggestions(actor: Actor, text: str) -> list[Suggestion]:
    """Give what a question resembles, out of what the actor may read; published answers first."""
    words = words_of(text)
    if not words:
        return []
    answers = [
        Suggestion(
            f"v{one.public_id}",
            _("answered before"),
            one.public_title,
            one.get_absolute_url(),
            _begin(one.public_answer),
            _("illustrative") if one.is_illustrative else "",
        )
        for one in published_like(text, PER_KIND)
    ]
    return [*answers, *_lessons(actor, words), *_entries(words)]


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN].rsplit(' ', 1)[0]} …"


def _ranked(records: QuerySet[Any], words: list[Word]) -> list[Any]:
    query = AsQuery(Value(" | ".join(map(quoted, rare_enough(words)))))
    keys = list(
        records.filter(Matches(F("search"), query)).order_by("-pk").values_list("pk", flat=True)[:MOST_CANDIDATES]
    )
    found = records.model._default_manager.filter(pk__in=keys).annotate(likeness=likeness_of(words))
    return [one for one in found.order_by("-likeness", "-pk")[:PER_KIND] if one.likeness >= LEAST_LIKENESS]


def _lessons(actor: Actor, words: list[Word]) -> list[Suggestion]:
    published = Lesson.objects.visible_to(actor).filter(state=LessonState.PUBLISHED)
    return [
        Suggestion(f"l{one.public_id}", _("lesson"), one.title, one.get_absolute_url(), _begin(one.what_worked))
        for one in _ranked(published, words)
    ]


def _entries(words: list[Word]) -> list[Suggestion]:
    return [
        Suggestion(
            f"w{one.public_id}",
            one.get_kind_display(),
            one.local_name,
            one.get_absolute_url(),
            _begin(one.description),
            one.run_by,
        )
        for one in _ranked(DirectoryEntry.objects.listed(), words)
    ]
