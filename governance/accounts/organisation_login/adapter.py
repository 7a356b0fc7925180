"""Who comes in through an organisation's own login: nobody gets an account by it alone."""

import logging
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.accounts.organisation_login import newcomers
from governance.accounts.organisation_login.refusal import WORDS, Reason, Refusal
from governance.accounts.second_factor import ORGANISATION
from governance.models import User
from nss_portal.core.rendering import render

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers from the settings; existing accounts and open invitations only."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("Without this login you would have no way in. Choose a password first."),
        "connected_other": _("This login belongs to another account already."),
    }

    def list_apps(
        self, request: HttpRequest | None, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Give the providers of the settings; none come from the database."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Fill in what is shown before an invitation is accepted."""
        user: User = sociallogin.user
        user.email = str(data.get("email") or "").lower()
        user.name = str(data.get("name") or "")[:150]
        return user

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Say whether a verified address opens its account: in this provider's domains, the first time.

        An account that knows another login of this provider stays closed: addresses are given to others in time.
        Who manages the portal technically connects it with the password first.
        """
        if not in_domains(login.provider.app, email):
            return False
        if SocialAccount.objects.filter(user__email__iexact=email, provider=login.account.provider).exists():
            return False
        return not User.objects.filter(email__iexact=email, is_staff=True).exists()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whom the portal knows, and show everybody else a page."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(self._stranger(request, sociallogin))
        if not sociallogin.user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        record_authentication(request, sociallogin.user, ORGANISATION, acr=sociallogin.state.get("acr"))

    def _stranger(self, request: HttpRequest, login: SocialLogin) -> HttpResponse:
        """Answer somebody without an account that this login opens."""
        address = next((each for each in login.email_addresses if each.verified), None)
        if address is None:
            return refused(request, login.provider, Reason.NOT_VERIFIED)
        if not in_domains(login.provider.app, address.email):
            return refused(request, login.provider, Reason.OTHER_DOMAIN)
        known = User.objects.filter(email__iexact=address.email).first()
        if known is not None:
            return refused(request, login.provider, Reason.STAFF if known.is_staff else Reason.OTHER_CONNECTION)
        if newcomers.is_invited(address.email):
            newcomers.remember(request, login, address.email)
            return redirect("organisation_newcomer")
        return refused(request, login.provider, Reason.UNKNOWN)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say in plain words why it did not work."""
        raise ImmediateHttpResponse(
            refused(request, provider, reason_of(error, exception, extra_context or {}), exception)
        )

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Go back to the page with one's connections."""
        return reverse("socialaccount_connections")


def reason_of(error: str | None, exception: Exception | None, context: dict[str, Any]) -> Reason:
    """Give the reason behind what django-allauth reports."""
    if isinstance(exception, Refusal):
        return exception.reason
    if error == AuthError.CANCELLED:
        return Reason.CANCELLED
    if exception is None and not context.get("state"):
        return Reason.EXPIRED
    return Reason.AWAY


def refused(
    request: HttpRequest, provider: Any, reason: Reason, exception: Exception | None = None
) -> HttpResponse:
    """Give the page that says why somebody did not come in, and what to do; the technical log gets the detail."""
    if reason != Reason.CANCELLED:
        logger.warning("login through %s refused (%s): %s", provider.app.provider_id, reason, exception or "")
    words, label = WORDS[reason], provider.app.name
    context = {
        "title": str(words.title).format(label=label),
        "text": str(words.text).format(label=label),
        "how_to_get_in": words.how_to_get_in,
        "provider": provider.app,
    }
    return render(request, "socialaccount/refused.html", context, status=words.status)


def in_domains(app: SocialApp, email: str) -> bool:
    """Say whether an address stands in one of a provider's own domains."""
    return email.rpartition("@")[2].lower() in app.settings["domains"]
