"""Folders that killed suites left behind in the machine's temporary folder."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.locks import FileLock

KEPT_FOR = 6 * 3600.0  # seconds; no suite runs as long as that
SUITE = "suite"  # the lock that a suite holds while it runs


def hold(data: Path) -> FileLock:
    """Say that the suite of a data folder is running, for as long as this process lives or until closed."""
    lock = FileLock(data / SUITE)
    lock.hold()
    return lock


def remove_leftovers(temporary: Path) -> list[Path]:
    """Remove folders of suites that have not been touched for six hours and that nobody uses; gives them."""
    removed = []
    for folder, data in _folders(temporary):
        if _is_old(folder) and not _is_used(data):
            shutil.rmtree(Layout(data).run_dir, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _folders(temporary: Path) -> Iterator[tuple[Path, Path]]:
    """Give the folders of suites, and of portals of a test's own, each with the data folder that it holds."""
    for pattern, within in (("nss-test-*", ""), ("nss-own-*", "data")):
        for folder in sorted(temporary.glob(pattern)):
            if folder.is_dir() and not folder.is_symlink():
                yield folder, folder / within


def _is_old(folder: Path) -> bool:
    """Say whether neither the folder nor what lies in it has changed of late."""
    try:
        newest = max(path.lstat().st_mtime for path in (folder, *folder.iterdir()))
    except OSError:
        return False  # somebody else's, or just gone
    return time.time() - newest > KEPT_FOR


def _is_used(data: Path) -> bool:
    """Say whether a suite, or a keeper of its servers, holds a lock in the folder."""
    with ExitStack() as held:
        for path in (data / SUITE, *Layout(data).lock_dir.glob("*")):
            if path.is_file():
                lock = FileLock(path)
                held.callback(lock.close)
                if not lock.try_to_hold():
                    return True
    return False
