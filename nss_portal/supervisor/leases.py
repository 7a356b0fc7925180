"""Using the embedded servers: a lease on each, for as long as one needs them."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from nss_portal.supervisor import places
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import BASE_DIR, Layout
from nss_portal.supervisor.locks import FileLock

STOP_TIMEOUT = 30.0  # seconds that we wait for a server to end


def needed(environment: Mapping[str, str] | None = None) -> list[str]:
    """Give the embedded servers that the environment asks for: those of which it gives no address."""
    given = os.environ if environment is None else environment
    return [
        name
        for name, variable in (("postgres", "DATABASE_URL"), ("redis", "REDIS_URL"))
        if not given.get(variable)
    ]


class Lease:
    """The use of one embedded server, from now until released or until this process ends, however it ends."""

    def __init__(self, layout: Layout, name: str, *, throwaway: bool = False) -> None:
        self.name = name
        self._layout = layout
        self._throwaway = throwaway
        places.data_folder(layout)
        self._users = FileLock(layout.lock_dir / f"{name}.users")
        try:
            self.ensure()
        except SupervisorError:
            self._users.close()
            raise

    def ensure(self) -> None:
        """Have the server running, also when its keeper was killed; raises SupervisorError when it cannot be."""
        if not self._kept():
            with FileLock(self._layout.lock_dir / f"{self.name}.starting"):
                self._users.share()  # waits for a keeper that is just ending its server
                if not self._kept():
                    self._start_keeper()

    def _kept(self) -> bool:
        """Say whether we hold our part and a keeper is at work."""
        if not self._users.try_to_share():
            return False
        keeper = FileLock(self._layout.lock_dir / f"{self.name}.keeper")
        try:
            return not keeper.try_to_share()
        finally:
            keeper.close()

    def _start_keeper(self) -> None:
        command = [sys.executable, "-m", "nss_portal.supervisor.keeper", self.name, str(self._layout.data_dir)]
        kept = ("PATH", "HOME", "NSS_EMBEDDED_BINARIES", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
        done = subprocess.run(
            command + (["--throwaway"] if self._throwaway else []),
            cwd=BASE_DIR,
            env={name: os.environ[name] for name in kept if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode != 0:
            raise SupervisorError(done.stderr.strip() or f"{self.name} could not be started.")

    def release(self) -> None:
        """Let go; when nobody else uses the server, wait until it has ended."""
        self._users.drop()
        keeper = FileLock(self._layout.lock_dir / f"{self.name}.keeper")
        ends = time.monotonic() + STOP_TIMEOUT
        while time.monotonic() < ends and not keeper.try_to_share() and not self._used_by_others():
            time.sleep(0.02)
        keeper.close()
        self._users.close()

    def _used_by_others(self) -> bool:
        if self._users.try_to_hold():
            self._users.drop()
            return False
        if self._users.try_to_share():
            self._users.drop()
            return True
        return False  # the keeper holds it alone: it is ending the server


@contextlib.contextmanager
def leases(layout: Layout, names: list[str], *, throwaway: bool = False) -> Iterator[list[Lease]]:
    """Use some embedded servers within a block."""
    held: list[Lease] = []
    try:
        for name in names:
            held.append(Lease(layout, name, throwaway=throwaway))
        yield held
    finally:
        for lease in reversed(held):
            lease.release()
