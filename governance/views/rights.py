"""The yearly review of rights: the list of an organisation with one click per account, and the overview."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from governance.forms.rights import LookedForm
from governance.models import Organisation, RightsReview
from governance.selectors import manageable_by
from governance.selectors_rights import accounts_of, latest_round, overview, somebody_leads
from governance.services import Refused
from governance.services.rights_review import confirm_accounts, is_over, may_look
from governance.views.account import person
from nss_portal.core.access import may
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50
STATES = {
    "wacht": gettext_lazy("Not done yet"),
    "zonder": gettext_lazy("Nobody leads"),
    "klaar": gettext_lazy("Done"),
    "alles": gettext_lazy("All"),
}


def _review(request: HttpRequest, public_id: str) -> RightsReview:
    """Give the newest review of an organisation; to whom it is not shown it is not there."""
    seen = RightsReview.objects.visible_to(request.user).select_related("organisation", "round", "done_by")
    found = seen.filter(organisation__public_id=public_id).order_by("-round__year").first()
    if found is None:
        raise Http404
    return found


@require_safe
def rights(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who has which rights: one row per account, those to look at first."""
    organisation = get_object_or_404(Organisation.objects.can_invite(request.user), public_id=public_id)
    seen = RightsReview.objects.visible_to(request.user).select_related("round", "done_by")
    review = seen.filter(organisation=organisation).order_by("-round__year").first()
    if review is None:
        return render(request, "governance/rights_none.html", {"organisation": organisation})
    review.organisation = organisation
    body = KeptPart(request, "rights", lambda: _accounts(request, review), request.user.pk)
    return render(request, "governance/rights.html", {"organisation": organisation, "body": body})


def _accounts(request: HttpRequest, review: RightsReview) -> dict[str, Any]:
    accounts = accounts_of(review, person(request))
    looks = may_look(request.user, review)
    in_bulk = [a.user.pk for a in accounts if a.waits and not a.is_unused and not a.is_own] if looks else []
    asked = [account for account in accounts if not (account.is_new or account.leads_alone)]
    return {
        "review": review,
        "accounts": accounts,
        "may_look": looks,
        "form": LookedForm(),
        "in_bulk": in_bulk if len(in_bulk) > 1 else [],
        "manageable": set(manageable_by(request.user, review.organisation).values_list("pk", flat=True)),
        "is_late": is_over(review.round) and review.done_at is None,
        "looked": sum(1 for account in asked if not account.waits),
        "asked": len(asked),
        "leads_alone": any(account.leads_alone for account in accounts),
    }


@require_POST
def rights_confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say of one account, or of all that were shown, that the rights are still right."""
    review = _review(request, public_id)
    in_bulk = "all" in request.POST
    chosen = {int(key) for key in request.POST.getlist("user") if key.isdecimal()}
    if in_bulk and not LookedForm(request.POST).is_valid():
        messages.error(request, _("Look at the list first, and say that you did."))
        return redirect("governance:rights", public_id)
    try:
        number = confirm_accounts(actor=person(request), review=review, users=chosen, in_bulk=in_bulk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("{number} account is still right.", "{number} accounts are still right.", number)
        messages.success(request, text.format(number=number))
    return redirect(f"{reverse('governance:rights', args=[public_id])}#mensen")


@require_safe
def rights_overview(request: HttpRequest) -> HttpResponse:
    """Who looked and who did not, for the coordination team."""
    if not may(request.user, "rights_review", "overview"):
        raise Http404
    body = KeptPart(request, "rights-overview", lambda: _overview(request))
    return render(request, "governance/rights_overview.html", {"body": body})


def _overview(request: HttpRequest) -> dict[str, Any]:
    opened = latest_round()
    if opened is None:
        return {"opened": None}
    state = request.GET.get("stand", "")
    state = state if state in STATES else "wacht"
    rows = RightsReview.objects.filter(round=opened)
    numbers = rows.aggregate(
        all=Count("pk"),
        done=Count("done_at"),
        unled=Count("pk", filter=Q(~somebody_leads("organisation"), done_at=None)),
    )
    chosen = {
        "wacht": Q(done_at__isnull=True),
        "zonder": Q(~somebody_leads("organisation"), done_at__isnull=True),
        "klaar": Q(done_at__isnull=False),
        "alles": Q(),
    }[state]
    counts = {
        "wacht": numbers["all"] - numbers["done"],
        "zonder": numbers["unled"],
        "klaar": numbers["done"],
        "alles": numbers["all"],
    }
    found = overview(rows.filter(chosen)).select_related("organisation", "done_by")
    pages = Paginator(found.order_by("organisation__name", "pk"), PER_PAGE)
    pages.count = counts[state]
    return {
        "opened": opened,
        "is_late": is_over(opened),
        "numbers": numbers,
        "state": state,
        "states": [(key, label, counts[key]) for key, label in STATES.items()],
        "page_obj": pages.get_page(request.GET.get("page")),
    }
