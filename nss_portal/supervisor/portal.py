"""What `make run` starts: the whole portal on this machine, in the foreground, until it is told to end."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

from nss_portal.supervisor import places, processes
from nss_portal.supervisor.children import Child, all_there, portal_children, stop_all
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import BASE_DIR, Layout
from nss_portal.supervisor.leases import Lease, needed
from nss_portal.supervisor.locks import FileLock
from nss_portal.supervisor.prepared import PreparedNote

READY_TIMEOUT = 120.0  # seconds from the start of the processes until all of them answer
TICK = 0.25


class Told(Exception):
    """Somebody asked us to end."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201


class Portal:
    """The portal of one data folder on one port."""

    def __init__(self, layout: Layout, port: int) -> None:
        self.layout = layout
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        self.leases: list[Lease] = []
        self.children: list[Child] = []
        self._told = False
        places.data_folder(layout)
        self._lock = FileLock(layout.lock_dir / "portal")

    def run(self) -> None:
        """Start everything, say when it answers, watch over it, and end it when told.

        Raises SupervisorError when something stands in the way; whatever was started has ended then.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._tell)
        try:
            self._claim()
            self._check_settings()
            self._start_servers()
            self._prepare()
            self._start_children()
            say(f"Portal ready: {self.url}")
            self._say_what_next()
            while True:
                self._watch()
                time.sleep(TICK)
        except Told:
            say("Ending; a second Ctrl-C does not wait for work at hand.")
        finally:
            self._end()

    def _say_what_next(self) -> None:
        if self._demo:
            say(f"Log in as any role: {self.url}demo/")
        say(f"Ctrl-C ends it and loses nothing. Logs: {self.layout.log('web').parent}")

    def _tell(self, *_signal: object) -> None:
        if not self._told:
            self._told = True
            raise Told
        for child in self.children:
            if child.process is not None:
                processes.kill_session(child.process)

    def _claim(self) -> None:
        """Make sure that nobody else runs a portal on this data or on this port."""
        if not self._lock.try_to_hold():
            raise SupervisorError(
                f"The portal of {self.layout.data_dir} is running already: {self._lock.read()}\n"
                "For a second one beside it, name another data folder: make run NSS_DATA_DIR=… PORT=…"
            )
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise SupervisorError(
                    f"Port {self.port} cannot be had ({error.strerror}). Choose another one: make run PORT=…"
                ) from error
        self._lock.write(f"{self.url} (process {os.getpid()})")

    def _check_settings(self) -> None:
        """Read the settings before anything is started; raises SupervisorError with what is wrong with them."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nss_portal.settings")
        os.environ.setdefault("NSS_BASE_URL", self.url.rstrip("/"))
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured

        try:
            self._host = str(next((host for host in settings.ALLOWED_HOSTS if host != "*"), "127.0.0.1")).lstrip(
                "."
            )
            self._demo = bool(settings.NSS_DEMO)
        except ImproperlyConfigured as error:
            raise SupervisorError(str(error)) from error

    def _start_servers(self) -> None:
        names = needed()
        if names:
            say(f"Starting {' and '.join(names)} (data in {self.layout.data_dir})")
        for name in names:
            self.leases.append(Lease(self.layout, name))

    def _prepare(self) -> None:
        """Bring the database up to date: migrations, texts, reference data, demo data.

        A database of our own that has seen this very code and data needs none of it.
        """
        note = PreparedNote(self.layout)
        if note.holds():
            return
        note.withdraw()
        say("Bringing the database up to date")
        prepare = processes.start(
            [sys.executable, "manage.py", "prepare"],
            log=self.layout.log("prepare"),
            cwd=BASE_DIR,
            env=os.environ,
        )
        try:
            while prepare.poll() is None:
                time.sleep(0.05)
        finally:
            processes.stop(prepare, signal.SIGTERM, grace=5)
        if prepare.returncode != 0:
            log = self.layout.log("prepare")
            raise SupervisorError(
                f"The database could not be brought up to date. The end of {log}:\n{processes.tail(log)}"
            )
        note.leave()

    def _start_children(self) -> None:
        say("Starting web, worker and clock")
        shutil.rmtree(self.layout.temporary_dir, ignore_errors=True)  # a process that was killed left its things
        self.layout.temporary_dir.mkdir(mode=0o700)
        self.children = portal_children(self.layout, self.port)
        for child in self.children:
            child.start()
        ends = time.monotonic() + READY_TIMEOUT
        while not self.is_healthy():
            self._watch()
            failing = next((child for child in self.children if child.failures > 2), None)
            if failing or time.monotonic() > ends:
                raise SupervisorError(self._why_not_ready(failing))
            time.sleep(0.1)

    def _why_not_ready(self, failing: Child | None) -> str:
        if failing:
            return f"{failing.name} does not start. The end of {failing.log}:\n{processes.tail(failing.log)}"
        return f"Not everything answers: {self._health()[1]}. The logs are in {self.layout.log('web').parent}."

    def _health(self) -> tuple[int, str]:
        """Ask the portal how it is: the status code and what it said."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": self._host, "X-Forwarded-Proto": "https"})
            response = connection.getresponse()
            return response.status, response.read(500).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error)
        finally:
            connection.close()

    def is_healthy(self) -> bool:
        """Say whether web, database, broker and worker all answer."""
        return all_there(self.children) and self._health()[0] == 200

    def _watch(self) -> None:
        """Start again what died; raises SupervisorError when a server cannot be brought back."""
        for lease in self.leases:
            lease.ensure()
        for child in self.children:
            told = child.watch()
            if told:
                say(told)

    def _end(self) -> None:
        """End everything, in the order in which nothing is lost."""
        self._told = True
        stop_all(self.children)
        for lease in reversed(self.leases):
            lease.release()
        self._lock.close()


def port_from(text: str) -> int:
    """Read a port number; raises SupervisorError when it is none."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SupervisorError(f"PORT={text} is not a port. Give a number from 1 to 65535, for example PORT=8001.")
    return int(text)


def main(end_with_parent: bool) -> int:
    """Run the portal; exit code 0 after Ctrl-C, 2 when something stands in the way."""
    if end_with_parent:
        processes.end_with_parent(signal.SIGTERM)
    if os.environ.get("NSS_PRODUCTION", "").lower() not in ("1", "true", "yes", "on"):
        os.environ.setdefault("NSS_DEMO", "1")
    layout = Layout.from_environment()
    os.environ["NSS_DATA_DIR"] = str(layout.data_dir)  # the same place for processes that start in another folder
    try:
        Portal(layout, port_from(os.environ.get("PORT") or "8000")).run()
    except SupervisorError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except subprocess.SubprocessError as error:
        sys.stderr.write(f"A process could not be started: {error}\n")
        return 2
    return 0
