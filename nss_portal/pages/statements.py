"""The accessibility statement and the privacy statement."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nss_portal.core import retention
from nss_portal.core.rendering import render


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible the portal is, what is known to be lacking and whom to tell."""
    return render(request, "pages/accessibility.html", {"contact_address": settings.DEFAULT_FROM_EMAIL})


def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data the portal keeps, why and for how long."""
    context = {"contact_address": settings.DEFAULT_FROM_EMAIL, "own_url": reverse("account_privacy")}
    return render(request, "pages/privacy.html", context)


def privacy_terms(request: HttpRequest) -> HttpResponse:
    """Say of each kind of record how long it is kept, from when, why, and what becomes of it."""
    return render(request, "pages/privacy_terms.html", {"rows": retention.table()})
