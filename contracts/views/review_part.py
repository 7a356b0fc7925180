"""One party's part of a review: an overview, one promise a screen, a last look, and a receipt."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts.forms.review import EffortForm, parse_kt
from contracts.models import Effort
from contracts.models.review import PartState
from contracts.presenting.review import EffortView, PartView, conflict_rows
from contracts.selectors.review import chosen_bottleneck, effect_of, efforts_of, known_already
from contracts.services.review.answers import TEXT_LIMIT, save_effort
from contracts.services.review.answers import same_as_last_year as take_over
from contracts.services.review.bulk import all_same_as_last_year
from contracts.services.review.errors import AnswerRefused, AnswersMissing, Overtaken, ReviewRefused
from contracts.services.review.parts import reopen_part, submit_part
from contracts.views.review_door import Door, PartPage, by_account, by_link
from contracts.views.review_table import table, table_file
from nss_portal.core.rendering import render


@require_GET
def part(request: HttpRequest, door: Door) -> HttpResponse:
    """The whole part: what is asked, how far it is, where to go on."""
    view = PartView(door, efforts_of(door.part))
    return render(request, "contracts/review/part.html", {"door": door, "view": view})


@require_http_methods(["GET", "POST"])
def effort(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    """One promise: what was said last year, and how it stands now."""
    efforts = efforts_of(door.part)
    if not 1 <= number <= len(efforts):
        raise Http404
    if not door.is_open and request.method == "GET":
        return redirect(door.url())
    current = EffortView(door, efforts, number)
    if request.method == "GET":
        return _effort_page(request, current, current.form())
    form = current.form(request.POST)
    if not form.is_valid():
        return _effort_page(request, current, form, status=422)
    return _save(request, current, form)


def _save(request: HttpRequest, current: EffortView, form: EffortForm) -> HttpResponse:
    door, later = current.door, request.POST.get("then") == "later"
    try:
        save_effort(
            effort=current.effort,
            answer=form.answer(),
            revision=form.cleaned_data["version"],
            actor=door.actor,
            final=not later,
        )
    except AnswerRefused as error:
        form.show(error.problems)
        return _effort_page(request, current, form, status=422)
    except Overtaken as error:
        return _overtaken(request, current, form, error)
    except ReviewRefused as error:
        return _effort_page(request, current, form, status=409, refusal=str(error))
    if later:
        messages.success(request, _("Saved. You can go on where you stopped."))
        return redirect(door.url())
    return redirect(current.next_url)


def _overtaken(request: HttpRequest, current: EffortView, form: EffortForm, error: Overtaken) -> HttpResponse:
    """Show both texts; saving again then replaces the colleague's knowingly."""
    theirs = error.current
    assert isinstance(theirs, Effort)  # noqa: S101 - save_effort raises it with an effort
    context = {"conflict": conflict_rows(form, theirs), "who": theirs.updated_by_label}
    data = request.POST.copy()
    data["version"] = str(theirs.revision)
    return _effort_page(request, current, current.form(data), status=409, **context)


