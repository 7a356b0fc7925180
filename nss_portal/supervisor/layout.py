"""Where the embedded servers keep their data and sockets. Pure: settings import it."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# A fixed place instead of tempfile.gettempdir(): two shells with another TMPDIR have to find the same sockets.
TEMPORARY = Path("/tmp")  # noqa: S108


@dataclass(frozen=True)
class Layout:
    """The places of one data folder.

    Sockets lie in a short folder of their own: a socket's path may have no more than 107 bytes,
    which a deep clone exceeds.
    """

    data_dir: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Layout":
        """Give the layout that NSS_DATA_DIR names, by default `.data` in the clone."""
        named = (os.environ if environment is None else environment).get("NSS_DATA_DIR", "")
        return cls(Path(named or BASE_DIR / ".data").resolve())

    @property
    def run_dir(self) -> Path:
        """Folder of the sockets, one per data folder and per user of the machine."""
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        return TEMPORARY / f"nss-{os.getuid()}-{digest}"

    @property
    def postgres_socket_dir(self) -> Path:
        """Folder of PostgreSQL's socket, writable by the user that PostgreSQL runs as."""
        return self.run_dir / "postgres"

    @property
    def redis_socket(self) -> Path:
        """Redis' socket."""
        return self.run_dir / "redis" / "redis.sock"

    @property
    def lock_dir(self) -> Path:
        """Folder of the locks that say who uses what."""
        return self.data_dir / "locks"

    @property
    def temporary_dir(self) -> Path:
        """Folder of what web, worker and clock need for a moment; emptied at each start."""
        return self.data_dir / "tmp"

    def log(self, name: str) -> Path:
        """Log file of one process: 'web', 'postgres'."""
        return self.data_dir / "log" / f"{name}.log"

    def database_settings(self) -> dict[str, object]:
        """Django's connection settings of the embedded PostgreSQL."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "nss",
            "USER": "nss",
            "HOST": str(self.postgres_socket_dir),
            "PORT": "5432",
        }

    def redis_url(self) -> str:
        """Address of the embedded Redis, as redis-py spells it."""
        return f"unix://{self.redis_socket}"
