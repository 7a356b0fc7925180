"""Apps, templates, languages, files and the database."""

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from nss_portal.settings.env import BASE_DIR, DATA_DIR, DEMO, PRODUCTION, env
from nss_portal.supervisor.layout import Layout

NSS_DEMO = DEMO
NSS_PRODUCTION = PRODUCTION
NSS_DATA_DIR = DATA_DIR
DEBUG = False
ROOT_URLCONF = "nss_portal.urls"
WSGI_APPLICATION = "nss_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "nss_portal.pages",
    "contracts",
    "activities",
    "cities",
    "governance",
    "nss_portal.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "csp",
    "nss_portal.core.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Before anything looks at the form, which reads it whole.
    "nss_portal.core.files.early.refuse_too_large",
    "nss_portal.core.access.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "governance.accounts.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nss_portal.core.audit.RequestContextMiddleware",
    "nss_portal.pages.button_only.button_only",
    "nss_portal.core.rendering.RefusedFormMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "nss_portal.pages.context.portal",
            ],
        },
    },
]

_database_url = env.str("DATABASE_URL", default="")
DATABASES = {
    "default": env.db_url_config(_database_url) if _database_url else Layout(DATA_DIR).database_settings(),
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A list of choices in a form would cost a cursor that is declared, read and closed; nothing here reads millions.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
NSS_EMBEDDED_DATABASE = not _database_url

LANGUAGE_CODE = "nl"
FORMAT_MODULE_PATH = ["nss_portal.formats"]
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "locale" / area for area in ("nss_portal", "governance", "cities", "activities", "contracts")
]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

NSS_STORAGE_URL = env.str("NSS_STORAGE_URL", default=f"file://{DATA_DIR / 'files'}")


def storage_from_url(url: str) -> dict[str, object]:
    """Turn a storage address (file:///folder or s3://bucket/prefix) into a Django storage setting."""
    scheme, _sep, rest = url.partition("://")
    if scheme == "file":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": rest}}
    if scheme == "s3":
        bucket, _slash, prefix = rest.partition("/")
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": bucket, "location": prefix, "file_overwrite": False},
        }
    raise ImproperlyConfigured(f"NSS_STORAGE_URL must start with file:// or s3://, not {url!r}")


STORAGES: dict[str, dict[str, object]] = {
    "default": storage_from_url(NSS_STORAGE_URL),
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if env.bool("NSS_HASHED_STATIC", default=PRODUCTION)
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        ),
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
