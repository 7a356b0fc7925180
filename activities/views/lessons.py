"""The register of lessons and the page of one."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.filters.lessons import DEFAULT_ORDERING, ORDERINGS, LessonFilter
from activities.forms.lessons import shown_link
from activities.models import Lesson
from activities.models.knowledge import KnowledgeProduct
from activities.models.lesson import UNDER_WAY, LessonState
from activities.presenting.lesson_text import paragraphs, threads_of
from activities.presenting.lessons import (
    LESSON_TONES,
    ROW,
    lesson_facts,
    lesson_rows,
    lesson_steps,
    use_in_words,
)
from activities.selectors.lessons import my_uses, revision_under_way, rights_of, with_rights, withdrawn_notice
from activities.sheets.lessons import lessons_sheet
from activities.workflow import open_steps
from cities.models import Bottleneck
from cities.presenting import knows_people, transition_history
from nss_portal.core.access import may
from nss_portal.core.exports import csv_bytes
from nss_portal.core.files import files_of
from nss_portal.core.files.kinds import ending
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50
# The step that stands as the strong button; the others are links.
STRONG = ("release", "take_up", "publish", "take_over")


def _selection(request: HttpRequest) -> LessonFilter:
    """Give what the address asks for out of what the person may see, own drafts included."""
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[DEFAULT_ORDERING])
    visible = Lesson.objects.visible_to(request.user).listed().order_by(*ordering, "-pk")
    return LessonFilter(request.GET, queryset=visible, request=request)


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    """The register: filtered and sorted as the address says."""
    body = KeptPart(request, "lessons", lambda: _list_context(request))
    return render(request, "activities/lesson_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    page = Paginator(found.qs.values_list(*ROW), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "filter": found,
        "page_obj": page,
        "rows": lesson_rows(page.object_list),  # type: ignore[arg-type]
        "default_ordering": DEFAULT_ORDERING,
        "download_url": f"{reverse('activities:lessons_csv')}?{query.urlencode()}",
        "may_write": may(request.user, "lesson", "write"),
        "is_member": knows_people(request.user),
    }


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """The published lessons of the selection as CSV, whole."""
    published = _selection(request).qs.published()
    response = HttpResponse(csv_bytes(lessons_sheet(published)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="lessen.csv"'
    return response


def visible_lesson(request: HttpRequest, public_id: str) -> Lesson:
    """Give a lesson that the person may see, with what they may do with it, or 404."""
    seen = with_rights(Lesson.objects.visible_to(request.user), request.user)
    return get_object_or_404(
        seen.select_related("organisation", "author_organisation", "theme", "revision_of"), public_id=public_id
    )


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One lesson to read, with where it stands and the next step for who may take it.

    Who had one that was withdrawn reads that it was, and why; a new version that went into its lesson leads there.
    """
    try:
        lesson = visible_lesson(request, public_id)
    except Http404:
        notice = withdrawn_notice(request.user, public_id)
        if notice is None:
            raise
        return render(request, "activities/lesson_withdrawn.html", {"notice": notice})
    if lesson.state == LessonState.TAKEN_OVER and lesson.revision_of is not None:
        return redirect(lesson.revision_of)
    body = KeptPart(request, "lesson", lambda: _record_context(request, lesson))
    return render(request, "activities/lesson.html", {"body": body, "lesson": lesson})


def _record_context(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    rights = rights_of(lesson)
    steps = [step for step in open_steps(lesson) if step.action in rights]
    labels = {state.value: str(state.label) for state in LessonState}
    is_published = lesson.state == LessonState.PUBLISHED
    is_reader = is_published and not rights
    history = [] if is_reader else transition_history(lesson, labels, with_people=True)
    wanted = "write" if lesson.state == LessonState.DRAFT else "publish"
    return {
        "tone": LESSON_TONES[LessonState(lesson.state)],
        "facts": lesson_facts(lesson, for_member=knows_people(request.user)),
        "way": [] if is_published else lesson_steps(lesson),
        "strong": next((step for step in steps if step.name in STRONG), None),
        "moves": [step for step in steps if step.name not in STRONG],
        "may_edit": lesson.state in UNDER_WAY and wanted in rights,
        "may_publish": "publish" in rights,
        "may_revise": is_published and "write" in rights,
        "revision": revision_under_way(lesson) if is_published and rights else None,
        "is_draft": lesson.state == LessonState.DRAFT,
        "is_reader": is_reader,
        "history": history,
        "withdrawn_because": history[0]["reason"] if history and lesson.state == LessonState.WITHDRAWN else "",
        **_texts(lesson, may_comment="write" in rights and lesson.state in UNDER_WAY),
        **_around(request, lesson),
    }


def _texts(lesson: Lesson, *, may_comment: bool) -> dict[str, Any]:
    """Give the texts, with the comments in them for who takes part in those."""
    threads = threads_of(lesson) if may_comment else []
    parts = [
        (name, label, text)
        for name, label, text in (
            ("what_worked", _("What worked"), lesson.what_worked),
            ("what_failed", _("What did not work"), lesson.what_failed),
        )
        if text.strip()
    ]
    return {
        "may_comment": may_comment,
        "threads": [thread for thread in threads if not thread["is_settled"]],
        "settled": [thread for thread in threads if thread["is_settled"]],
        "texts": [
            {"field": name, "label": label, "paragraphs": paragraphs(name, text, threads)}
            for name, label, text in parts
        ],
    }


def _around(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Give what stands beside the texts: evidence, what it is about, who uses it. Up to six queries."""
    treated = Bottleneck.objects.visible_to(request.user).filter(lessons=lesson)
    products = KnowledgeProduct.objects.visible_to(request.user).listed().filter(lessons=lesson)
    uses = lesson.uses.exclude(outcome="").select_related("organisation") if knows_people(request.user) else ()
    return {
        "evidence": [shown_link(row) for row in lesson.evidence],
        "files": [{"file": one, "kind": ending(one.name).upper()} for one in files_of(lesson)],
        "blocks": list(lesson.building_blocks.select_related("step")),
        "bottlenecks": list(treated.order_by("title", "pk")[:10]),
        "products": list(products.order_by("title", "pk")[:10]),
        "uses": list(uses),
        "use_in_words": use_in_words(lesson),
        "mine": my_uses(request.user, lesson),
    }
