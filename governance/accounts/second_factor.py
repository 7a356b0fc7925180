"""Who needs a second factor, and the middleware that lets nobody of them work without one.

django-allauth asks for the second step of whoever has one. That everybody in these roles has one is up to us.
"""

from collections.abc import Callable

from allauth.core import context
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from governance.models import User
from nss_portal.core.access import Role

# Those who sign, decide, publish or answer for others, or see what several cities shared in confidence.
ROLES = (
    Role.ADVISOR,
    Role.SIGNATORY,
    Role.MINISTRY,
    Role.DESK,
    Role.PUBLISHER,
    Role.STEERING,
    Role.COORDINATOR,
)
# What may be opened on the way to a second factor.
OPEN_VIEWS = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "healthz",
        "mfa_activate_totp",
        "mfa_reauthenticate",
    }
)


def is_required_for(user: User) -> bool:
    """Say whether this person may work only with a second factor: by role, as lead, or as staff of the admin."""
    if not settings.NSS_SECOND_FACTOR:
        return False
    return user.is_staff or bool(user.standing.lead_of) or user.standing.has(*ROLES)


def is_missing_for(user: User) -> bool:
    """Say whether this person needs a second factor and has none."""
    return is_required_for(user) and not is_mfa_enabled(user)


class NotConfirmed(Exception):
    """Somebody did not confirm with a second factor; the text is for that person."""


def confirm(user: User, code: str) -> str:
    """Let somebody confirm one act with a second factor, at that very moment, whenever they logged in.

    Gives what it was confirmed with: 'code' (of an app) or 'recovery'; '' where this portal asks for no second
    factor. A code works once. Raises NotConfirmed for a wrong code, after too many of them, and for who has no
    second factor.
    """
    if not settings.NSS_SECOND_FACTOR:
        return ""
    if not is_mfa_enabled(user):
        raise NotConfirmed(_("Set up the second step of your login first: your role asks for it."))
    form = ReauthenticateForm({"code": code.strip()}, user=user)
    if not form.is_valid():
        wrong = form.has_error("code", "incorrect_code") or form.has_error("code", "required")
        raise NotConfirmed(
            _("This code is not right, or was used already. Wait for the next one in your app and type that.")
            if wrong
            else " ".join(form.errors["code"])
        )
    if context.request is not None:
        form.save()
    return "recovery" if form.authenticator.type == Authenticator.Type.RECOVERY_CODES else "code"


class SecondFactorMiddleware:
    """Send who needs a second factor and has none to its set-up, from every other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and is_missing_for(user) and not _is_open(request):
            messages.info(request, _("Set up the second step of your login first: your role asks for it."))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def _is_open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in OPEN_VIEWS
    except Resolver404:
        return False
