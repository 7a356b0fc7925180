"""The environment, read once; the other settings modules take their values from here."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

DEMO: bool = env.bool("NSS_DEMO", default=False)
PRODUCTION: bool = env.bool("NSS_PRODUCTION", default=False)
if DEMO and PRODUCTION:
    raise ImproperlyConfigured("NSS_DEMO=1 and NSS_PRODUCTION=1 exclude each other: demo mode has open logins.")

DATA_DIR: Path = Path(env.str("NSS_DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
