"""PostgreSQL and Redis: how each is set up, started, seen to answer and stopped."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path

from nss_portal.supervisor import account, binaries, places, processes
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import Layout

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

SET_UP = "CREATE ROLE nss LOGIN CREATEDB;\nCREATE DATABASE nss OWNER nss;\n"
# The suite empties tables that nothing may ever be deleted from, with their triggers off.
SET_UP_FOR_TESTS = "GRANT SET ON PARAMETER session_replication_role TO nss;\n"


class Server(ABC):
    """One embedded server of a data folder; `throwaway` gives up safety on disk for speed, for tests."""

    name: str
    end_signal: int

    def __init__(self, layout: Layout, *, throwaway: bool = False) -> None:
        self.layout = layout
        self.throwaway = throwaway

    @abstractmethod
    def prepare(self) -> None:
        """Make whatever has to be there before the server starts, once; raises SupervisorError."""

    @abstractmethod
    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server as a child of this process."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether the server takes requests."""

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """End the server so that nothing is lost, and remove its sockets."""
        processes.stop(process, self.end_signal, grace=20)
        places.remove_socket_folder(self.layout, self.name)


class Redis(Server):
    """The broker and cache: on a socket only, every write appended to a file."""

    name = "redis"
    end_signal = signal.SIGTERM

    def prepare(self) -> None:
        self.binary = binaries.find_redis()
        # A newer Redis writes files that an older one does not read, so each major version has its own.
        self.data = self.layout.data_dir / f"redis-{self.binary.major}"
        self.data.mkdir(mode=0o700, exist_ok=True)

    def start(self) -> "subprocess.Popen[bytes]":
        folder = places.socket_folder(self.layout, self.name)
        durable = ["--appendonly", "no" if self.throwaway else "yes", "--save", ""]
        where = ["--port", "0", "--unixsocket", str(folder / "redis.sock"), "--unixsocketperm", "700"]
        return processes.start(
            [self.binary.program, *where, *durable, "--daemonize", "no", "--dir", "."],
            log=self.layout.log(self.name),
            cwd=self.data,
            env=ENVIRONMENT,
            end_signal=self.end_signal,
        )

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.layout.redis_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
            except OSError:
                return False


class Postgres(Server):
    """The database: on a socket only, under a user that is not root.

    That user need not be able to reach the data folder: as root we open it and hand it over, and PostgreSQL finds
    it as one of its open files (`docs/adr/0002-embedded-servers.md`).
    """

    name = "postgres"
    end_signal = signal.SIGINT  # "fast": ends the connections, writes everything, stops

    def prepare(self) -> None:
        self.data = self.layout.data_dir / "postgres"
        self.account = account.database_account(self.data)
        self.binaries = binaries.within_reach(binaries.find_postgres(self.data), self.account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._wait_for_predecessor()

    def start(self) -> "subprocess.Popen[bytes]":
        owner = (self.account.uid, self.account.gid) if self.account else None
        folder = places.socket_folder(self.layout, self.name, owner)
        with self._handed_over(self.data) as (data, descriptors):
            return processes.start(
                [self.binaries.folder / "postgres", "-D", data, *self._settings(folder)],
                log=self.layout.log(self.name),
                cwd=Path("/"),
                env=ENVIRONMENT,
                end_signal=self.end_signal,
                account=self.account,
                descriptors=descriptors,
            )

    def answers(self) -> bool:
        return self._pid_file_lines()[7:8] == ["ready"]

    def _settings(self, socket_folder: Path) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder),
            "port": "5432",
            "max_connections": "100",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.throwaway:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    @contextlib.contextmanager
    def _handed_over(self, folder: Path) -> Iterator[tuple[str, list[int]]]:
        """Give the name by which PostgreSQL finds a folder, and the open files that it has to inherit for that."""
        if self.account is None:
            yield str(folder), []
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", [descriptor]
        finally:
            os.close(descriptor)

    def _initialise(self) -> None:
        """Make an empty database, complete or not at all."""
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.account:
            os.chown(unfinished, self.account.uid, self.account.gid)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        self._run(unfinished, ["initdb", *options, *(["--no-sync"] if self.throwaway else [])])
        self._run(
            unfinished,
            ["postgres", "--single", "-c", "exit_on_error=true"],
            ["postgres"],
            SET_UP + (SET_UP_FOR_TESTS if self.throwaway else ""),
        )
        shutil.rmtree(self.data, ignore_errors=True)
        unfinished.rename(self.data)

    def _run(self, folder: Path, command: list[str], last: list[str] | None = None, text: str = "") -> None:
        """Run one of PostgreSQL's programs on a data folder; raises SupervisorError with what it said."""
        with self._handed_over(folder) as (data, descriptors):
            done = subprocess.run(
                [self.binaries.folder / command[0], *command[1:], "-D", data, *(last or [])],
                input=text,
                capture_output=True,
                text=True,
                cwd="/",
                env=ENVIRONMENT,
                pass_fds=descriptors,
                preexec_fn=processes.tied(signal.SIGKILL),
                **processes.identity(self.account),
            )
        if done.returncode != 0:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise SupervisorError(f"PostgreSQL could not set up its data in {folder}:\n{said}")

    def _pid_file_lines(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except OSError:
            return []

    def _wait_for_predecessor(self, timeout: float = 20) -> None:
        """Wait until a server whose keeper was killed has ended; remove the note of one that is gone.

        PostgreSQL believes a number in its note that another process bears by now; we look what that process is.
        """
        ends = time.monotonic() + timeout
        while (lines := self._pid_file_lines()) and lines[0].isdigit() and self._is_ours(int(lines[0])):
            if time.monotonic() > ends:
                raise SupervisorError(
                    f"Another PostgreSQL (process {lines[0]}) uses {self.data} and does not end."
                )
            time.sleep(0.1)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        """Say whether a process is a PostgreSQL that works in our data folder."""
        try:
            return os.path.samefile(f"/proc/{pid}/cwd", self.data)
        except OSError:
            return False


SERVERS: dict[str, type[Server]] = {Postgres.name: Postgres, Redis.name: Redis}
