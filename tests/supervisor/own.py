"""Servers and portals of a test's own, and looking at what is left of them."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from nss_portal.supervisor.layout import BASE_DIR, Layout

START = [sys.executable, "-m", "nss_portal.supervisor"]


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
        time.sleep(0.1)


def pid_of(layout: Layout, part: str) -> int:
    """Give the oldest process of a data folder with a text in its arguments."""
    return min(pid for pid, arguments in processes_of(layout).items() if part in arguments)


def end(process: "subprocess.Popen[str]") -> None:
    """End a process that a test started, and close its output."""
    process.kill()
    process.communicate()


class Started:
    """A portal in a process of its own, and what it said."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.port = port
        self.said = ""
        self.process = subprocess.Popen(
            START,
            cwd=BASE_DIR,
            env=environment | {"PORT": str(port)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def wait_ready(self) -> None:
        wait_until(
            lambda: (
                f"Portal ready: http://127.0.0.1:{self.port}/\n" in self.said or self.process.poll() is not None
            ),
            "the portal to be ready",
            120,
        )
        assert self.process.poll() is None, self.said

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return dict(json.load(answer))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
