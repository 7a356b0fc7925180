"""National policy: entered by coordinators, offered in the reviews, answered by the cities."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts.forms.review_policy import PolicyForm
from contracts.models import NationalPolicy
from contracts.models.tip import TipAnswer
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.policies import add_policy, change_policy, dismiss_policy, take_over_policy
from contracts.views.review_city import own_review
from nss_portal.core.access import may
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def _require_manager(request: HttpRequest) -> None:
    if not may(request.user, "review_round", "manage"):
        raise Http404


@never_cache
@require_GET
def policies(request: HttpRequest) -> HttpResponse:
    """All policies with what cities did with them."""
    _require_manager(request)
    rows = NationalPolicy.objects.annotate(
        taken=Count("answers", filter=Q(answers__answer=TipAnswer.TAKEN)),
        dismissed=Count("answers", filter=Q(answers__answer=TipAnswer.DISMISSED)),
    )
    return render(request, "contracts/review/policies.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Enter a policy, or change one."""
    _require_manager(request)
    policy = get_object_or_404(NationalPolicy, public_id=public_id) if public_id else None
    initial = {} if policy else {"offered_on": today()}
    form = PolicyForm(request.POST or None, instance=policy, initial=initial)
    status = 200
    if request.method == "POST":
        # What the form wrote into its instance is not kept: the service reads the record anew.
        if form.is_valid():
            try:
                if policy is None:
                    add_policy(actor=request.user, **form.values())
                else:
                    change_policy(
                        actor=request.user, policy=policy, revision=form.cleaned_data["version"], **form.values()
                    )
            except EditConflict:
                form.add_error(
                    None, _("A colleague changed this in the meantime. Open it again to see what it says now.")
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved. It is offered in the reviews that are open."))
                return redirect("contracts:policies")
        status = 422
    return render(request, "contracts/review/policy.html", {"form": form, "policy": policy}, status=status)


@require_POST
def answer(request: HttpRequest, public_id: str, year: int, policy: str) -> HttpResponse:
    """Take a policy over as a draft action, or say that it is not for this contract."""
    found = own_review(request, public_id, year)
    try:
        if request.POST.get("answer") == TipAnswer.TAKEN:
            action = take_over_policy(review=found, public_id=policy, actor=request.user)
            messages.success(
                request,
                _("‘%(title)s’ is now in draft version %(number)d. Fill in there what it brings and who does it.")
                % {"title": action.label, "number": action.version.number},
            )
        else:
            dismiss_policy(review=found, public_id=policy, actor=request.user)
            messages.success(request, _("This is not offered to your contract again."))
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect(found)
