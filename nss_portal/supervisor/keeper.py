"""Keeps one embedded server running as long as somebody uses it: `python -m nss_portal.supervisor.keeper`.

Several commands and `make run` may use the same servers, and none of them may end them under another. So the
servers belong to none of them but to a keeper: a process in the background that starts one server, starts it
again when it dies, and ends it when nobody holds a lease any more. A lease is a shared lock, which the kernel
drops also when its holder is killed; when the keeper itself is killed, the kernel ends the server.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
import traceback
from argparse import ArgumentParser, Namespace
from pathlib import Path

from nss_portal.supervisor import processes
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.locks import FileLock
from nss_portal.supervisor.servers import SERVERS, Server

START_TIMEOUT = 60.0  # seconds; recovery after a crash may take a while
TICK = 0.1


class Keeper:
    """Runs one server until nobody uses it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.stopping = False
        self.process: subprocess.Popen[bytes] | None = None
        locks = server.layout.lock_dir
        self.users = FileLock(locks / f"{server.name}.users")
        self.alive = FileLock(locks / f"{server.name}.keeper")

    def open(self) -> None:
        """Bring the server up; raises SupervisorError with the reason when it does not come up."""
        self._be_the_only_one()
        self.server.prepare()
        ends = time.monotonic() + START_TIMEOUT
        for pause in (0.2, 0.5, 1.0, 2.0, 4.0):
            self.process = self.server.start()
            if self._came_up(ends):
                return
            time.sleep(pause)  # what an earlier one left behind may take a moment to go
        self.close()
        log = self.server.layout.log(self.server.name)
        raise SupervisorError(f"{self.server.name} does not start. The end of {log}:\n{processes.tail(log)}")

    def _be_the_only_one(self, timeout: float = 5.0) -> None:
        """Hold the keeper's lock; whoever looks whether there is a keeper holds it for a moment."""
        ends = time.monotonic() + timeout
        while not self.alive.try_to_hold():
            if time.monotonic() > ends:
                raise SupervisorError(f"{self.server.name} is being kept already.")
            time.sleep(0.01)
        self.alive.write(str(os.getpid()))

    def _came_up(self, ends: float) -> bool:
        while self.process is not None and self.process.poll() is None and time.monotonic() < ends:
            if self.server.answers():
                return True
            time.sleep(0.03)
        return False

    def keep(self) -> None:
        """Watch over the server until nobody uses it, or until told to end."""
        failures = 0
        while not self.stopping and not self.users.try_to_hold():
            if self.process is None or self.process.poll() is None:
                time.sleep(TICK)
                continue
            failures += 1
            time.sleep(min(0.2 * 2**failures, 10))
            with contextlib.suppress(SupervisorError):
                self.server.prepare()
                self.process = self.server.start()
                failures = 0 if self._came_up(time.monotonic() + START_TIMEOUT) else failures

    def close(self) -> None:
        """End the server; the locks go with this process."""
        if self.process is not None:
            self.server.stop(self.process)

    def stop(self, *_signal: object) -> None:
        """Take a signal to end."""
        self.stopping = True


def _into_background(log: Path) -> None:
    """Leave the terminal: output goes to the log, input is empty."""
    os.setsid()
    os.chdir("/")
    nothing, written = os.open(os.devnull, os.O_RDONLY), processes.open_log(log)
    for opened, descriptor in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(opened, descriptor)
    os.close(nothing)
    os.close(written)


def _serve(options: Namespace, answer: int) -> None:
    """Be the keeper: say on `answer` how the start went, then stay."""
    layout = Layout(options.data_dir)
    _into_background(layout.log(f"{options.server}-keeper"))
    try:
        keeper = Keeper(SERVERS[options.server](layout, throwaway=options.throwaway))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, keeper.stop)
        keeper.open()
    except (SupervisorError, OSError) as error:
        os.write(answer, str(error).encode())
        return
    os.write(answer, b"ready")
    os.close(answer)
    try:
        keeper.keep()
    finally:
        keeper.close()


def main() -> int:
    """Start a keeper in the background; exit code 0 once its server answers, else 1 with the reason."""
    parser = ArgumentParser(prog="nss_portal.supervisor.keeper")
    parser.add_argument("server", choices=sorted(SERVERS))
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--throwaway", action="store_true")
    options = parser.parse_args()
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        try:
            _serve(options, writing)
        except BaseException:
            traceback.print_exc()  # into the log: nobody else is there to hear it
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        answer = answers.read()
    if answer == "ready":
        return 0
    print(answer or f"The keeper of {options.server} ended without a word.", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
