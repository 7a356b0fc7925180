"""Where the embedded servers keep their data and sockets. Pure: settings import it."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The places of one data folder.

    Sockets lie in a short folder of their own: a socket's path may have no more than 107 bytes,
    which a deep clone exceeds.
    """

    data_dir: Path

    @property
    def run_dir(self) -> Path:
        """Folder of the sockets, one per data folder and per user of the machine."""
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"nss-{os.getuid()}-{digest}"

    def database_settings(self) -> dict[str, object]:
        """Django's connection settings of the embedded PostgreSQL."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "nss",
            "USER": "nss",
            "HOST": str(self.run_dir),
            "PORT": "5432",
        }

    def redis_url(self) -> str:
        """Address of the embedded Redis, as redis-py spells it."""
        return f"unix://{self.run_dir}/redis.sock"
