"""The accessibility statement and the privacy statement."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible the portal is, what is known to be lacking and whom to tell."""
    return render(request, "pages/accessibility.html", {"contact_address": settings.DEFAULT_FROM_EMAIL})


def privacy(request: HttpRequest) -> HttpResponse:
    """Say which personal data the portal keeps, why and for how long."""
    return render(request, "pages/privacy.html", {"contact_address": settings.DEFAULT_FROM_EMAIL})
