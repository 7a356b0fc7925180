"""The personal link of an asker without an account: confirm the address, follow the question, react."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models.desk_question import DeskQuestion
from activities.services.desk import asking
from activities.views.desk_questions import question_context
from activities.views.desk_steps import take_step
from nss_portal.core.rendering import render


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "activities/desk/link_invalid.html", status=404)


def link(request: HttpRequest, token: str) -> HttpResponse:
    """Follow a question. Opening the link changes nothing, since mail programs open links; a button confirms."""
    question = asking.question_of_link(token)
    if question is None:
        return _gone(request)
    actor = asking.asker(question)
    if question.verified_at is None:
        return _confirm(request, question, token)
    context = {**question_context(question, actor, is_whole=True), "link_token": token}
    body = render_to_string("activities/desk/includes/question_body.html", context, request)
    response = render(request, "activities/desk/question.html", {"body": body, "title": question.title})
    response["Referrer-Policy"] = "no-referrer"
    return response


def _confirm(request: HttpRequest, question: DeskQuestion, token: str) -> HttpResponse:
    if request.method == "POST":
        asking.verify_address(actor=asking.asker(question), question=question)
        messages.success(request, _("Thank you. The desk has the question now."))
        return redirect("activities:desk_link", token=token)
    return render(request, "activities/desk/link_confirm.html", {"question": question})


def link_step(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A step of the asker by the personal link."""
    question = asking.question_of_link(token)
    if question is None:
        return _gone(request)
    back = reverse("activities:desk_link", args=[token])
    return take_step(request, question, asking.asker(question), name, back)
