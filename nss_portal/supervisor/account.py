"""The user that PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from nss_portal.supervisor.errors import SupervisorError


@dataclass(frozen=True)
class Account:
    """A user and a group of the machine, by number."""

    uid: int
    gid: int


def database_account(data: Path) -> Account | None:
    """Give whom PostgreSQL runs as, or None when it may run as we do.

    Whoever owns the data already stays the one; else `postgres`, which Debian's package makes, else `nobody`,
    which every machine has.
    """
    if os.getuid() != 0:
        return None
    if data.is_dir() and data.stat().st_uid != 0:
        found = data.stat()
        return Account(found.st_uid, found.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SupervisorError(
        "PostgreSQL refuses to run as root, and this machine has neither a user 'postgres' nor 'nobody'. "
        "Start as another user, or give DATABASE_URL."
    )
