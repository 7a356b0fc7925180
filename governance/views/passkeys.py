"""Passkeys: making, naming and removing them, and proving with one who one is."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from governance.accounts.mfa import can_have_passkeys
from governance.accounts.second_factor import has_passkey
from governance.views.account import person
from nss_portal.core.rendering import render


@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    """The passkeys that one has, and what a passkey is."""
    user = person(request)
    own = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at")
    return render(request, "mfa/webauthn/list.html", {"passkeys": list(own)})


class AddView(webauthn.AddWebAuthnView):
    """Make a passkey that can log in by itself."""

    template_name = "mfa/webauthn/add_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask the browser for a passkey that is found without an address, and asks for finger, face or PIN."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = auth.begin_registration(person(self.request), passwordless=True)
        offers_app = not is_mfa_enabled(person(self.request), [Authenticator.Type.TOTP])
        return {
            **context,
            "options": options,
            "can_add": can_have_passkeys(self.request),
            "offers_app": offers_app,
        }


class RemoveView(webauthn.RemoveWebAuthnView):
    """Remove a passkey, unless somebody's role asks for a second factor and this is the last."""

    template_name = "mfa/webauthn/remove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether it may go."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "may_go": get_adapter().can_delete_authenticator(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or show again why it stays."""
        if not get_adapter().can_delete_authenticator(self.object):
            stays: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=409)
            return stays
        response: HttpResponse = super().form_valid(form)
        return response


class LoginView(webauthn.LoginWebAuthnView):
    """Log in with a passkey alone: the browser asks for the challenge, then sends the answer."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the challenge; only the script of the login page asks for it."""
        return JsonResponse({"options": auth.begin_authentication(user=None)})

    def form_valid(self, form: Any) -> HttpResponse:
        """Let the owner of the passkey in, and go on to the page that was asked for."""
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say on the login page that it did not work."""
        return _back_with_errors(self.request, form, reverse("account_login"))


class ReauthenticateView(webauthn.ReauthenticateWebAuthnView):
    """Prove with a passkey that it is still you."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Try again on the same page, which keeps where one was going."""
        return _back_with_errors(self.request, form, self.request.get_full_path())


def _back_with_errors(request: HttpRequest, form: Any, url: str) -> HttpResponse:
    for error in form.non_field_errors():
        messages.error(request, error)
    return redirect(url)


class SecondStepView(AuthenticateView):
    """The second step of logging in, with what the person has."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which ways there are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        types = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        return {**context, "has_passkey": "webauthn" in types, "has_app": "totp" in types}


class SetUpAppView(ActivateTOTPView):
    """Set up an app for codes, or go to passkeys instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer a passkey to whoever has none."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "offers_passkey": not has_passkey(person(self.request))}
