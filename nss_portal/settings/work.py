"""Broker, clock, mail, cache and logs: what happens outside a page."""

from nss_portal.settings.env import DATA_DIR, DEMO, env
from nss_portal.supervisor.layout import Layout

NSS_BASE_URL = env.str("NSS_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")

NSS_REDIS_URL = env.str("REDIS_URL", default="") or Layout(DATA_DIR).redis_url()
NSS_EMBEDDED_REDIS = not env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": NSS_REDIS_URL,
        "KEY_PREFIX": "nss",
    }
}


def broker_url(redis_url: str) -> str:
    """Give kombu's spelling of a Redis address: `redis+socket:` where redis-py says `unix:`."""
    return redis_url.replace("unix://", "redis+socket://", 1) if redis_url.startswith("unix://") else redis_url


CELERY_BROKER_URL = broker_url(NSS_REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# The yearly round of reviews opens by itself on this day (month-day) and is due so many days later.
NSS_REVIEW_OPENS_ON = env.str("NSS_REVIEW_OPENS_ON", default="09-01")
NSS_REVIEW_DUE_AFTER_DAYS = env.int("NSS_REVIEW_DUE_AFTER_DAYS", default=75)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if not DEMO else "dummymail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("NSS_MAIL_FROM", default="portaal@nss.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("NSS_LOG_LEVEL", default="WARNING")},
}
