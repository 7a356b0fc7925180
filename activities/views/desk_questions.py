"""The register of questions, one question, and how soon they are answered."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from activities.filters.desk_questions import QuestionFilter
from activities.models.desk_question import DeskQuestion, QuestionState
from activities.presenting.desk_questions import message_rows, question_facts, question_steps, time_rows
from activities.selectors.desk_questions import (
    QUESTION_TONES,
    answer_times,
    messages_of,
    question_rows,
    sees_whole,
    theme_labels,
)
from activities.services.desk.voices import handles
from activities.views.desk_steps import Action, actions_for, find_question
from nss_portal.core.access import may, standing_of
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render

PER_PAGE = 25
ORDERINGS = {
    "": ("-received_at", "-pk"),
    "ontvangen": ("received_at", "pk"),
    "-ontvangen": ("-received_at", "-pk"),
    "antwoord": ("due_on", "pk"),
    "-antwoord": ("-due_on", "-pk"),
}


def question_list(request: HttpRequest) -> HttpResponse:
    """The register: what is public, and what somebody asked, has or handles."""
    body = kept_part(request, "activities/desk/includes/question_list_body.html", lambda: _list_context(request))
    return render(request, "activities/desk/question_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[""])
    visible = DeskQuestion.objects.visible_to(request.user).order_by(*ordering)
    found = QuestionFilter(request.GET, queryset=visible, request=request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": found,
        "page_obj": page,
        "rows": question_rows(page.object_list, request.user, theme_labels()),  # type: ignore[arg-type]
        "is_member": bool(standing_of(request.user).organisations),
        "may_route": may(request.user, "desk_route", "change"),
    }


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One question: in the asker's words for who takes part in it, else what everybody reads."""
    question = find_question(request, public_id)
    is_whole = sees_whole(request.user, question)
    body = kept_part(
        request,
        "activities/desk/includes/question_body.html",
        lambda: question_context(question, request.user, is_whole=is_whole),
    )
    title = question.title if is_whole else question.public_title
    return render(request, "activities/desk/question.html", {"body": body, "title": title})


def question_context(question: DeskQuestion, actor: Any, *, is_whole: bool) -> dict[str, Any]:
    """Give what the page of a question shows to an actor, who reads it whole or as everybody does."""
    is_handler = is_whole and handles(actor, question)
    found = messages_of(question, with_notes=is_handler) if is_whole else []
    invites = list(question.invites.select_related("organisation")) if is_whole else []
    actions: list[Action] = actions_for(actor, question, invites) if is_whole else []
    strong = next((one for one in actions if one.is_strong), None)
    return {
        "question": question,
        "title": question.title if is_whole else question.public_title,
        "text": question.text if is_whole else question.public_text,
        "is_whole": is_whole,
        "is_handler": is_handler,
        "tone": QUESTION_TONES[QuestionState(question.state)],
        "steps": question_steps(question) if is_whole else [],
        "facts": question_facts(question, with_asker=is_handler, is_whole=is_whole),
        "messages_shown": message_rows(found, with_people=is_handler),
        "invites": invites,
        "joined": list(question.joined.select_related("holder")) if is_handler else [],
        "strong": strong,
        "actions": [one for one in actions if one is not strong],
        "link_token": "",
    }


def times(request: HttpRequest) -> HttpResponse:
    """How soon questions are answered, per organisation and per theme; open to everybody."""
    body = kept_part(request, "activities/desk/includes/times_body.html", _times)
    return render(request, "activities/desk/times.html", {"body": body})


def _times() -> dict[str, Any]:
    parts = [
        {"title": _("By organisation"), "rows": time_rows(answer_times("holder"))},
        {"title": _("By theme"), "rows": time_rows(answer_times("theme"))},
    ]
    return {"parts": parts}
