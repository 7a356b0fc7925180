"""Broker, clock, mail, cache and logs: what happens outside a page."""

from celery.schedules import crontab
from kombu import Exchange, Queue

from nss_portal.settings.env import DATA_DIR, DEMO, PRODUCTION, env
from nss_portal.supervisor.layout import Layout

NSS_BASE_URL = env.str("NSS_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")

# Keep what a page worked out until anything changes (`core.kept`).
NSS_KEEP_PAGES = env.bool("NSS_KEEP_PAGES", default=True)
NSS_REDIS_URL = env.str("REDIS_URL", default="") or Layout(DATA_DIR).redis_url()
NSS_EMBEDDED_REDIS = not env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "nss_portal.core.cache.SharedCache",
        "LOCATION": NSS_REDIS_URL,
        "KEY_PREFIX": "nss",
        # In seconds: a page does not wait for a Redis that is away.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}


def broker_url(redis_url: str) -> str:
    """Give kombu's spelling of a Redis address: `redis+socket:` where redis-py says `unix:`."""
    return redis_url.replace("unix://", "redis+socket://", 1) if redis_url.startswith("unix://") else redis_url


CELERY_BROKER_URL = broker_url(NSS_REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Redis may come back at any time: never stop trying.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A message that a killed worker held comes back after an hour; the sweeper is quicker, and the job done.
    "visibility_timeout": 3600,
    # A page that causes a job does not wait for a Redis that is away.
    "socket_connect_timeout": 3,
    "socket_timeout": 20,
    "retry_on_timeout": True,
    # A connection that was cut on the way, without a word, is noticed within a minute.
    "socket_keepalive": True,
    "health_check_interval": 25,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_TASK_ACKS_LATE = True
# Two queues, served in turn, so that a thousand mails do not hold up a report and the other way round.
CELERY_TASK_DEFAULT_QUEUE = "work"
CELERY_TASK_QUEUES = [Queue(name, Exchange(""), routing_key=name) for name in ("work", "mail")]
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_SOFT_TIME_LIMIT = 30 * 60
CELERY_TASK_TIME_LIMIT = 31 * 60
CELERY_WORKER_CONCURRENCY = env.int("NSS_WORKER_PROCESSES", default=2)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Processes stay warm (WeasyPrint takes seconds to import) until a job has made one this large, in KiB.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A job at hand goes on when Redis is lost: its row in PostgreSQL is all that it needs.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
# Celery would close the database connection after every task; ours looks whether it still works instead.
CELERY_DB_REUSE_MAX = 1_000_000
CELERY_BEAT_SCHEDULER = "nss_portal.core.clock:DatabaseScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
# Where figures come from once a year, and in which month. Without a key the Klimaatmonitor is not asked.
NSS_FIGURES_MONTH = env.int("NSS_FIGURES_MONTH", default=3)
NSS_KLIMAATMONITOR_URL = env.str(
    "NSS_KLIMAATMONITOR_URL", default="https://klimaatmonitor.databank.nl/jiveservices/odata"
)
NSS_KLIMAATMONITOR_KEY = env.str("NSS_KLIMAATMONITOR_KEY", default="")
NSS_KLIMAATMONITOR_CODES = env.str("NSS_KLIMAATMONITOR_CODES", default="")
NSS_CBS_URL = env.str("NSS_CBS_URL", default="https://opendata.cbs.nl/ODataFeed/odata")
NSS_CBS_INHABITANTS_TABLE = env.str("NSS_CBS_INHABITANTS_TABLE", default="70072ned")

# Tasks that the clock sets going; each bears being set going twice. Those with a crontab come as jobs, which are
# never lost, the others as messages. `expires`: seconds after which a message
# that no worker took is dropped, since the next one does the same.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep": {"task": "core.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "clean-up-files": {"task": "core.clean_up_files", "schedule": crontab(hour=3, minute=10)},
    # Several times a day, so that a day on which the portal slept late is not missed; one job a day.
    "cities-day": {"task": "cities.day", "schedule": crontab(hour="0-22/2", minute=5)},
    "governance-day": {"task": "governance.day", "schedule": crontab(hour="6-19", minute=35)},
    "contributions-day": {"task": "governance.contributions_day", "schedule": crontab(hour="7-19", minute=45)},
    "governance-rights": {"task": "governance.rights", "schedule": crontab(minute="15,45")},
    # After the nightly copies, several times so that a night on which the portal slept is not missed.
    "privacy-day": {"task": "governance.privacy_day", "schedule": crontab(hour="2-8/2", minute=45)},
    "retention-day": {"task": "core.retention_day", "schedule": crontab(hour="3-9/2", minute=20)},
    "review-day": {"task": "contracts.review_day", "schedule": crontab(hour="7-19", minute=5)},
    "signing-day": {"task": "contracts.signing_day", "schedule": crontab(hour="7-19", minute=35)},
    "lessons-day": {"task": "activities.lessons_day", "schedule": crontab(hour="7-19", minute=20)},
    "digest-day": {"task": "pages.digest_day", "schedule": crontab(hour="7-11", minute=40)},
    "programmes-day": {"task": "activities.programmes_day", "schedule": crontab(hour="7-19", minute=25)},
    "polls-day": {"task": "activities.polls_day", "schedule": crontab(hour="7-19", minute=30)},
    "signals-day": {"task": "cities.signals_day", "schedule": crontab(hour="7-19", minute=10)},
    "workspace-day": {"task": "activities.workspace_day", "schedule": crontab(hour="7-19", minute=15)},
    # On several days and hours of its month; one fetch a year and service.
    "figures-year": {
        "task": "contracts.figures_year",
        "schedule": crontab(hour="6-18/4", minute=35, day_of_month="1-14", month_of_year=NSS_FIGURES_MONTH),
    },
    "agenda-day": {"task": "activities.agenda_day", "schedule": crontab(hour="7-19", minute=35)},
    "desk-day": {"task": "activities.desk_day", "schedule": crontab(hour="7-19", minute=15)},
}

