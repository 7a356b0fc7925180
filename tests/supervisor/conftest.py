"""Servers and portals of a test's own, and looking at what is left of them."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nss_portal.supervisor.layout import Layout


def processes_of(layout: Layout) -> dict[int, str]:
    """Give the processes that work on a data folder: named in their arguments or environment, or their place."""
    marks = (str(layout.data_dir).encode(), str(layout.run_dir).encode())
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            arguments = (folder / "cmdline").read_bytes()
            text = arguments + (folder / "environ").read_bytes() + os.readlink(folder / "cwd").encode()
            if arguments and any(mark in text for mark in marks) and int(folder.name) != os.getpid():
                found[int(folder.name)] = arguments.replace(b"\0", b" ").decode(errors="replace").strip()
    return found


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Wait until something holds; fails the test with what was waited for."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"waited {seconds} s for: {what}"
        time.sleep(0.05)


def pid_of(layout: Layout, part: str) -> int:
    """Give the oldest process of a data folder with a text in its arguments."""
    return min(pid for pid, arguments in processes_of(layout).items() if part in arguments)


@pytest.fixture
def layout() -> Iterator[Layout]:
    """A data folder that nobody else uses, in a folder that only its owner may enter; at the end nothing runs."""
    place = Path(tempfile.mkdtemp(prefix="nss-own-"))
    own = Layout(place / "data")
    yield own
    for pid in processes_of(own):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(own), "the end of all processes")
    shutil.rmtree(place)
    shutil.rmtree(own.run_dir, ignore_errors=True)


@pytest.fixture
def environment(layout: Layout) -> dict[str, str]:
    """The environment of a portal on that data folder, with nothing of the suite's own in it."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {"NSS_DATA_DIR": str(layout.data_dir), "NSS_DEMO": "1"}


def end(process: "subprocess.Popen[str]") -> None:
    """End a process that a test started, and close its output."""
    process.kill()
    process.communicate()
