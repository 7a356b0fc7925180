"""A data folder of a test's own, and portals on it."""

import contextlib
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nss_portal.supervisor.layout import Layout
from tests.supervisor.own import Started, processes_of, wait_until


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
    names = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPYCACHEPREFIX")
    kept = {name: value for name, value in os.environ.items() if name in names}
    return kept | {"NSS_DATA_DIR": str(layout.data_dir), "NSS_DEMO": "1"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., Started]]:
    """Start portals; at the end none is left."""
    started: list[Started] = []

    def starter(port: int, **changes: str) -> Started:
        started.append(Started(environment | changes, port))
        return started[-1]

    yield starter
    for portal in started:
        portal.end()


@pytest.fixture
def port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
