"""The coordination team runs a call: its days, its questions, its marks, the yearly update, its analysis."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cities.forms.eoi_call import CallForm, FileForm, UpdateForm
from cities.forms.reasons import ReasonForm
from cities.models import EoiCall, EoiOption
from cities.presenting_eoi import require_calls_manager
from cities.services.eoi import calls
from cities.services.eoi.questionnaire_file import BadQuestionnaire
from cities.views.posting import posted
from cities.workflow import EOI_CALL
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def managed(request: HttpRequest, code: str) -> EoiCall:
    """Give a call for whoever runs calls: 404 when it is not visible, 403 for others."""
    call = get_object_or_404(EoiCall.objects.visible_to(request.user), code=code)
    require_calls_manager(request.user)
    return call


def conflict_rows(form: forms.Form, record: object) -> list[dict[str, Any]]:
    """Give the fields that differ from what is saved now, for conflict.html."""
    return [
        {"label": field.label, "mine": form.cleaned_data[name], "theirs": getattr(record, name)}
        for name, field in form.fields.items()
        if name in form.cleaned_data and hasattr(record, name) and name != "version"
        if form.cleaned_data[name] != getattr(record, name)
    ]


def again(request: HttpRequest, form: forms.Form, version: int, **options: Any) -> forms.Form:
    """Give a form again with what was typed, now on top of what a colleague saved."""
    data = request.POST.copy()
    data["version"] = str(version)
    return type(form)(data, **options)


def form_page(
    request: HttpRequest, call: EoiCall | None, title: str, form: forms.Form, **rest: Any
) -> HttpResponse:
    """Show one form of the coordination team."""
    context = {"intro": "", "conflict": [], "problems": [], "back_url": "", "action": _("Save"), **rest}
    context |= {"call": call, "title": title, "form": form}
    if not context["back_url"]:
        context["back_url"] = call.get_absolute_url() if call else reverse("cities:eoi")
    return render(request, "cities/eoi/form.html", context, status=rest.get("status", 200))


def new(request: HttpRequest) -> HttpResponse:
    """Prepare a call: the questions of the last one are copied."""
    require_calls_manager(request.user)
    last = EoiCall.objects.order_by("-year", "-pk").first()
    form = CallForm(posted(request), initial={"version": 1, "source": last.source if last else ""})
    if request.method == "POST" and form.is_valid():
        made = calls.create_call(actor=request.user, facts=form.facts(), copy_of=last)
        messages.success(request, _("The call is prepared. Look at its questions, then open it."))
        return redirect(made)
    intro = _("The questions of '{name}' are copied; change them afterwards.").format(name=last) if last else ""
    return form_page(request, None, _("Prepare a call"), form, intro=intro, action=_("Prepare the call"))


def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change name, introduction and days."""
    call = managed(request, code)
    initial = {name: getattr(call, name) for name in (*calls.FACTS, "version")}
    form: forms.Form = CallForm(posted(request), initial=initial)
    rest: dict[str, Any] = {}
    if request.method == "POST" and isinstance(form, CallForm) and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            calls.change_call(actor=request.user, call=call, version=version, facts=form.facts())
            messages.success(request, _("The changes are saved."))
            return redirect(call)
        except EditConflict as error:
            fresh = error.record
            rest = {"conflict": conflict_rows(form, fresh), "status": 409}
            form = again(request, form, getattr(fresh, "version", 0))
    return form_page(request, call, _("Change the call"), form, **rest)


