"""The review of one contract: the city's page, and what the city does with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cities.models.bottleneck import Sharing
from contracts.forms.review import ConclusionForm
from contracts.models import AnnualReview, PartyReview
from contracts.models.review import RoundState
from contracts.models.tip import TipAnswer
from contracts.presenting.review_city import ReviewView
from contracts.services.review.access import is_owner, may_answer
from contracts.services.review.errors import AnswerRefused, Overtaken, PartsOpen, ReviewRefused
from contracts.services.review.links import link_for
from contracts.services.review.links import renew_link as replace_link
from contracts.services.review.people import recipients
from contracts.services.review.reminders import remind_party, send_link
from contracts.services.review.reviews import reopen_review, save_conclusion, submit_review
from contracts.services.review.tips import dismiss_tip, take_over_tip
from nss_portal.core.access import NotAllowed, may
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render


def visible_review(request: HttpRequest, public_id: str, year: int) -> AnnualReview:
    """Give a review that the person may see; raises Http404."""
    reviews = AnnualReview.objects.visible_to(request.user).with_round().select_related("contract", "version")
    return get_object_or_404(reviews, contract__public_id=public_id, round__year=year)


def own_review(request: HttpRequest, public_id: str, year: int) -> AnnualReview:
    """Give a review of the person's own city; raises Http404 when unseen, NotAllowed when seen but not theirs."""
    review = visible_review(request, public_id, year)
    if not is_owner(request.user, review):
        raise NotAllowed(_("Only the city whose contract this is does this."))
    return review


