"""What is known about a bottleneck already: lessons that treat it, and what the desk answered on its subject."""

import re

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.utils.translation import gettext as _

from activities.models import DeskQuestion, Lesson
from activities.models.lesson import LessonState
from cities.models import Bottleneck
from nss_portal.core.access import Actor
from nss_portal.core.gathering import Rows, gather
from nss_portal.core.registry import Section, bottleneck_sections

ON_PAGE = 5
ANSWERS = 3
# Shorter words ('van', 'met') say nothing of what a bottleneck is about.
SHORTEST_WORD = 4

Line = tuple[str, dict[str, object]]


@bottleneck_sections.register
def known_about(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page published lessons about it, and public answers on the same theme in its words.

    One query.
    """
    lessons = (
        Lesson.objects.visible_to(actor)
        .filter(state=LessonState.PUBLISHED, bottlenecks=bottleneck)
        .order_by("-published_at", "-pk")
    )
    read = ("public_id", "title", "is_illustrative", "organisation__name")
    sources: list[Rows[Line]] = [Rows(lessons[:ON_PAGE], *read, each=_lesson)]
    words = re.findall(rf"\w{{{SHORTEST_WORD},}}", bottleneck.title)
    if words and bottleneck.theme_id is not None:
        query = SearchQuery(" or ".join(words), config="dutch", search_type="websearch")
        answers = (
            DeskQuestion.objects.published()
            .filter(theme=bottleneck.theme_id, public_search=query)
            .order_by(SearchRank("public_search", query).desc(), "-pk")
        )
        sources.append(Rows(answers[:ANSWERS], "public_id", "public_title", "is_illustrative", each=_answer))
    found = gather(sources)
    if not found:
        return None
    parts = [
        {"label": label, "rows": [row for kind, row in found if kind == label]}
        for label in dict.fromkeys(kind for kind, _row in found)
    ]
    return Section(
        key="bekend",
        title=_("What is known about it already"),
        template="activities/includes/known_about.html",
        context={"parts": parts},
        order=30,
    )


def _lesson(lesson: Lesson) -> Line:
    row = {
        "title": lesson.title,
        "url": lesson.get_absolute_url(),
        "detail": lesson.organisation.name,
        "is_illustrative": lesson.is_illustrative,
    }
    return _("Lessons"), row


def _answer(question: DeskQuestion) -> Line:
    row = {
        "title": question.public_title,
        "url": question.get_absolute_url(),
        "detail": "",
        "is_illustrative": question.is_illustrative,
    }
    return _("Answered by the desk on this theme"), row