def _effort_page(
    request: HttpRequest, current: EffortView, form: EffortForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context = {
        "refusal": "",
        "conflict": [],
        "who": "",
        **context,
        "door": current.door,
        "view": current,
        "form": form,
    }
    return render(request, "contracts/review/effort.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    """Keep a draft while somebody types: all that can be read, whatever else is wrong. Answers JSON."""
    efforts = efforts_of(door.part)
    if not 1 <= number <= len(efforts):
        raise Http404
    current = EffortView(door, efforts, number)
    form = current.form(request.POST)
    valid = form.is_valid()
    try:
        saved = save_effort(
            effort=current.effort,
            answer=form.readable_answer(),
            revision=form.cleaned_data.get("version", -1),
            actor=door.actor,
        )
    except ReviewRefused as error:
        return JsonResponse({"message": str(error)}, status=409)
    moment = date_format(timezone.localtime(saved.updated_at or timezone.now()), "H.i")
    if not valid:
        wrong = ", ".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
        moment = _("%(time)s, but not yet: %(fields)s") % {"time": moment, "fields": wrong}
    return JsonResponse({"saved_at": moment, "version": saved.revision})


@require_GET
def effect(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    """Say what the contract comes to with the number that is being typed; a fragment of the page."""
    efforts = efforts_of(door.part)
    if not 1 <= number <= len(efforts):
        raise Http404
    value: Decimal | None = None
    try:
        value = parse_kt(request.GET.get("expected_kt", "")[:40])
    except ValidationError:
        value = None
    context = {"effect": effect_of(efforts[number - 1], value), "effort": efforts[number - 1]}
    return render(request, "contracts/review/_effect.html", context)


@require_GET
def similar(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    """Say which bottlenecks the obstacle that is being typed resembles; a fragment of the page."""
    efforts = efforts_of(door.part)
    if not 1 <= number <= len(efforts):
        raise Http404
    current = efforts[number - 1]
    found = known_already(current, request.GET.get("obstacle", "")[:TEXT_LIMIT], door.actor)
    chosen = chosen_bottleneck(current, door.actor, request.GET.get("bottleneck"))
    return render(request, "contracts/review/_similar.html", {"similar": found, "chosen": chosen})


@require_POST
def same(request: HttpRequest, door: Door, number: int) -> HttpResponse:
    """Take over last year's answer with one click, where that was 'on course'."""
    efforts = efforts_of(door.part)
    if not 1 <= number <= len(efforts):
        raise Http404
    current = EffortView(door, efforts, number)
    try:
        take_over(effort=current.effort, revision=_revision(request), actor=door.actor)
    except ReviewRefused as error:
        messages.error(request, str(error))
        return redirect(door.url("effort", number=number) if door.is_open else door.url())
    return redirect(current.next_url)


@require_POST
def same_for_all(request: HttpRequest, door: Door) -> HttpResponse:
    """Take over last year's answers for all that was on course then and has no answer yet."""
    try:
        count = all_same_as_last_year(part=door.part, actor=door.actor)
    except ReviewRefused as error:
        messages.error(request, str(error))
        return redirect(door.url())
    if count:
        messages.success(
            request, _("Taken over from last year: %(count)d. Look at them before you hand in.") % {"count": count}
        )
    return redirect(door.url("table" if request.POST.get("then") == "table" else "part"))


def _revision(request: HttpRequest) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return -1


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, door: Door) -> HttpResponse:
    """A last look at all answers, then hand in."""
    status, refusal = 200, ""
    if request.method == "POST":
        try:
            submit_part(part=door.part, actor=door.actor)
            return redirect(door.url("receipt"))
        except AnswersMissing as error:
            status, refusal = 422, str(error)
        except ReviewRefused as error:
            status, refusal = 409, str(error)
    elif not door.is_open:
        return redirect(door.url())
    view = PartView(door, efforts_of(door.part))
    context = {"door": door, "view": view, "refusal": refusal}
    return render(request, "contracts/review/check.html", context, status=status)


@require_GET
def receipt(request: HttpRequest, door: Door) -> HttpResponse:
    """What was handed in, when, and what follows from it."""
    if door.part.state != PartState.SUBMITTED:
        return redirect(door.url())
    view = PartView(door, efforts_of(door.part))
    return render(request, "contracts/review/receipt.html", {"door": door, "view": view})


@require_POST
def reopen(request: HttpRequest, door: Door) -> HttpResponse:
    """Take the part back to change something."""
    try:
        reopen_part(part=door.part, actor=door.actor)
        messages.success(request, _("Your part is open again. Hand it in once more when you are done."))
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect(door.url())


VIEWS: dict[str, PartPage] = {
    "part": part,
    "table": table,
    "table_file": table_file,
    "effort": effort,
    "autosave": autosave,
    "effect": effect,
    "similar": similar,
    "same": same,
    "same_for_all": same_for_all,
    "check": check,
    "receipt": receipt,
    "reopen": reopen,
}
ACCOUNT = {name: by_account(view) for name, view in VIEWS.items()}
LINK = {name: by_link(view) for name, view in VIEWS.items()}