@never_cache
@require_GET
def review(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Who is where, what was answered, where that leaves the contract."""
    found = visible_review(request, public_id, year)

    def view() -> dict[str, Any]:
        return {"view": ReviewView(found, request.user, owner=is_owner(request.user, found))}

    body = kept_part(request, "contracts/review/_review.html", view)
    return render(request, "contracts/review/review.html", {"review": found, "body": body})


@never_cache
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """The city's conclusion, what is still open, and handing in."""
    found = own_review(request, public_id, year)
    view = ReviewView(found, request.user, owner=True)
    if request.method == "GET":
        if not view.can_hand_in:
            return redirect(found)
        form = ConclusionForm(initial={"conclusion": found.conclusion, "version": found.revision})
        return _submit_page(request, view, form)
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        return _submit_page(request, view, form, status=422)
    try:
        handed_in = submit_review(
            review=found,
            conclusion=form.cleaned_data["conclusion"],
            revision=form.cleaned_data["version"],
            actor=request.user,
            accept_open=form.cleaned_data["accept_open"],
        )
    except PartsOpen as error:
        form.add_error("accept_open", _("%(problem)s Tick this to go on without them.") % {"problem": error})
        return _submit_page(request, view, form, status=422)
    except AnswerRefused as error:
        form.add_error("conclusion", str(error))
        return _submit_page(request, view, form, status=422)
    except Overtaken as error:
        return _overtaken(request, view, form, error)
    except ReviewRefused as error:
        return _submit_page(request, view, form, status=409, refusal=str(error))
    messages.success(
        request,
        _("The review of %(year)d is handed in. You can still open it again until the round closes.")
        % {"year": year},
    )
    return redirect(handed_in)


def _overtaken(request: HttpRequest, view: ReviewView, form: ConclusionForm, error: Overtaken) -> HttpResponse:
    theirs = error.current
    assert isinstance(theirs, AnnualReview)  # noqa: S101 - submit_review raises it with a review
    rows = [
        {
            "label": form.fields["conclusion"].label,
            "mine": form.cleaned_data["conclusion"],
            "theirs": theirs.conclusion,
        }
    ]
    data = request.POST.copy()
    data["version"] = str(theirs.revision)
    return _submit_page(request, view, ConclusionForm(data), status=409, conflict=rows)


def _submit_page(
    request: HttpRequest, view: ReviewView, form: ConclusionForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context = {"refusal": "", "conflict": [], "who": "", **context, "view": view, "form": form}
    return render(request, "contracts/review/submit.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Keep the conclusion while somebody types; answers JSON."""
    found = own_review(request, public_id, year)
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"message": " ".join(str(text) for texts in form.errors.values() for text in texts)}, status=422
        )
    try:
        saved = save_conclusion(
            review=found,
            conclusion=form.cleaned_data["conclusion"],
            revision=form.cleaned_data["version"],
            actor=request.user,
        )
    except ReviewRefused as error:
        return JsonResponse({"message": str(error)}, status=409)
    moment = date_format(timezone.localtime(), "H.i")
    return JsonResponse({"saved_at": moment, "version": saved.revision})


@require_POST
def reopen(request: HttpRequest, public_id: str, year: int) -> HttpResponse:
    """Take the review back while the round is open."""
    found = own_review(request, public_id, year)
    try:
        reopen_review(review=found, actor=request.user)
        messages.success(request, _("The review is open again."))
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect(found)


@require_POST
def tip(request: HttpRequest, public_id: str, year: int, effort: int) -> HttpResponse:
    """Take over what went faster elsewhere as a draft action, or say that it is not for this contract."""
    found = own_review(request, public_id, year)
    try:
        if request.POST.get("answer") == TipAnswer.TAKEN:
            action = take_over_tip(review=found, effort_id=effort, actor=request.user)
            messages.success(
                request,
                _("‘%(title)s’ is now in draft version %(number)d. Fill in there what it brings and who does it.")
                % {"title": action.label, "number": action.version.number},
            )
        else:
            dismiss_tip(review=found, effort_id=effort, actor=request.user)
            messages.success(request, _("This is not offered to your contract again."))
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect(found)


def _managed_part(request: HttpRequest, public_id: str, year: int, part: str) -> PartyReview:
    """Give a part that the person may remind: of the own city, or, for a coordinator, of a shared contract."""
    parts = PartyReview.objects.select_related("party__organisation", "review__round", "review__contract")
    parts = parts.defer("review__round__reflection", "review__outcome")
    found = get_object_or_404(
        parts, public_id=part, review__contract__public_id=public_id, review__round__year=year
    )
    shared = found.review.contract.sharing != Sharing.DRAFT
    if is_owner(request.user, found.review) or (shared and may(request.user, "review_round", "manage")):
        return found
    raise Http404


@never_cache
@require_GET
def party(request: HttpRequest, public_id: str, year: int, part: str) -> HttpResponse:
    """One party of a review: how to reach it, remind it, or give it a new link."""
    found = _managed_part(request, public_id, year, part)
    people = recipients([found])[found.pk]
    answers = may_answer(request.user, found)
    context = {
        "part": found,
        "review": found.review,
        "people": people,
        "may_answer": answers,
        "is_owner": is_owner(request.user, found.review),
        "is_open": found.review.round.state == RoundState.OPEN,
        "asked": found.efforts.count(),
        "answered": found.efforts.exclude(status="").count(),
        # Only who may answer for the party gets to see its link.
        "link": link_for(found) if answers and not found.party.is_leading else "",
    }
    return render(request, "contracts/review/party.html", context)


@require_POST
def remind(request: HttpRequest, public_id: str, year: int, part: str) -> HttpResponse:
    """Send one more reminder; at most one a day."""
    found = _managed_part(request, public_id, year, part)
    try:
        people = remind_party(part=found, actor=request.user)
        names = ", ".join(person.email for person in people)
        messages.success(request, _("A reminder goes to %(people)s today.") % {"people": names})
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect("contracts:review_party", public_id, year, part)


@require_POST
def renew_link(request: HttpRequest, public_id: str, year: int, part: str) -> HttpResponse:
    """Replace the personal link and mail the new one."""
    found = _managed_part(request, public_id, year, part)
    try:
        people = send_link(part=replace_link(part=found, actor=request.user), actor=request.user)
    except ReviewRefused as error:
        messages.error(request, str(error))
    else:
        names = ", ".join(person.email for person in people)
        if names:
            text = _("The old link stopped working. A new one goes to %(people)s.") % {"people": names}
        else:
            text = _("The old link stopped working. No address is known for the new one.")
        messages.success(request, text)
    return redirect("contracts:review_party", public_id, year, part)
