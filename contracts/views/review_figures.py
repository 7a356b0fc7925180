"""The value of an indicator for the year that a review looks back on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contracts.forms.indicators import ValueForm
from contracts.monitoring.indicators import IndicatorCard, indicators_of
from contracts.services import indicators as services
from contracts.services.errors import Refused
from contracts.views.review_city import own_review
from nss_portal.core.access import require
from nss_portal.core.rendering import render


@never_cache
@require_http_methods(["GET", "POST"])
def value(request: HttpRequest, public_id: str, year: int, indicator: str) -> HttpResponse:
    """Take the value of the year; what cannot be read comes back on a page of its own."""
    review = own_review(request, public_id, year)
    found = get_object_or_404(indicators_of(review.contract), public_id=indicator)
    require(request.user, "contract", "change", review.contract)
    found.contract = review.contract
    data = (
        {**request.POST.dict(), "year": request.POST.get("year", str(year))} if request.method == "POST" else None
    )
    form = ValueForm(data, initial={"year": str(year)})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                services.set_value(actor=request.user, indicator=found, **form.cleaned_data)
            except Refused as error:
                form.add_error("year", str(error))
            else:
                messages.success(request, _("The value is saved."))
                return redirect(f"{review.get_absolute_url()}#cijfers")
        status = 422
    context = {"contract": review.contract, "card": IndicatorCard(found), "form": form, "may_change": True}
    return render(request, "contracts/monitoring/indicator.html", context, status=status)
