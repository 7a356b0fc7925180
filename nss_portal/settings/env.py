"""The environment, read once; the other settings modules take their values from here."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from nss_portal.supervisor.layout import Layout

BASE_DIR = Path(__file__).resolve().parent.parent.parent


class Environment(environ.Env):
    """The environment, in which a value of the wrong kind is named as the fault that it is."""

    def get_value(self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, **options: Any) -> Any:
        """Give a variable's value as the kind that `cast` says; raises ImproperlyConfigured when it is not."""
        try:
            return super().get_value(var, cast=cast, default=default, **options)
        except ValueError as error:
            kind = getattr(cast, "__name__", "that")
            raise ImproperlyConfigured(
                f"{var}={self.ENVIRON.get(var)!r} cannot be read as {kind}: {error}"
            ) from error


env = Environment()

DEMO: bool = env.bool("NSS_DEMO", default=False)
PRODUCTION: bool = env.bool("NSS_PRODUCTION", default=False)
if DEMO and PRODUCTION:
    raise ImproperlyConfigured("NSS_DEMO=1 and NSS_PRODUCTION=1 exclude each other: demo mode has open logins.")

DATA_DIR: Path = Layout.from_environment().data_dir
