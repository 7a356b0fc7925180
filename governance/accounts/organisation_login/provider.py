"""django-allauth's OpenID Connect provider, made strict.

Added to what the library does: the issuer is pinned, PKCE (S256) cannot be switched off, a nonce ties the answer
to this browser, the ID token's signature is always verified, `acr` is held against what the settings demand, and
the user info must be about the same subject. See OpenID Connect Core 1.0, 3.1.3.7, and RFC 9207 for `iss`.
"""

import hashlib
import hmac
from functools import cached_property
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from governance.accounts.organisation_login.refusal import Reason, Refusal

Claims = dict[str, Any]
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT_FOR = 600  # seconds for which what a provider says of itself is not asked again
LEEWAY = 60  # seconds by which its clock may differ from ours


class Adapter(OpenIDConnectOAuth2Adapter):
    """Talks with one provider during one request."""

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        # What was kept when the person left for the provider; CallbackView fills it in.
        self.state: dict[str, Any] = {}

    @cached_property
    def app(self) -> SocialApp:
        """Give the provider's settings; raises SocialApp.DoesNotExist for a name that is none."""
        return self.get_provider().app

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """Give what the provider says of itself. Raises Refusal when it is not the issuer of the settings."""
        issuer = self.app.settings["issuer"]
        key = f"governance.oidc.{hashlib.sha256(issuer.encode()).hexdigest()}"
        found = cache.get(key)
        if found is None:
            found = self._fetched(self.app.settings["server_url"])
            if found.get("issuer") != issuer:
                raise Refusal(Reason.NOT_TRUSTED, f"issuer {found.get('issuer')!r} is not {issuer!r}")
            missing = [name for name in NEEDED if not found.get(name)]
            if missing:
                raise Refusal(Reason.NOT_TRUSTED, f"the configuration lacks {missing}")
            # OpenID Connect Discovery 1.0: this is the way where none is named.
            found.setdefault("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            cache.set(key, found, KEPT_FOR)
        return dict(found)

    def _fetched(self, url: str, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with get_adapter().get_requests_session() as session:
            answer = session.get(url, headers=headers)
            answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict):
            raise Refusal(Reason.NOT_TRUSTED, f"{url} gave no object")
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Give the one address that is registered at the provider, whatever language or host was asked."""
        with translation.override("nl"):
            path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return f"{settings.NSS_BASE_URL}{path}"

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Give the login that an answer of the token endpoint proves. Raises Refusal, RequestException."""
        claims = self._checked(str(kwargs["response"].get("id_token", "")), app)
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            about = self._fetched(self.profile_url, token.token)
            if about.get("sub") != claims["sub"]:
                raise Refusal(Reason.NOT_TRUSTED, "the user info is about somebody else")
            claims = {**about, **claims}
        # Without the claim it depends on the settings; 'false' is never overruled.
        said = claims.get("email_verified")
        claims["email_verified"] = app.settings["trusts_email"] if said is None else said in (True, "true")
        if app.settings["acr_values"]:
            self.state["acr"] = claims["acr"]
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _checked(self, id_token: str, app: SocialApp) -> Claims:
        """Give the claims of an ID token that was signed by this provider, for us, for this attempt."""
        try:
            claims: Claims = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=app.settings["issuer"],
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise Refusal(Reason.NOT_TRUSTED, f"ID token: {error}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise Refusal(Reason.NOT_TRUSTED, "the ID token is for another party")
        nonce = str(self.state.get("nonce", ""))
        if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise Refusal(Reason.NOT_TRUSTED, "wrong nonce")
        demanded = app.settings["acr_values"]
        if demanded and claims.get("acr") not in demanded:
            raise Refusal(Reason.LOW_ACR, f"acr {claims.get('acr')!r} is none of {demanded}")
        return claims

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """Give the provider's key with which a token says that it was signed. Raises PyJWTError."""
        header = jwt.get_unverified_header(id_token)
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError(f"{header.get('alg')!r} is not accepted")
        keys = [
            key for key in self._fetched(self.openid_config["jwks_uri"]).get("keys", []) if key.get("kty") != "oct"
        ]
        keys = [key for key in keys if key.get("use", "sig") == "sig"]
        if "kid" in header:
            keys = [key for key in keys if key.get("kid") == header["kid"]]
        if len(keys) != 1:
            raise jwt.InvalidKeyError(f"{len(keys)} keys fit the token")
        return jwt.PyJWK(keys[0], algorithm=header["alg"])


class Provider(OpenIDConnectProvider):
    """One organisation's own login."""

    oauth2_adapter_class = Adapter

    def get_pkce_params(self) -> dict[str, Any]:
        """PKCE with S256, whatever the settings say."""
        return dict(generate_code_challenge())

    def get_auth_params(self) -> dict[str, Any]:
        """Ask for the strength that the settings demand."""
        demanded = self.app.settings["acr_values"]
        return {"acr_values": " ".join(demanded)} if demanded else {}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep of what the provider tells no more than shows somebody which login it is."""
        claims = data["id_token"]
        return {name: claims[name] for name in ("email", "name") if isinstance(claims.get(name), str)}


class CallbackView(OAuth2CallbackView):
    """Takes the answer of a provider."""

    def _get_state(self, request: HttpRequest, provider: Provider) -> Any:
        """Take what was kept when the person left, go on in their language, and look whose answer it is."""
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        if state and state.get("language"):
            translation.activate(state["language"])
            request.LANGUAGE_CODE = state["language"]
        said = request.GET.get("iss")
        if said is not None and said != provider.app.settings["issuer"]:
            raise Refusal(Reason.NOT_TRUSTED, f"the answer comes from {said!r}")
        return state, response
