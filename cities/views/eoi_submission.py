"""A city's Expression of Interest: the record, one theme a screen, a last look, a receipt."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cities.forms.eoi import ScreenForm, SharingForm
from cities.models import EoiCall, EoiSubmission, EoiVersion
from cities.models.bottleneck import Sharing
from cities.models.eoi_submission import VersionState
from cities.presenting_eoi import asks_of, beside, parts_of, saved_by, sees_draft, version_history
from cities.selectors_eoi import Screen, questions_of, saves_of, screens_of, visible_submissions
from cities.services.eoi import drafts
from cities.services.eoi.errors import AnswerRefused, EoiRefused
from cities.services.eoi.handing_in import share_submission, submit_version
from cities.views.posting import posted
from governance.services.ownership import organisations_for
from nss_portal.core.access import may, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused


def _visible(request: HttpRequest, public_id: str) -> EoiSubmission:
    return get_object_or_404(visible_submissions(request.user), public_id=public_id)


def _writable(request: HttpRequest, public_id: str) -> EoiSubmission:
    """Give a submission that the person may change: 404 when it is not visible, 403 when it is not theirs."""
    submission = _visible(request, public_id)
    require(request.user, "eoi_submission", "change", submission)
    return submission


def _versions(submission: EoiSubmission) -> list[EoiVersion]:
    versions = list(submission.versions.all())
    for version in versions:
        version.submission = submission
    return versions


def _draft(submission: EoiSubmission) -> EoiVersion | None:
    return next((v for v in _versions(submission) if v.state == VersionState.DRAFT), None)


def _screens(submission: EoiSubmission) -> list[Screen]:
    return screens_of(questions_of(submission.call))


@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin, or go on with what is there."""
    call = get_object_or_404(EoiCall.objects.visible_to(request.user), code=code)
    organisations = organisations_for(request.user, "eoi_submission", "change")
    chosen = request.POST.get("organisation", "")
    organisation = get_object_or_404(organisations, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        submission = drafts.start_submission(actor=request.user, call=call, organisation=organisation)
    except EoiRefused as error:
        messages.error(request, str(error))
        return redirect(call)
    if submission.submitted_at is not None:
        return redirect(submission)
    return redirect("cities:eoi_fill", public_id=submission.public_id)


@require_POST
def start_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a new version of what was handed in: the yearly update, or a change while the call is open."""
    submission = _writable(request, public_id)
    try:
        drafts.start_version(actor=request.user, submission=submission)
    except EoiRefused as error:
        messages.error(request, str(error))
        return redirect(submission)
    return redirect("cities:eoi_fill", public_id=submission.public_id)


def record(request: HttpRequest, public_id: str, number: int | None = None) -> HttpResponse:
    """What was handed in, of the version that counts or an earlier one; a draft for those of the city."""
    submission = _visible(request, public_id)
    if number and not submission.versions.filter(number=number, state=VersionState.SUBMITTED).exists():
        raise Http404
    body = KeptPart(request, "eoi_submission", lambda: _record_context(request, submission, number))
    return render(request, "cities/eoi/submission.html", {"submission": submission, "body": body})


def _record_context(request: HttpRequest, submission: EoiSubmission, number: int | None) -> dict[str, Any]:
    versions = _versions(submission)
    handed_in = [version for version in versions if version.state == VersionState.SUBMITTED]
    draft = next((v for v in versions if v.state == VersionState.DRAFT), None)
    latest = handed_in[-1] if handed_in else None
    shown = next((v for v in handed_in if v.number == number), None) if number else latest
    draft = draft if draft and sees_draft(request.user, submission) else None
    before = next((v for v in handed_in if shown and v.number == shown.number - 1), None)
    may_change = may(request.user, "eoi_submission", "change", submission)
    (ask,) = asks_of(request.user, [submission.organisation], [submission.call])
    return {
        "shown": shown,
        "latest": latest,
        "earlier": [version for version in reversed(handed_in) if version is not shown],
        "draft": draft,
        "parts": parts_of(_screens(submission), shown, before) if shown else [],
        "may_change": may_change,
        "ask": ask,
        "may_anew": may_change and draft is None and shown and submission.call.takes_answers,
        "history": version_history(versions),
        "form": SharingForm(initial={"sharing": submission.sharing}) if may_change and handed_in else None,
    }


@require_POST
def share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose again who reads it."""
    submission = _writable(request, public_id)
    form = SharingForm(request.POST)
    if form.is_valid():
        try:
            sharing = Sharing(form.cleaned_data["sharing"])
            share_submission(actor=request.user, submission=submission, sharing=sharing)
            messages.success(request, _("Saved."))
        except EoiRefused as error:
            messages.error(request, str(error))
    else:
        messages.error(request, _("Choose one of the answers."))
    return redirect(submission)


@never_cache
def fill(request: HttpRequest, public_id: str) -> HttpResponse:
    """The draft as a whole: its themes, how far it is, where to go on."""
    submission = _writable(request, public_id)
    draft = _draft(submission)
    if draft is None:
        return redirect(submission)
    parts = parts_of(_screens(submission), draft)
    todo = next((part for part in parts if not part.is_done), None)
    context = {
        "submission": submission,
        "draft": draft,
        "parts": parts,
        "done": sum(part.is_done for part in parts),
        "todo": todo,
        "refusal": _refusal(draft),
    }
    return render(request, "cities/eoi/fill.html", context)


def _refusal(draft: EoiVersion) -> str:
    """Say why a draft cannot be written any more, '' while it can."""
    try:
        drafts.require_open(draft)
    except EoiRefused as error:
        return str(error)
    return ""


@never_cache
def screen(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One theme."""
    submission = _writable(request, public_id)
    draft, screens = _draft(submission), _screens(submission)
    if not 1 <= number <= len(screens):
        raise Http404
    if draft is None:
        return redirect(submission)
    place = screens[number - 1]
    form = ScreenForm(posted(request), screen=place, version=draft, calls=_call_names(draft))
    context: dict[str, Any] = {"submission": submission, "draft": draft, "screens": screens}
    if request.method != "POST":
        return _screen_page(request, place, form, context, refusal=_refusal(draft))
    if not form.is_valid():
        return _screen_page(request, place, form, context, status=422, refusal=_refusal(draft))
    return _save_screen(request, draft, place, form, context)


def _save_screen(
    request: HttpRequest, draft: EoiVersion, place: Screen, form: ScreenForm, context: dict[str, Any]
) -> HttpResponse:
    later = request.POST.get("then") == "later"
    try:
        _save(request, draft, place, form, final=not later)
    except AnswerRefused as error:
        form.show(error.problems)
        return _screen_page(request, place, form, context, status=422)
    except EoiRefused as error:
        return _screen_page(request, place, form, context, status=409, refusal=str(error))
    except EditConflict as error:
        theirs = error.record
        assert isinstance(theirs, EoiVersion)  # noqa: S101 - save_screen raises it with a version
        rows, who = beside(place, form, theirs), saved_by(place, theirs)
        data = request.POST.copy()
        data["version"] = str(saves_of(theirs, place))
        again = ScreenForm(data, screen=place, version=theirs, calls={})
        again.is_valid()
        return _screen_page(request, place, again, context, status=409, conflict=rows, who=who)
    public_id = draft.submission.public_id
    if later:
        messages.success(request, _("Saved. You can go on where you stopped."))
        return redirect("cities:eoi_fill", public_id=public_id)
    if place.number == len(context["screens"]):
        return redirect("cities:eoi_check", public_id=public_id)
    return redirect("cities:eoi_screen", public_id=public_id, number=place.number + 1)


def _save(
    request: HttpRequest, draft: EoiVersion, place: Screen, form: ScreenForm, *, final: bool = False
) -> EoiVersion:
    return drafts.save_screen(
        actor=request.user,
        version=draft,
        screen=place,
        answers=form.answers(),
        revision=form.cleaned_data.get("version", -1),
        section=form.section(),
        final=final,
    )


def _screen_page(
    request: HttpRequest,
    place: Screen,
    form: ScreenForm,
    context: dict[str, Any],
    *,
    status: int = 200,
    **rest: Any,
) -> HttpResponse:
    context = {"refusal": "", "conflict": [], "who": "", **context, **rest, "screen": place, "form": form}
    context["done"] = place.number - 1
    context["is_last"] = place.number == len(context["screens"])
    return render(request, "cities/eoi/screen.html", context, status=status)


def _call_names(draft: EoiVersion) -> dict[str, str]:
    """Name the calls from which answers were filled in; no query where there are none."""
    codes = {origin.removeprefix("call:") for origin in draft.prefilled.values() if origin.startswith("call:")}
    return {call.code: call.name for call in EoiCall.objects.filter(code__in=codes)} if codes else {}


@require_POST
def autosave(request: HttpRequest, public_id: str, number: int) -> JsonResponse:
    """Keep a screen while somebody types: all that can be read, whatever else is wrong. Answers JSON."""
    submission = _writable(request, public_id)
    draft, screens = _draft(submission), _screens(submission)
    if not 1 <= number <= len(screens):
        raise Http404
    if draft is None:
        message = _("This version was handed in and does not change any more.")
        return JsonResponse({"message": message}, status=409)
    place = screens[number - 1]
    form = ScreenForm(request.POST, screen=place, version=draft)
    valid = form.is_valid()
    try:
        saved = _save(request, draft, place, form)
    except EditConflict:
        message = _("A colleague changed this in the meantime. Save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    except EoiRefused as error:
        return JsonResponse({"message": str(error)}, status=409)
    moment = timezone.localtime(saved.changed_at).strftime("%H.%M")
    if not valid:
        wrong = ", ".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
        moment = _("{time}, but not yet: {fields}").format(time=moment, fields=wrong)
    return JsonResponse({"saved_at": moment, "version": saves_of(saved, place)})


@require_POST
def unchanged(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say of all that was not looked at that nothing changed."""
    submission = _writable(request, public_id)
    draft = _draft(submission)
    if draft is None:
        return redirect(submission)
    try:
        drafts.keep_unchanged(actor=request.user, version=draft)
    except EoiRefused as error:
        messages.error(request, str(error))
        return redirect("cities:eoi_fill", public_id=public_id)
    return redirect("cities:eoi_check", public_id=public_id)


@never_cache
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """A last look at all answers, who reads them, then hand in."""
    submission = _writable(request, public_id)
    draft = _draft(submission)
    if draft is None:
        return redirect("cities:eoi_receipt", public_id=public_id)
    initial = submission.sharing if submission.submitted_at else Sharing.NETWORK
    form = SharingForm(posted(request), initial={"sharing": initial})
    status, refusal = 200, _refusal(draft)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                submit_version(actor=request.user, version=draft, sharing=Sharing(form.cleaned_data["sharing"]))
            return redirect("cities:eoi_receipt", public_id=public_id)
        except (AnswerRefused, TransitionRefused) as error:
            status, refusal = 422, str(error)
        except EoiRefused as error:
            status, refusal = 409, str(error)
    parts = parts_of(_screens(submission), draft)
    context = {"submission": submission, "draft": draft, "parts": parts, "form": form, "refusal": refusal}
    context["todo"] = [part for part in parts if not part.is_done]
    return render(request, "cities/eoi/check.html", context, status=status)


def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was handed in, when, and what follows."""
    submission = _writable(request, public_id)
    handed_in = [v for v in _versions(submission) if v.state == VersionState.SUBMITTED]
    if not handed_in:
        return redirect("cities:eoi_fill", public_id=public_id)
    parts = parts_of(_screens(submission), handed_in[-1])
    context = {"submission": submission, "version": handed_in[-1], "parts": parts}
    return render(request, "cities/eoi/receipt.html", context)


def discard(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw the draft away, after asking."""
    submission = _writable(request, public_id)
    if _draft(submission) is None:
        raise Http404
    if request.method == "POST":
        remains = drafts.discard_draft(actor=request.user, submission=submission)
        messages.success(request, _("The draft is thrown away."))
        return redirect(submission) if remains else redirect("cities:eoi")
    kept = _("What was handed in before stays.") if submission.submitted_at else _("Nobody else has read it.")
    context = {
        "title": _("Throw this draft away?"),
        "intro": str(submission),
        "consequences": [_("The draft is gone for good."), kept],
        "action": _("Throw the draft away"),
        "back_url": submission.get_absolute_url(),
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