# The yearly round of reviews opens by itself on this day (month-day) and is due so many days later.
NSS_REVIEW_OPENS_ON = env.str("NSS_REVIEW_OPENS_ON", default="09-01")
NSS_REVIEW_DUE_AFTER_DAYS = env.int("NSS_REVIEW_DUE_AFTER_DAYS", default=75)
# The yearly review of who has which rights, likewise.
NSS_RIGHTS_OPENS_ON = env.str("NSS_RIGHTS_OPENS_ON", default="02-01")
NSS_RIGHTS_DUE_AFTER_DAYS = env.int("NSS_RIGHTS_DUE_AFTER_DAYS", default=42)

# Without a mail server: in demo mode mails land in the mailbox page, else they go to the log.
NSS_MAIL_LANDS_HERE = DEMO and not env.str("EMAIL_URL", default="")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else {}
EMAIL_BACKEND = EMAIL_CONFIG.get("EMAIL_BACKEND") or (
    "nss_portal.core.mail.mailbox.EmailBackend"
    if NSS_MAIL_LANDS_HERE
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("NSS_MAIL_FROM", default="portaal@nss.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Largest file that somebody may send, in bytes.
NSS_UPLOAD_MAX_BYTES = env.int("NSS_UPLOAD_MAX_MB", default=25) * 1_000_000
# A ClamAV daemon that looks at what people send: tcp://host:3310. Empty: files are not scanned, and pages say so.
NSS_SCANNER_URL = env.str("NSS_SCANNER_URL", default="")

# Days in which somebody who asked to be forgotten can take that back.
NSS_ERASURE_GRACE_DAYS = env.int("NSS_ERASURE_GRACE_DAYS", default=14)
# Days that kinds of records are kept, where that differs from the table: "mails=365,invitations=90".
NSS_KEEP_DAYS = {key: int(days) for key, days in env.dict("NSS_KEEP_DAYS", default={}).items()}
# Under whose name records go to the archive, and its number in the Register van Overheidsorganisaties.
NSS_ARCHIVE_MAKER = env.str("NSS_ARCHIVE_MAKER", default="")
# What the owner's selection list says of the records: B (kept for good), V (destroyed in time), empty: unknown.
NSS_ARCHIVE_VALUE = env.str("NSS_ARCHIVE_VALUE", default="")
NSS_ARCHIVE_MAKER_ID = env.str("NSS_ARCHIVE_MAKER_ID", default="")

# The key with which PDFs of contracts are sealed, and its certificates: PEM, or the path of a file with it. Not
# in production a self-signed pair is made in the data folder. Certificates of former keys stay trusted.
NSS_SEAL_KEY = env.str("NSS_SEAL_KEY", default="", multiline=True)
NSS_SEAL_KEY_PASSWORD = env.str("NSS_SEAL_KEY_PASSWORD", default="")
NSS_SEAL_CERTIFICATE = env.str("NSS_SEAL_CERTIFICATE", default="", multiline=True)
NSS_SEAL_FORMER = env.str("NSS_SEAL_FORMER", default="", multiline=True)
NSS_SEAL_FOLDER = None if PRODUCTION else DATA_DIR / "seal"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "nss_portal.core.logs.Plain",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"hide-tokens": {"()": "nss_portal.core.logs.HideTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["hide-tokens"]}},
    "root": {"handlers": ["stderr"], "level": env.str("NSS_LOG_LEVEL", default="WARNING")},
    # The web servers' own logs of requests would go past the filter: theirs, and the one for development.
    "loggers": {
        name: {"handlers": ["stderr"], "level": "INFO", "propagate": False}
        for name in ("granian.access", "django.server")
    },
}
