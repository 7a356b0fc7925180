"""Secret, hosts, cookies, transport and the content security policy."""

import os
import secrets
from contextlib import suppress
from tempfile import NamedTemporaryFile

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from nss_portal.settings.env import DATA_DIR, DEMO, PRODUCTION, env


def _demo_secret() -> str:
    """Keep one random secret per data folder, so that a restarted demo does not log everybody out."""
    path = DATA_DIR / "demo-secret"
    if not path.exists():
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Several processes may come here at once: the file appears complete, and the first one stays.
        with NamedTemporaryFile("w", dir=DATA_DIR) as written:
            written.write(secrets.token_urlsafe(50))
            written.flush()
            with suppress(FileExistsError):
                os.link(written.name, path)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or (_demo_secret() if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. It is required unless NSS_DEMO=1.")

ALLOWED_HOSTS = env.list("NSS_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
_https = env.str("NSS_BASE_URL", default="").startswith("https://")
CSRF_TRUSTED_ORIGINS = [env.str("NSS_BASE_URL")] if _https else []
SECURE_SSL_REDIRECT = PRODUCTION
# Asked by the machine itself, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.int("NSS_TRUSTED_PROXIES", default=0) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
