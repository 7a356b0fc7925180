"""PostgreSQL, Redis, worker, clock and mail server of a test's own, to be killed and restarted at will."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

from nss_portal.supervisor.layout import BASE_DIR, Layout
from nss_portal.supervisor.leases import leases
from tests.core.smtp import free_port
from tests.supervisor.own import wait_until

PROGRAMS = Path(sys.executable).parent


class Ground:
    """The portal's processes on a data folder of their own, without the web server."""

    def __init__(self, layout: Layout, environment: dict[str, str], *, quick: bool) -> None:
        self.layout = layout
        self.smtp_port = free_port()
        self.noted = layout.data_dir / "noted"
        self.environment = environment | {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "NSS_BASE_URL": "https://portaal.example",
            "NSS_LOG_LEVEL": "INFO",
        }
        if quick:
            self.environment["NSS_TEST_QUICK_LEASE"] = "1"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    # Processes

    def _start(self, name: str, *command: str | Path) -> None:
        with self.layout.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [str(part) for part in command],
                cwd=BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_worker(self) -> None:
        """Start a worker that knows the workload, as the supervisor does."""
        loaded = ["worker", "--without-gossip", "--without-mingle", "--include", "tests.core.workload"]
        self._start("worker", PROGRAMS / "celery", "-A", "nss_portal", *loaded)

    def start_clock(self, name: str = "clock") -> None:
        """Start the clock, or under another name a second one."""
        self._start(name, PROGRAMS / "celery", "-A", "nss_portal", "beat", "--pidfile", "")

    def start_sink(self) -> None:
        """Start the mail server."""
        self._start("sink", sys.executable, "-m", "tests.core.sink", str(self.smtp_port), self.noted)

    def kill(self, name: str) -> None:
        """End a process and its children as a power failure does."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_child(self, name: str, number: int = 0) -> bool:
        """End one of a process's children alone; gives whether there was one."""
        found = sorted(_children(self._running[name].pid))
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(found[number % len(found)], signal.SIGKILL)
        return True

    def is_running(self, name: str) -> bool:
        """Say whether a process is still the one that was started."""
        return self._running[name].poll() is None

    def end(self) -> None:
        """End all processes."""
        for name in list(self._running):
            self.kill(name)

    def restart_postgres(self, number: signal.Signals = signal.SIGINT) -> None:
        """End PostgreSQL; its keeper starts it again."""
        lines = (self.layout.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), number)

    def empty_redis(self) -> None:
        """Throw away everything that Redis holds."""
        with redis.Redis.from_url(self.layout.redis_url()) as client:
            client.flushall()

    def stop_redis(self, seconds: float) -> None:
        """Let Redis answer nobody for so long; then it goes on with what it held."""
        with redis.Redis.from_url(self.layout.redis_url()) as client:
            number = int(client.info("server")["process_id"])
        os.kill(number, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(number, signal.SIGCONT)

    def crash_redis(self) -> None:
        """End Redis as a power failure does; its keeper starts it again, with nothing in it."""
        with redis.Redis.from_url(self.layout.redis_url()) as client:
            os.kill(int(client.info("server")["process_id"]), signal.SIGKILL)

    # Commands and questions

    def run(self, code: str) -> None:
        """Carry out a line of Python that knows the workload, in a process of its own."""
        arguments = ["shell", "--no-imports", "-c", f"from tests.core import workload; {code}"]
        self.manage(*arguments)

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def ask(self, sql: str) -> Any:
        """Ask the database for one value; None while it does not answer."""
        try:
            with psycopg.connect(
                host=str(self.layout.postgres_socket_dir), user="nss", dbname="nss", autocommit=True
            ) as connection:
                row = connection.execute(sql.encode()).fetchone()
        except psycopg.OperationalError:
            return None
        return row[0] if row else None

    def wait(self, sql: str, what: str, seconds: float = 90) -> None:
        """Wait until a condition in SQL holds."""
        try:
            wait_until(lambda: bool(self.ask(f"SELECT {sql}")), what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.layout.log('worker').read_text()[-3000:]}") from error

    def wait_for_worker(self) -> None:
        """Wait until worker and clock have been heard from."""
        self.wait("count(DISTINCT part) = 2 FROM core_heartbeat", "worker and clock")

    def wait_for_rows(self, number: int) -> None:
        """Wait until the workload has written so many rows."""
        self.wait(f"count(*) >= {number} FROM core_transition", f"{number} rows")

    def rows(self) -> Counter[str]:
        """Give how often each row was written."""
        with psycopg.connect(host=str(self.layout.postgres_socket_dir), user="nss", dbname="nss") as connection:
            found = connection.execute("SELECT object_id FROM core_transition WHERE object_type = 'test.row'")
            return Counter(str(row[0]) for row in found)

    def taken(self) -> Counter[str]:
        """Give how often the mail server took each Message-ID."""
        return Counter(self.noted.read_text().split()) if self.noted.exists() else Counter()

    def mails(self, state: str) -> set[str]:
        """Give the Message-IDs of the mails in a state."""
        with psycopg.connect(host=str(self.layout.postgres_socket_dir), user="nss", dbname="nss") as connection:
            found = connection.execute("SELECT message_id FROM core_outgoingmail WHERE state = %s", [state])
            return {str(row[0]) for row in found}


def _children(parent: int) -> Iterator[int]:
    """Give the processes that a process started, as the kernel tells."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name stands in parentheses and may hold anything; after it come state and parent.
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(status.parent.name)


@contextmanager
def standing_on(layout: Layout, environment: dict[str, str], *, quick: bool) -> Iterator[Ground]:
    """Bring up a ground with worker, clock and mail server; at the end nothing of it is left.

    `quick` has short leases, and servers that are safe when they are ended but not when they crash: a PostgreSQL
    without `synchronous_commit` forgets what it said was written.
    """
    with ExitStack() as held:
        held.enter_context(leases(layout, ["postgres", "redis"], throwaway=quick))
        ground = Ground(layout, environment, quick=quick)
        held.callback(ground.end)
        ground.start_sink()
        ground.manage("migrate", "--no-input")
        ground.start_worker()
        ground.start_clock()
        ground.wait_for_worker()
        yield ground


def check_mails(ground: Ground, total: int, *, kills: int) -> int:
    """Check that no mail went twice and none was left out; gives the number of uncertain ones.

    A mail that is noted as sent was taken once. One that is uncertain was taken once or not, and is not tried
    again. A kill leaves at most as many uncertain as the worker has processes, which is two.
    """
    taken, sent, uncertain = ground.taken(), ground.mails("sent"), ground.mails("uncertain")
    assert set(taken.values()) <= {1}, [each for each, times in taken.items() if times > 1]
    assert sent <= set(taken)
    assert set(taken) <= sent | uncertain
    assert len(sent) + len(uncertain) == total
    assert len(uncertain) <= 2 * kills
    return len(uncertain)
