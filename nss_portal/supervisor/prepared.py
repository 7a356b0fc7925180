"""A note that the embedded database has seen the code and data as they are now."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from nss_portal.supervisor.layout import BASE_DIR, Layout
from nss_portal.supervisor.leases import needed

PARTS = ("nss_portal", "governance", "cities", "activities", "contracts", "locale", "static")
MADE = frozenset({".pyc", ".mo"})


class PreparedNote:
    """Says whether `manage.py prepare` would change anything; only about a database of our own."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.data_dir / "prepared"
        self._ours = "postgres" in needed()
        self._cluster = layout.data_dir / "postgres" / "PG_VERSION"

    def holds(self) -> bool:
        """Say whether the note is there and true: same code, same data files, same database, same mode."""
        return self._ours and self._path.exists() and self._path.read_text() == self._fingerprint()

    def withdraw(self) -> None:
        """Take the note away, before anything changes."""
        if self._ours:
            self._path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Leave the note, after everything has been done."""
        if self._ours:
            self._path.write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        mode = [os.environ.get(name) for name in ("NSS_DEMO", "NSS_PRODUCTION")]
        digest = hashlib.sha256(f"{sys.version}|{mode}".encode())
        if self._cluster.exists():
            digest.update(str(self._cluster.stat().st_mtime_ns).encode())
        for path in sorted(_sources()):
            found = path.stat()
            digest.update(f"{path}|{found.st_size}|{found.st_mtime_ns}".encode())
        return digest.hexdigest()


def _sources() -> Iterator[Path]:
    """Give the files that migrations, texts, reference data and demo data are made of."""
    yield BASE_DIR / "uv.lock"
    for part in PARTS:
        for folder, _folders, names in os.walk(BASE_DIR / part):
            for name in names:
                path = Path(folder, name)
                if path.suffix not in MADE:
                    yield path
