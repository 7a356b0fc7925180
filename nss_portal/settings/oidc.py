"""Logging in through an organisation's own OpenID Connect: one provider per name in OIDC_PROVIDERS.

Several providers stand beside each other; each has its own issuer, client and e-mail domains. Providers come from
the environment only: what lies in the database of django-allauth is not looked at.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from nss_portal.settings.env import env

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
LOCAL = ("localhost", "127.0.0.1", "::1")


def provider_from(name: str) -> dict[str, Any]:
    """Give django-allauth's description of one provider ('rotterdam' reads OIDC_ROTTERDAM_ISSUER and so on).

    Raises ImproperlyConfigured when a name cannot stand in an address, a value is missing, or the issuer is not
    reached over https.
    """
    if not NAME.fullmatch(name):
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: {name!r} is not a name of small letters, digits and dashes.")
    prefix = f"OIDC_{name.upper().replace('-', '_')}_"
    issuer = _needed(prefix + "ISSUER")
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname not in LOCAL:
        raise ImproperlyConfigured(f"{prefix}ISSUER={issuer!r} must start with https://.")
    return {
        "provider_id": name,
        "name": env.str(prefix + "LABEL", default=name.capitalize()),
        "client_id": _needed(prefix + "CLIENT_ID"),
        "secret": _needed(prefix + "CLIENT_SECRET"),
        "settings": {
            "issuer": issuer,
            "server_url": f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            "domains": [domain.strip().lower().lstrip("@") for domain in env.list(prefix + "DOMAINS", default=[])],
            "acr_values": env.list(prefix + "ACR_VALUES", default=[]),
            "trusts_email": env.bool(prefix + "TRUSTS_EMAIL", default=False),
            "oauth_pkce_enabled": True,
        },
    }


def providers() -> list[dict[str, Any]]:
    """Give the descriptions of all providers in OIDC_PROVIDERS, in that order."""
    names = [name.strip() for name in env.list("OIDC_PROVIDERS", default=[]) if name.strip()]
    if len(set(names)) != len(names):
        raise ImproperlyConfigured("OIDC_PROVIDERS names a provider twice.")
    return [provider_from(name) for name in names]


def _needed(variable: str) -> str:
    value: str = env.str(variable, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{variable} is not set; OIDC_PROVIDERS asks for it.")
    return value


SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_class": "governance.accounts.organisation_login.provider.Provider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": providers(),
    }
}
SOCIALACCOUNT_ADAPTER = "governance.accounts.organisation_login.adapter.SocialAdapter"
# Who may come in by a verified address is decided by the adapter, per provider and domain.
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# Seconds that a provider gets to answer.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
