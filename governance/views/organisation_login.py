"""Logging in through the organisation's own OpenID Connect: leaving for it, coming back, connecting, accepting.

The browser leaves by a page of our own that goes on by itself, not by a redirect after the form: a content
security policy with `form-action 'self'` stops a form that ends at another host, over all its redirects.
"""

import secrets
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.views import ConnectionsView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from governance.accounts.organisation_login import newcomers
from governance.accounts.organisation_login.adapter import refused
from governance.accounts.organisation_login.provider import Adapter, CallbackView, Provider
from governance.accounts.organisation_login.refusal import Reason, Refusal
from governance.forms.people import NewcomerForm
from governance.models import User
from governance.services import Refused
from governance.views.account import log_in, person
from nss_portal.core.rendering import render


def _provider(request: HttpRequest, provider_id: str) -> Provider:
    """Give the provider of an address; raises Http404."""
    try:
        found: Provider = get_adapter().get_provider(request, provider=provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return found


@never_cache
@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the organisation's login; whoever is logged in connects it to the account."""
    provider = _provider(request, provider_id)
    if isinstance(request.user, User):
        response: HttpResponse = _connect(request, provider)
        return response
    return _leave(request, provider, AuthProcess.LOGIN, get_next_redirect_url(request))


@reauthentication_required(app="allauth.socialaccount")  # type: ignore[untyped-decorator]
def _connect(request: HttpRequest, provider: Provider) -> HttpResponse:
    return _leave(request, provider, AuthProcess.CONNECT, None)


def _leave(request: HttpRequest, provider: Provider, process: str, next_url: str | None) -> HttpResponse:
    """Show the page that goes on to the provider."""
    nonce = secrets.token_urlsafe(32)
    try:
        away = provider.redirect(
            request,
            process,
            next_url=next_url,
            auth_params={**provider.get_auth_params(), "nonce": nonce},
            nonce=nonce,
            language=get_language(),
        )
    except Refusal as refusal:
        return refused(request, provider, refusal.reason, refusal)
    except RequestException as error:
        return refused(request, provider, Reason.AWAY, error)
    return render(request, "socialaccount/leaving.html", {"url": away["Location"], "provider": provider.app})


@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the answer of the organisation's login."""
    provider = _provider(request, provider_id)
    view = CallbackView.adapter_view(Adapter(request, provider_id))
    try:
        response: HttpResponse = view(request)
    except Refusal as refusal:
        return refused(request, provider, refusal.reason, refusal)
    except RequestException as error:
        return refused(request, provider, Reason.AWAY, error)
    return response


@never_cache
def newcomer(request: HttpRequest) -> HttpResponse:
    """Somebody whom an invitation waits for, known to the own organisation: accept, and come in."""
    found = None if isinstance(request.user, User) else newcomers.remembered(request)
    if found is None:
        return render(request, "governance/newcomer_gone.html", status=410)
    form = NewcomerForm(request.POST or None, initial={"name": found.login.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = newcomers.accept(
                request, found, name=form.cleaned_data["name"], language=get_language() or "nl"
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("account_login")
        messages.success(request, _("Welcome. Your account is ready."))
        return log_in(request, user, reverse("home"))
    return render(request, "governance/newcomer.html", {"form": form, "found": found})


class Connections(ConnectionsView):
    """The organisations' logins that open one's account."""

    template_name = "socialaccount/connections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what is connected, and what could be."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        apps = get_adapter().list_apps(self.request)
        labels = {app.provider_id: app.name for app in apps}
        own = SocialAccount.objects.filter(user=person(self.request)).order_by("date_joined")
        rows = [(each, labels.get(each.provider, each.provider)) for each in own]
        taken = {each.provider for each, _label in rows}
        context["connected"] = rows
        context["to_connect"] = [app for app in apps if app.provider_id not in taken]
        context["may_disconnect"] = person(self.request).has_usable_password() or len(rows) > 1
        return context


@never_cache
@require_safe
def logged_out(request: HttpRequest, provider_id: str) -> HttpResponse:
    """After logging out: one may still be logged in at the organisation, and can log out there too."""
    provider = _provider(request, provider_id)
    context = {"provider": provider.app, "url": _logout_url(provider, Adapter(request, provider_id))}
    return render(request, "governance/organisation_logged_out.html", context)


def _logout_url(provider: Provider, adapter: Adapter) -> str:
    """Give the address at which one logs out there (OpenID Connect RP-Initiated Logout 1.0), or ''."""
    try:
        endpoint = str(adapter.openid_config.get("end_session_endpoint", ""))
    except (Refusal, RequestException):
        return ""
    return f"{endpoint}?{urlencode({'client_id': provider.app.client_id})}" if endpoint else ""
