"""The front page of the desk: search first, then ask."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activities.models import DeskQuestion, Lesson
from activities.models.desk import DirectoryEntry
from activities.models.lesson import LessonState
from activities.selectors.desk import directory_rows
from activities.selectors.desk_questions import question_rows, theme_labels, with_question_words
from activities.selectors.desk_search import with_words
from nss_portal.core.access import standing_of
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today

SHOWN = 5
LONGEST_SEARCH = 100


def desk(request: HttpRequest) -> HttpResponse:
    """What is known already, found by one's own words; the newest answers; what closes soon."""
    body = kept_part(request, "activities/desk/includes/desk_body.html", lambda: _context(request))
    return render(request, "activities/desk/desk.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    language = get_language() or "nl"
    listed = DirectoryEntry.objects.visible_to(request.user).listed()
    soon = listed.money().filter(deadline__gte=today()).order_by("deadline", "name")[:SHOWN]
    return {
        "words": words,
        "found": _found(request, words, language) if words else [],
        "answers": [] if words else _answers(),
        "soon": [] if words else directory_rows(soon, language),
        "is_member": bool(standing_of(request.user).organisations),
    }


def _answers() -> list[dict[str, Any]]:
    """Give the answers that became public last. One query."""
    newest = DeskQuestion.objects.published().order_by("-published_at", "-pk")
    fields = ("public_id", "public_title", "holder__short_name", "holder__name", "is_illustrative")
    return [
        {
            "url": reverse("activities:desk_question", args=[code]),
            "title": title,
            "detail": short or name,
            "made_up": made_up,
        }
        for code, title, short, name, made_up in newest.values_list(*fields)[:SHOWN]
    ]


def _found(request: HttpRequest, words: str, language: str) -> list[dict[str, Any]]:
    """Give what holds all words, in three parts: questions, the directory, lessons. Seven queries at most."""
    questions = with_question_words(DeskQuestion.objects.visible_to(request.user), request.user, words)
    asked = question_rows(questions.order_by("-received_at", "-pk")[:SHOWN], request.user, theme_labels())
    entries = with_words(DirectoryEntry.objects.visible_to(request.user).listed(), words, "search")
    published = Lesson.objects.visible_to(request.user).filter(state=LessonState.PUBLISHED)
    lessons = with_words(published, words, "search").select_related("organisation")[:SHOWN]
    parts = [
        {
            "title": _("Questions and answers"),
            "rows": [
                {
                    "url": reverse("activities:desk_question", args=[row["public_id"]]),
                    "title": row["title"],
                    "detail": f"{row['state']} · {row['holder']}",
                    "made_up": row["made_up"],
                }
                for row in asked
            ],
        },
        {
            "title": _("Directory"),
            "rows": [
                {
                    "url": reverse("activities:desk_entry", args=[row["public_id"]]),
                    "title": row["name"],
                    "detail": f"{row['kind']} · {row['run_by']}",
                    "made_up": row["made_up"],
                }
                for row in directory_rows(entries[: 2 * SHOWN], language)
            ],
        },
        {
            "title": _("Lessons"),
            "rows": [
                {
                    "url": lesson.get_absolute_url(),
                    "title": lesson.title,
                    "detail": str(lesson.organisation),
                    "made_up": lesson.is_illustrative,
                }
                for lesson in lessons
            ],
        },
    ]
    return [part for part in parts if part["rows"]]