def move(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Open, close or reopen a call."""
    call = managed(request, code)
    chosen = next((each for each in EOI_CALL.open_steps(call) if each.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request)) if chosen.needs_reason else None
    problem = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        try:
            calls.move_call(actor=request.user, call=call, step=step, reason=reason)
            return redirect(call)
        except TransitionRefused as error:
            problem = str(error)
    if problem:
        messages.error(request, problem)
    consequences = {
        "open": _("From its first day on, cities are asked to hand in; it stands in their work."),
        "close": _("Cities can hand in no more. Drafts stay, and can be read by their own city."),
        "reopen": _("Cities can hand in again, up to and including the last day of the call."),
    }
    context: dict[str, Any] = {
        "title": str(chosen.label),
        "intro": str(call),
        "consequences": [consequences[step]],
        "form": form,
    }
    context |= {"action": str(chosen.label), "back_url": call.get_absolute_url(), "danger": step == "close"}
    return render(request, "components/confirm.html", context, status=422 if problem else 200)


def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Show the analysis to everybody, or take it back."""
    call = managed(request, code)
    to_published = not call.analysis_published
    if request.method == "POST":
        calls.publish_analysis(actor=request.user, call=call, is_published=to_published)
        return redirect(call)
    if to_published:
        text = _(
            "Everybody sees how often each answer was given. Which city said what stays with who may read it."
        )
    else:
        text = _("Only members of the network see the analysis from now on.")
    title = _("Publish the analysis?") if to_published else _("Take the analysis back?")
    action = _("Publish the analysis") if to_published else _("Take the analysis back")
    context: dict[str, Any] = {"title": title, "intro": str(call), "consequences": [text], "action": action}
    context |= {"back_url": call.get_absolute_url(), "danger": not to_published}
    return render(request, "components/confirm.html", context)


def ask_update(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the cities of a call whether their answers have changed."""
    call = managed(request, code)
    form = UpdateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            calls.ask_update(actor=request.user, call=call, **form.cleaned_data)
            messages.success(request, _("The cities of this call find it in their work."))
            return redirect(call)
        except ValidationError as error:
            form.add_error(None, error)
    intro = _("Cities that handed in get their own answers back and say per theme whether they have changed.")
    return form_page(request, call, _("Ask for the yearly update"), form, intro=intro, action=_("Ask the cities"))


def marks(request: HttpRequest, code: str) -> HttpResponse:
    """Mark which options NZC covers already, and which ask for a Dutch translation."""
    call = managed(request, code)
    status = 200
    if request.method == "POST":
        covered, asked = _numbers(request, "nzc"), _numbers(request, "nl")
        version = request.POST.get("version", "")
        try:
            calls.change_marks(
                actor=request.user,
                call=call,
                version=int(version) if version.isdecimal() else -1,
                nzc_covers=covered,
                asks_translation=asked,
            )
            messages.success(request, _("The marks are saved."))
            return redirect(call)
        except EditConflict:
            text = _("A colleague changed the questionnaire in the meantime. Your marks stand below; save again.")
            messages.error(request, text)
            call.refresh_from_db()
            status = 409
    options = EoiOption.objects.filter(question__call=call, is_withdrawn=False, question__is_withdrawn=False)
    rows = list(options.select_related("question").order_by("question__order", "question__pk", "order", "pk"))
    if status == 409:
        for option in rows:
            option.nzc_covers, option.asks_translation = option.pk in covered, option.pk in asked
    return render(request, "cities/eoi/marks.html", {"call": call, "options": rows}, status=status)


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return {int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 15}


def load_file(request: HttpRequest, code: str) -> HttpResponse:
    """Put the questionnaire of a file in the place of the present one."""
    call = managed(request, code)
    form = FileForm(posted(request), request.FILES or None, initial={"version": call.version})
    problems: list[str] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        content, version = form.cleaned_data["file"], form.cleaned_data["version"]
        try:
            calls.load_questionnaire(actor=request.user, call=call, version=version, content=content)
            messages.success(request, _("The questions of the file stand in the call."))
            return redirect("cities:eoi_questions", code=code)
        except BadQuestionnaire as error:
            problems, status = error.problems, 422
        except EditConflict:
            problems, status = [_("A colleague changed the questionnaire in the meantime. Look at it first.")], 409
    back = reverse("cities:eoi_questions", args=[code])
    intro = _("All present questions of this call are replaced. A file with a fault changes nothing.")
    rest = {"intro": intro, "problems": problems, "action": _("Replace the questions"), "back_url": back}
    return form_page(request, call, _("Questions from a file"), form, is_file=True, status=status, **rest)


Posted = Callable[[HttpRequest, EoiCall, int], None]


def posted_version(request: HttpRequest) -> int:
    """Give the version that a small form carries, -1 for none."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else -1


@require_POST
def small_step(request: HttpRequest, code: str, act: Posted) -> HttpResponse:
    """Carry out one press of a button on the list of questions, and go back to it."""
    call = managed(request, code)
    try:
        act(request, call, posted_version(request))
    except EditConflict:
        messages.error(request, _("A colleague changed the questionnaire in the meantime. Look at it first."))
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("cities:eoi_questions", code=code)
