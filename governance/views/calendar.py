"""One's own calendar address: the agenda in Outlook, Google or Apple."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance.forms.calendar import CalendarForm
from governance.models import CalendarAddress
from governance.services.calendar import keep_calendar, replace_calendar, stop_calendar
from governance.views.account import person
from nss_portal.core.rendering import render


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the address, how to use it, and what it holds; make it."""
    user = person(request)
    address = CalendarAddress.objects.filter(user=user).first()
    form = CalendarForm(request.POST or None, instance=address)
    if request.method == "POST" and form.is_valid():
        keep_calendar(actor=user, content=form.cleaned_data["content"])
        messages.success(request, _("Your calendar has been saved."))
        return redirect("account_calendar")
    return render(request, "governance/calendar.html", {"form": form, **_addresses(address)})


def _addresses(address: CalendarAddress | None) -> dict[str, Any]:
    public = urljoin(settings.NSS_BASE_URL, reverse("public_feed"))
    if address is None:
        return {"address": None, "public": public}
    secret = urljoin(settings.NSS_BASE_URL, reverse("personal_feed", args=[address.token]))
    # Calendars that know this scheme subscribe at one click.
    webcal = f"webcal:{secret[len(urlsplit(secret).scheme) + 1 :]}"
    return {"address": address, "secret": secret, "webcal": webcal, "public": public}


@require_POST
def calendar_replace(request: HttpRequest) -> HttpResponse:
    """Give a new address."""
    if replace_calendar(actor=person(request)):
        messages.success(request, _("You have a new address. The old one no longer works."))
    return redirect("account_calendar")


@require_POST
def calendar_stop(request: HttpRequest) -> HttpResponse:
    """Take the address away."""
    stop_calendar(actor=person(request))
    messages.success(request, _("Your calendar address no longer works."))
    return redirect("account_calendar")
