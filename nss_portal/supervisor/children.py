"""The portal's own processes: web, worker and clock; one that dies is started again."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from nss_portal.supervisor import processes
from nss_portal.supervisor.layout import BASE_DIR, Layout

GRACE = 15.0  # seconds for work at hand; a job that is cut off goes on at the next start
STEADY = 30.0  # seconds after which a process counts as running well


@dataclass
class Child:
    """One process of the portal, and how often it died of late."""

    name: str
    arguments: list[str]
    layout: Layout
    process: "subprocess.Popen[bytes] | None" = None
    leaves_note: bool = True
    failures: int = 0
    started: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process; its output goes to its log."""
        self.started = time.monotonic()
        self.note.unlink(missing_ok=True)
        self.process = processes.start(
            self.arguments,
            log=self.layout.log(self.name),
            cwd=BASE_DIR,
            env=os.environ | self._variables(),
        )

    def _variables(self) -> dict[str, str]:
        return {
            "NSS_SUPERVISED": "1",
            "NSS_READY_NOTE": str(self.note),
            "PYTHONUNBUFFERED": "1",
            "CELERY_SKIP_CHECKS": "1",  # Django's own checks, a second each; `make check` runs them
            "TMPDIR": str(self.layout.temporary_dir),
        }

    def watch(self) -> str:
        """Start the process again when it died, later each time; gives what to tell, or nothing."""
        if self.process is None:
            if time.monotonic() >= self.again_at:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        steady = time.monotonic() - self.started > STEADY
        processes.kill_session(self.process)
        self.process = None
        self.failures = 1 if steady else self.failures + 1
        pause = min(2.0 ** (self.failures - 1), 30.0)
        self.again_at = time.monotonic() + pause
        return f"{self.name} ended ({describe(code)}) and is started again in {pause:.0f} s; see {self.log}"

    @property
    def note(self) -> Path:
        """Where worker and clock leave a note once they are there."""
        return self.layout.lock_dir / f"{self.name}.ready"

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.layout.log(self.name)


def all_there(children: list[Child]) -> bool:
    """Say whether everyone who leaves a note has left it since they were started."""
    return all(child.note.exists() for child in children if child.leaves_note)


def describe(code: int) -> str:
    """Say how a process ended: 'exit code 1', 'signal SIGKILL'."""
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def portal_children(layout: Layout, port: int) -> list[Child]:
    """Give the processes of the portal, not started yet."""
    programs = Path(sys.executable).parent
    celery = [str(programs / "celery"), "-A", "nss_portal", "--quiet"]
    web = [
        *(str(programs / "granian"), "nss_portal.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--log-level", "warning"),
    ]
    worker = ["worker", "--without-gossip", "--without-mingle", "--hostname", "portal@%h"]
    clock = ["beat", "--pidfile", ""]
    return [
        Child("web", web, layout, leaves_note=False),
        Child("worker", [*celery, *worker], layout),
        Child("clock", [*celery, *clock], layout),
    ]


def stop_all(children: list[Child], grace: float = GRACE) -> None:
    """Ask all of them to end at the same time, wait, then end what is left by force."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    ends = time.monotonic() + grace
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(ends - time.monotonic(), 0))
        processes.kill_session(process)
        process.wait()
