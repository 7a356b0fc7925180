"""A real OpenID provider on a local port, made with oauthlib; a test changes what it says of somebody."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from oauthlib.openid import RequestValidator
from oauthlib.openid.connect.core.endpoints.pre_configured import Server

CLIENT, SECRET = "portaal", "geheim van het portaal"
KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _each in range(2)]
PERSON = {"sub": "1001", "email": "jij@stad.example", "email_verified": True, "name": "Jij van de Stad"}


class Validator(RequestValidator):
    """One client, which must use PKCE; codes that work once."""

    def __init__(self, provider: "Provider") -> None:
        super().__init__()
        self.provider = provider
        self.codes: dict[str, Request] = {}
        self.tokens: set[str] = set()

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        return client_id == CLIENT

    def validate_redirect_uri(self, client_id: str, redirect_uri: str, *args: Any, **kwargs: Any) -> bool:
        return urlsplit(redirect_uri).path == "/account/organisatie/stad/terug/"

    def validate_response_type(self, client_id: str, response_type: str, *args: Any, **kwargs: Any) -> bool:
        return response_type == "code"

    def validate_scopes(self, client_id: str, scopes: list[str], *args: Any, **kwargs: Any) -> bool:
        return set(scopes) == {"openid", "profile", "email"}

    def validate_user_match(self, *args: Any, **kwargs: Any) -> bool:
        return True

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def save_authorization_code(self, client_id: str, code: dict[str, str], request: Request, *args: Any) -> None:
        self.codes[code["code"]] = request

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        return True

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        said = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        request.client = type("Client", (), {"client_id": CLIENT})()
        return said == f"{CLIENT}:{SECRET}"

    def validate_grant_type(self, client_id: str, grant_type: str, *args: Any, **kwargs: Any) -> bool:
        return grant_type == "authorization_code"

    def validate_code(self, client_id: str, code: str, client: Any, request: Request, *args: Any) -> bool:
        asked = self.codes.get(code)
        if asked is None:
            return False
        request.scopes, request.user = asked.scopes, "iemand"
        return True

    def get_code_challenge(self, code: str, request: Request) -> str:
        return str(self.codes[code].code_challenge)

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return str(self.codes[code].code_challenge_method)

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, *args: Any, **kwargs: Any
    ) -> bool:
        return bool(self.codes[code].redirect_uri == redirect_uri)

    def get_authorization_code_scopes(self, client_id: str, code: str, *args: Any) -> list[str]:
        return list(self.codes[code].scopes) if code in self.codes else []

    def get_authorization_code_nonce(self, client_id: str, code: str, *args: Any) -> str:
        return str(self.codes[code].nonce)

    def invalidate_authorization_code(self, client_id: str, code: str, *args: Any, **kwargs: Any) -> None:
        del self.codes[code]

    def save_bearer_token(self, token: dict[str, str], *args: Any, **kwargs: Any) -> None:
        self.tokens.add(token["access_token"])

    def validate_bearer_token(self, token: str, scopes: list[str], request: Request) -> bool:
        return token in self.tokens

    def finalize_id_token(self, id_token: dict[str, Any], *args: Any) -> str:
        claims = {
            **id_token,
            "iss": self.provider.issuer,
            "exp": id_token["iat"] + 300,
            **({} if self.provider.tells_by_userinfo else self.provider.person),
            "sub": self.provider.person["sub"],
            **self.provider.changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = KEYS[1 if self.provider.signs_wrongly else 0]
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "sleutel"})

    def get_userinfo_claims(self, request: Request) -> dict[str, Any]:
        return {**self.provider.person, **self.provider.userinfo_changes}


class Provider:
    """What the provider says, to be changed by a test, and what it was asked."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"
        self.said_issuer = self.issuer
        self.person: dict[str, Any] = dict(PERSON)
        self.changes: dict[str, Any] = {}
        self.userinfo_changes: dict[str, Any] = {}
        self.tells_by_userinfo = False
        self.signs_wrongly = False
        self.asked: list[str] = []
        self.server = Server(Validator(self))

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.said_issuer,
            "authorization_endpoint": f"{self.issuer}/inloggen",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/wie",
            "jwks_uri": f"{self.issuer}/sleutels",
            "end_session_endpoint": f"{self.issuer}/uitloggen",
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[0].public_key()))
        return {"keys": [{**public, "kid": "sleutel", "use": "sig"}]}

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Give what the portal's settings say of this provider."""
        app = {
            "provider_id": "stad",
            "name": "Stad",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {
                "issuer": self.issuer,
                "server_url": f"{self.issuer}/.well-known/openid-configuration",
                "domains": ["stad.example"],
                "acr_values": [],
                "trusts_email": False,
                **changes,
            },
        }
        return {
            "openid_connect": {
                "provider_class": "governance.accounts.organisation_login.provider.Provider",
                "APPS": [app],
            }
        }


class Handler(BaseHTTPRequestHandler):
    """Lets oauthlib answer. It wants https, which a test machine has no certificate for: it is told so."""

    def do_GET(self) -> None:
        self._answer("GET", None)

    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _answer(self, method: str, body: str | None) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        provider.asked.append(self.path)
        url, path, headers = f"https://localhost{self.path}", urlsplit(self.path).path, dict(self.headers)
        if path == "/.well-known/openid-configuration":
            return self._json(provider.configuration())
        if path == "/sleutels":
            return self._json(provider.keys())
        if path == "/uitloggen":
            return self._json({"uit": True})
        try:
            if path == "/inloggen":
                scopes, about = provider.server.validate_authorization_request(url, method, body, headers)
                answer = provider.server.create_authorization_response(url, method, body, headers, scopes, about)
            elif path == "/token":
                answer = provider.server.create_token_response(url, method, body, headers)
            else:
                answer = provider.server.create_userinfo_response(url, method, body, headers)
        except OAuth2Error as error:
            answer = {"Content-Type": "application/json"}, error.json, 400
        self._send(*answer)

    def _json(self, found: dict[str, Any]) -> None:
        self._send({"Content-Type": "application/json"}, json.dumps(found), 200)

    def _send(self, headers: dict[str, str], body: str | None, status: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider; it stops at the end, or with `provider.stop()`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = server.provider = Provider(server.server_port)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()

        provider.stop = stop  # type: ignore[attr-defined]
        yield provider
        server.shutdown()
        thread.join()
