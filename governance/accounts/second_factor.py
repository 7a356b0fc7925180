"""Who needs a second factor, and the middleware that lets nobody of them work without one.

django-allauth asks for the second step of whoever has one. That everybody in these roles has one is up to us. An
organisation's own login that showed the demanded strength (`acr`) is a second factor for that visit.
"""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from governance.forms.passkeys import ReauthenticateForm as PasskeyForm
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
        "mfa_add_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# What a visit's list of proofs calls an organisation's own login.
ORGANISATION = "organisation"


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


def came_in_strongly(request: HttpRequest, user: User) -> bool:
    """Say whether the organisation's own login showed, in this visit, the strength that the settings demand."""
    records = get_authentication_records(request, user)
    return any(record.get("method") == ORGANISATION and record.get("acr") for record in records)


def has_passkey(user: User) -> bool:
    """Say whether this person has a passkey."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


def passkey_challenge(user: User) -> dict[str, object] | None:
    """Give what a page asks the browser, so that one act can be confirmed with a passkey; None without passkeys.

    The challenge is kept in the session of the present request and works once.
    """
    return dict(begin_authentication(user)) if has_passkey(user) else None


def confirm(user: User, code: str = "", passkey: str = "") -> str:
    """Let somebody confirm one act with a second factor, at that very moment, whenever they logged in.

    `passkey` is the answer of a passkey, in JSON, to `passkey_challenge`; it goes before a code. Gives what it was
    confirmed with: 'code' (of an app), 'recovery' or 'passkey'; '' where this portal asks for no second factor. A
    code and a challenge work once. Raises NotConfirmed for a wrong one, after too many of them, and for who has no
    second factor of their own: an organisation's login was longer ago.
    """
    if not settings.NSS_SECOND_FACTOR:
        return ""
    if not is_mfa_enabled(user):
        raise NotConfirmed(_("Set up the second step of your login first: your role asks for it."))
    return _confirm_with_passkey(user, passkey) if passkey else _confirm_with_code(user, code)


def _confirm_with_code(user: User, code: str) -> str:
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


def _confirm_with_passkey(user: User, passkey: str) -> str:
    form = PasskeyForm({"credential": passkey}, user=user)
    if not form.is_valid():
        raise NotConfirmed(" ".join(map(str, form.non_field_errors())))
    form.save()
    return "passkey"


def is_shared(user: User) -> bool:
    """Say whether everybody who tries the demonstration uses this account: what one sets up stops nobody else."""
    return settings.NSS_DEMO and user.is_demo


class SecondStep(AuthenticateStage):
    """The second step of logging in; not asked again of whom the organisation asked for it just now."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Go on, or show the page of the second step."""
        user = self.login.user
        if isinstance(user, User) and (is_shared(user) or came_in_strongly(self.request, user)):
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class SecondFactorMiddleware:
    """Send who needs a second factor and has none to its set-up, from every other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and _is_missing_in(request, user) and not _is_open(request):
            messages.info(request, _("Set up the second step of your login first: your role asks for it."))
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


def _is_missing_in(request: HttpRequest, user: User) -> bool:
    """Say whether this visit lacks a second factor that the person's role asks for."""
    return is_required_for(user) and not came_in_strongly(request, user) and not is_mfa_enabled(user)


def _is_open(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in OPEN_VIEWS
    except Resolver404:
        return False
