"""Asking the desk: what is known already first, then the question; with an account and without."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from activities.forms.desk_questions import MemberQuestionForm, PublicQuestionForm
from activities.models.desk_question import DeskQuestion
from activities.selectors.desk_suggest import Suggestion, suggestions
from activities.services.desk import asking
from activities.views.desk_common import add_errors
from cities.services.throttle import too_often
from cities.views.posting import posted
from governance.models.organisation import Group
from governance.services.ownership import organisations_for
from nss_portal.core.access import LinkActor, standing_of
from nss_portal.core.rendering import render

PER_HOUR = 20
SUGGESTED_PER_HOUR = 600
LONGEST_WORDS = 500
# What a page that comes in between must not send along.
NOT_KEPT = {"csrfmiddlewaretoken", "seen", "send", "back"}


def suggest(request: HttpRequest) -> HttpResponse:
    """The part of the form that shows what is known already; asked for while somebody types."""
    words = f"{request.GET.get('title', '')} {request.GET.get('text', '')}"[:LONGEST_WORDS]
    found: list[Suggestion] = []
    if not too_often(request, form="desk-suggest", most=SUGGESTED_PER_HOUR, seconds=3600):
        found = suggestions(request.user, words)
    context = {"found": found, "seen": _seen(found), "is_live": True}
    return render(request, "activities/desk/includes/suggested.html", context)


def _seen(found: list[Suggestion]) -> str:
    return ",".join(one.key for one in found)


@sensitive_post_parameters("email")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a question: for the own organisation, or by the public form."""
    form = _form(request)
    status = 200
    if request.method == "POST" and "back" not in request.POST:
        is_form = isinstance(form, PublicQuestionForm)
        if is_form and too_often(request, form="desk-question", most=PER_HOUR, seconds=3600):
            form.add_error(None, _("From here this form was sent often. Wait an hour and send it again."))
            status = 429
        elif form.is_valid():
            found = _unseen(request, form)
            if found:
                return _between(request, form, found)
            question = _receive(request, form)
            if question is not None:
                return _thank(request, question)
    if request.method == "POST" and "back" in request.POST:
        form.is_valid()
        form.errors.clear()
    context = {"form": form, "found": [], "seen": request.POST.get("seen", ""), "is_live": False}
    return render(request, "activities/desk/ask.html", context, status=status)


def _form(request: HttpRequest) -> Any:
    initial = {"title": request.GET.get("vraag", "").replace("\x00", "")[:160]}
    if not standing_of(request.user).organisations:
        return PublicQuestionForm(posted(request), initial=initial)
    organisations = organisations_for(request.user, "desk_question", "ask")
    has_city = organisations.filter(group=Group.MUNICIPALITY).exists()
    return MemberQuestionForm(posted(request), organisations=organisations, has_city=has_city, initial=initial)


def _unseen(request: HttpRequest, form: Any) -> list[Suggestion]:
    """Give what is known already, when there is something among it that the asker was not shown yet."""
    words = f"{form.cleaned_data['title']} {form.cleaned_data['text']}"[:LONGEST_WORDS]
    found = suggestions(request.user, words)
    known = set(request.POST.get("seen", "").split(","))
    return found if any(one.key not in known for one in found) else []


def _between(request: HttpRequest, form: Any, found: list[Suggestion]) -> HttpResponse:
    """Show what is known already before the question is sent; what was typed travels along in the page."""
    kept = [(key, value) for key in request.POST for value in request.POST.getlist(key) if key not in NOT_KEPT]
    known = request.POST.get("seen", "")
    context = {
        "found": found,
        "seen": f"{known},{_seen(found)}".strip(","),
        "kept": kept,
        "title": form.cleaned_data["title"],
    }
    return render(request, "activities/desk/known.html", context)


def _receive(request: HttpRequest, form: Any) -> DeskQuestion | None:
    values = {name: form.cleaned_data[name] for name in ("title", "text", "theme", "may_publish")}
    try:
        if isinstance(form, PublicQuestionForm):
            actor = LinkActor(label=_("visitor, by the public form"), organisation_id=None, purpose="form")
            more = {name: form.cleaned_data[name] for name in ("name", "email", "asker_from")}
            return asking.ask_by_form(actor=actor, **values, **more)
        return asking.ask(
            actor=request.user,
            organisation=form.cleaned_data["organisation"],
            ask_cities=form.cleaned_data.get("ask_cities", False),
            **values,
        )
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            add_errors(form, error)
        else:
            form.add_error(None, error)
        return None


def _thank(request: HttpRequest, question: DeskQuestion) -> HttpResponse:
    if question.has_account:
        text = _("The question is with {name}. You get a mail when there is an answer.")
        messages.success(request, text.format(name=question.holder.short_name or question.holder.name))
        return redirect(question)
    request.session["desk_asked"] = {"title": question.title, "email": question.asker_email}
    return redirect("activities:desk_asked")


def asked(request: HttpRequest) -> HttpResponse:
    """The receipt: what was received and what happens next."""
    found = request.session.get("desk_asked")
    if not found:
        return redirect(reverse("activities:desk_ask"))
    return render(request, "activities/desk/asked.html", {"asked": found})
