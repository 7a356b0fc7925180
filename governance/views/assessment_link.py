"""Answering by a personal link: without an account, on a phone, without script."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from governance.forms.assessments import AnswerForm
from governance.models import AssessmentState, Participant
from governance.selectors_assessments import asked_of, indicators_of
from governance.services.assessments import answering
from governance.services.assessments.answering import Place
from governance.services.assessments.links import LinkInvalid, current_token
from nss_portal.core.access import NotAllowed
from nss_portal.core.rendering import render

# The token stands in the address, so other sites are told no more than ours.
REFERRER_POLICY = "strict-origin"


def _answer(request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, name, dict(context), status=status)
    response["Referrer-Policy"] = REFERRER_POLICY
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let the holder of a link in; what does not work is told in words, never whose it is."""

    @never_cache
    @wraps(view)
    def entered(request: HttpRequest, token: str) -> HttpResponse:
        try:
            place = answering.place_of(token, request.user)
        except LinkInvalid:
            return _answer(request, "governance/assessments/link_invalid.html", {}, status=404)
        except NotAllowed as error:
            return _answer(request, "governance/assessments/link_other.html", {"reason": str(error)}, status=403)
        return view(request, token, place)

    return entered


def _form(request: HttpRequest, place: Place) -> AnswerForm:
    indicators = indicators_of(place.assessment.instrument)
    if request.method == "POST":
        return AnswerForm(request.POST, indicators=indicators)
    sheet = place.sheet
    initial = {f"s{number}": str(score) for number, score in sheet.scores.items()} if sheet else {}
    return AnswerForm(indicators=indicators, initial={**initial, "comment": sheet.comment if sheet else ""})


@by_link
def answer(request: HttpRequest, token: str, place: Place) -> HttpResponse:
    """The statements: filled in, saved, sent, and changed until the closing."""
    if place.assessment.state == AssessmentState.DRAFT:
        return _answer(request, "governance/assessments/link_invalid.html", {}, status=404)
    form = _form(request, place)
    if not answering.takes_answers(place.assessment):
        return _closed(request, place, form)
    if request.method == "POST" and form.is_valid():
        try:
            answering.save_answers(
                actor=request.user,
                token=token,
                scores=form.scores(),
                comment=form.cleaned_data["comment"],
                send=True,
            )
        except answering.Closed:
            return _closed(request, place, form)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("governance:assessment_link_receipt", token=token)
    context = {
        "form": form,
        "assessment": place.assessment,
        "question": place.assessment.instrument.question,
        "has_none": any(line.may_not_apply for one in form.indicators for line in one.statements.all()),
        "is_sent": bool(place.sheet and place.sheet.is_sent),
        "autosave_url": reverse("governance:assessment_link_autosave", args=[token]),
    }
    return _answer(request, "governance/assessments/answer.html", context)


def _closed(request: HttpRequest, place: Place, form: AnswerForm) -> HttpResponse:
    """Say that it is closed; what came too late stands there, to be copied."""
    late = []
    if form.is_bound:
        form.is_valid()
        late = [
            (field.label, field.value()) for _one, fields in form.groups() for field in fields if field.value()
        ]
    context = {
        "assessment": place.assessment,
        "late": late,
        "comment": form["comment"].value() if form.is_bound else "",
    }
    return _answer(request, "governance/assessments/link_closed.html", context, status=410)


@require_POST
@by_link
def autosave(request: HttpRequest, token: str, place: Place) -> HttpResponse:
    """Save while somebody fills in; what was not sent yet does not count yet."""
    form = _form(request, place)
    if not form.is_valid():
        return JsonResponse({"message": _("Not saved by itself: choose scores from 1 to 5.")}, status=422)
    try:
        answering.save_answers(
            actor=request.user,
            token=token,
            scores=form.scores(),
            comment=form.cleaned_data["comment"],
            send=False,
        )
    except answering.Closed as error:
        return JsonResponse({"message": str(error)}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M")})


@by_link
def receipt(request: HttpRequest, token: str, place: Place) -> HttpResponse:
    """Say that the answers were taken."""
    if place.sheet is None or not place.sheet.is_sent:
        return redirect("governance:assessment_link", token=token)
    return _answer(
        request, "governance/assessments/receipt.html", {"assessment": place.assessment, "token": token}
    )


@never_cache
def join(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead somebody with an account to the own link; 404 for who is not asked."""
    user: Any = request.user
    mine = asked_of(user).filter(assessment__public_id=public_id).first()
    found = mine or Participant.objects.filter(user=user, assessment__public_id=public_id).first()
    if found is None:
        raise Http404
    try:
        return redirect("governance:assessment_link", token=current_token(found))
    except LinkInvalid as error:
        raise Http404 from error
