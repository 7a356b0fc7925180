"""The portal as `make run` starts it: one that is ready, beside others, killed, started again, told to end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from nss_portal.supervisor.layout import BASE_DIR, Layout
from tests.supervisor.own import START, Started, pid_of, processes_of, wait_until

REMEMBER = "from django.contrib.sessions.models import Session as S; from django.utils import timezone as t; "


def refused(environment: dict[str, str], **changes: str) -> str:
    """Start a portal that has to refuse; gives what it says on standard error."""
    done = subprocess.run(
        START, cwd=BASE_DIR, env=environment | changes, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def command(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of manage.py; gives what it says on standard output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_portal_from_start_to_end(
    layout: Layout, environment: dict[str, str], start: Callable[..., Started], port: int
) -> None:
    portal = start(port)
    portal.wait_ready()
    health = portal.health()
    assert health["parts"] == {"database": "ok", "broker": "ok", "worker": "ok", "clock": "ok"}

    # A second one on the same data says where the first one is, and does no harm.
    assert f"http://127.0.0.1:{port}/" in refused(environment, PORT=str(port + 1))
    # One with data of its own does not get the same port.
    other = str(layout.data_dir.parent / "other")
    assert f"Port {port}" in refused(environment, PORT=str(port), NSS_DATA_DIR=other)
    assert portal.health()["status"] == "ok"

    # A command works on the running database, and leaves it running.
    saved = REMEMBER + "S.objects.create(session_key='kept', session_data='x', expire_date=t.now())"
    command(environment, "shell", "--no-imports", "-c", saved)
    assert portal.health()["status"] == "ok"

    # A process that dies is started again.
    os.kill(pid_of(layout, "granian"), signal.SIGKILL)
    wait_until(lambda: "web ended (signal SIGKILL)" in portal.said, "the supervisor to notice")
    wait_until(lambda: _answers(portal), "the web server to be back", 30)

    # When the supervisor itself is killed, nothing stays behind.
    portal.process.kill()
    wait_until(lambda: not processes_of(layout), "the end of all processes")

    # The next one goes on where that one stopped, and ends when told, with nothing left.
    again = start(port)
    again.wait_ready()
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(30) == 0
    assert processes_of(layout) == {}
    kept = command(environment, "shell", "--no-imports", "-c", REMEMBER + "print(S.objects.get().session_key)")
    assert kept == "kept\n"
    assert processes_of(layout) == {}, "a command ends the servers that it brought up"


def _answers(portal: Started) -> bool:
    try:
        return portal.health()["status"] == "ok"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"NSS_PRODUCTION": "1"}, "NSS_DEMO=1 and NSS_PRODUCTION=1"),
        ({"NSS_DEMO": "0"}, "SECRET_KEY"),
        ({"PORT": "eighty"}, "PORT=eighty is not a port"),
        ({"PORT": "70000"}, "PORT=70000 is not a port"),
        ({"NSS_STORAGE_URL": "ftp://files"}, "NSS_STORAGE_URL"),
        ({"NSS_TRUSTED_PROXIES": "two"}, "NSS_TRUSTED_PROXIES='two'"),
        ({"NSS_DATA_DIR": "/dev/null/data"}, "NSS_DATA_DIR"),
    ],
)
def test_bad_settings_are_named_before_anything_starts(
    layout: Layout, environment: dict[str, str], port: int, changes: dict[str, str], says: str
) -> None:
    assert says in refused(environment, **({"PORT": str(port)} | changes))
    assert processes_of(layout) == {}


def test_given_servers_are_used_instead_of_ours(layout: Layout, environment: dict[str, str], port: int) -> None:
    given = {"DATABASE_URL": "postgres://nss@127.0.0.1:1/nss", "REDIS_URL": "redis://127.0.0.1:1/0"}
    said = refused(environment, PORT=str(port), **given)
    assert "127.0.0.1" in said
    assert "port 1 failed" in said
    assert not (layout.data_dir / "postgres").exists()


def test_a_command_names_bad_settings_as_well(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env=environment | {"NSS_PRODUCTION": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "NSS_DEMO=1 and NSS_PRODUCTION=1" in done.stderr
