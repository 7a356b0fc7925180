"""Locks on files: the kernel drops them when a process ends, however it ends."""

import fcntl
import os
from pathlib import Path


class FileLock:
    """A lock on a file of its own, held by this process; children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Hold it beside others who share it; waits while somebody holds it alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def hold(self) -> None:
        """Hold it alone; waits until nobody else holds it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_to(self, operation: int) -> bool:
        """Take it (LOCK_EX or LOCK_SH) when that is possible at once; says whether it was."""
        try:
            fcntl.flock(self._descriptor, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def try_to_hold(self) -> bool:
        """Hold it alone when nobody else holds it; says whether that succeeded."""
        return self.try_to(fcntl.LOCK_EX)

    def try_to_share(self) -> bool:
        """Share it when nobody holds it alone; says whether that succeeded."""
        return self.try_to(fcntl.LOCK_SH)

    def drop(self) -> None:
        """Let go, and keep the file open for another time."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go for good."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def write(self, text: str) -> None:
        """Leave a message in the file for whoever finds it locked."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def read(self) -> str:
        """Give the message of the one who holds it."""
        return os.pread(self._descriptor, 4096, 0).decode(errors="replace")

    def __enter__(self) -> "FileLock":
        self.hold()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
