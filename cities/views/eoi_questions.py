"""The questions of a call, edited by the coordination team."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.forms.eoi_call import (
    NewOptionForm,
    NewQuestionForm,
    OptionForm,
    QuestionForm,
    option_initial,
    question_initial,
)
from cities.models import EoiCall, EoiOption, EoiQuestion
from cities.models.eoi import WITH_OPTIONS
from cities.services.eoi import questions
from cities.services.eoi.calls import has_answers
from cities.views.eoi_manage import again, conflict_rows, form_page, managed, small_step
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render


def _questions(call: EoiCall) -> QuerySet[EoiQuestion]:
    return call.questions.prefetch_related("options")


def _question(call: EoiCall, code: str) -> EoiQuestion:
    question = get_object_or_404(_questions(call), code=code)
    question.call = call
    return question


def _option(question: EoiQuestion, code: str) -> EoiOption:
    option = get_object_or_404(question.options.all(), code=code)
    option.question = question
    return option


def overview(request: HttpRequest, code: str) -> HttpResponse:
    """All questions with their options: what can still change, and how."""
    call = managed(request, code)
    context = {
        "call": call,
        "questions": list(_questions(call)),
        "is_fixed": has_answers(call),
        "has_drafts": call.submissions.exists(),
        "with_options": WITH_OPTIONS,
    }
    return render(request, "cities/eoi/questions.html", context)


def _list_url(code: str) -> str:
    return reverse("cities:eoi_questions", args=[code])


def new_question(request: HttpRequest, code: str) -> HttpResponse:
    """Add a question at the end."""
    call = managed(request, code)
    form = NewQuestionForm(posted(request), initial={"version": call.version})
    rest: dict[str, Any] = {"back_url": _list_url(code), "action": _("Add the question")}
    if request.method == "POST" and form.is_valid():
        version, new_code = form.cleaned_data["version"], form.cleaned_data["code"]
        try:
            questions.add_question(
                actor=request.user, call=call, version=version, code=new_code, values=form.values()
            )
            return redirect("cities:eoi_question", code=code, question=new_code)
        except EditConflict as error:
            return _overtaken(request, call, _("Add a question"), form, error, rest)
        except ValidationError as error:
            form.add_error(None, error)
    return form_page(request, call, _("Add a question"), form, **rest)


def question(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """Change a question."""
    call = managed(request, code)
    found = _question(call, question)
    fixed = has_answers(call)
    form = QuestionForm(posted(request), initial=question_initial(found, call.version), texts_only=fixed)
    rest: dict[str, Any] = {"back_url": _list_url(code)}
    if fixed:
        rest["intro"] = _("Cities have handed in already. From now on only texts can change.")
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            questions.change_question(actor=request.user, question=found, version=version, values=form.values())
            messages.success(request, _("The changes are saved."))
            return redirect("cities:eoi_questions", code=code)
        except EditConflict as error:
            rest["conflict"] = conflict_rows(form, _question(call, question))
            return _overtaken(request, call, found.label, form, error, rest, texts_only=fixed)
        except NotAllowed as error:
            form.add_error(None, str(error))
    return form_page(request, call, found.label, form, **rest)


def new_option(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """Add an option at the end of a question."""
    call = managed(request, code)
    found = _question(call, question)
    if found.kind not in WITH_OPTIONS:
        raise Http404
    form = NewOptionForm(posted(request), initial={"version": call.version})
    rest: dict[str, Any] = {"back_url": _list_url(code), "action": _("Add the option"), "intro": found.label}
    if request.method == "POST" and form.is_valid():
        version, new_code = form.cleaned_data["version"], form.cleaned_data["code"]
        try:
            questions.add_option(
                actor=request.user, question=found, version=version, code=new_code, values=form.values()
            )
            return redirect("cities:eoi_questions", code=code)
        except EditConflict as error:
            return _overtaken(request, call, _("Add an option"), form, error, rest)
        except ValidationError as error:
            form.add_error(None, error)
    return form_page(request, call, _("Add an option"), form, **rest)


def option(request: HttpRequest, code: str, question: str, option: str) -> HttpResponse:
    """Change the texts of an option."""
    call = managed(request, code)
    found = _option(_question(call, question), option)
    form = OptionForm(posted(request), initial=option_initial(found, call.version))
    rest: dict[str, Any] = {"back_url": _list_url(code), "intro": found.question.label}
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            questions.change_option(actor=request.user, option=found, version=version, values=form.values())
            messages.success(request, _("The changes are saved."))
            return redirect("cities:eoi_questions", code=code)
        except EditConflict as error:
            rest["conflict"] = conflict_rows(form, _option(found.question, option))
            return _overtaken(request, call, found.label, form, error, rest)
    return form_page(request, call, found.label, form, **rest)


def _overtaken(
    request: HttpRequest,
    call: EoiCall,
    title: str,
    form: forms.Form,
    error: EditConflict,
    rest: dict[str, Any],
    **options: Any,
) -> HttpResponse:
    """Show the form again with what was typed, on top of the call as it is now."""
    rest = {"conflict": [], **rest}
    if not rest["conflict"]:
        rest["problems"] = [_("A colleague changed the questionnaire in the meantime. Look, and save again.")]
    fresh = again(request, form, getattr(error.record, "version", 0), **options)
    return form_page(request, call, title, fresh, status=409, **rest)


def move_question(request: HttpRequest, code: str, question: str, way: str) -> HttpResponse:
    """Put a question one place up or down, take it out, or bring it back."""
    return _moved(request, code, question, "", way)


def move_option(request: HttpRequest, code: str, question: str, option: str, way: str) -> HttpResponse:
    """Put an option one place up or down, take it out, or bring it back."""
    return _moved(request, code, question, option, way)


WAYS = ("omhoog", "omlaag", "intrekken", "terughalen")


def _moved(request: HttpRequest, code: str, question: str, option: str, way: str) -> HttpResponse:
    if way not in WAYS:
        raise Http404

    def act(request: HttpRequest, call: EoiCall, version: int) -> None:
        found = _question(call, question)
        part = _option(found, option) if option else found
        if way in {"omhoog", "omlaag"}:
            questions.move(actor=request.user, part=part, version=version, up=way == "omhoog")
        else:
            questions.withdraw(actor=request.user, part=part, version=version, is_withdrawn=way == "intrekken")

    return small_step(request, code, act)
