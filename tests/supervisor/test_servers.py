"""Embedded servers of the tests' own: shared, killed, restarted, out of reach."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from nss_portal.supervisor import account, binaries
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import BASE_DIR, Layout
from nss_portal.supervisor.leases import leases
from tests.supervisor.own import end, pid_of, processes_of, wait_until

HOLD = """
import sys
from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.leases import leases
with leases(Layout.from_environment(), ["postgres", "redis"], throwaway=True):
    print("up", flush=True)
    sys.stdin.read()
"""


def connect(layout: Layout) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(layout.postgres_socket_dir), user="nss", dbname="nss", autocommit=True)


def started_holder(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=BASE_DIR,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@contextlib.contextmanager
def holder(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Another process that uses the servers until its input ends."""
    process = started_holder(environment)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
    finally:
        end(process)


def test_several_use_the_same_servers_and_the_last_one_ends_them(
    layout: Layout, environment: dict[str, str]
) -> None:
    with holder(environment) as first, holder(environment) as second:
        keepers = [text for text in processes_of(layout).values() if "supervisor.keeper" in text]
        assert len(keepers) == 2, "one of PostgreSQL, one of Redis"
        first.communicate()
        with connect(layout) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        second.communicate()
        assert processes_of(layout) == {}, "the last one waits until they have ended"


def test_commands_that_start_at_once_share_one_server(layout: Layout, environment: dict[str, str]) -> None:
    with contextlib.ExitStack() as stack:
        started = [started_holder(environment) for _ in range(4)]
        for process in started:
            stack.callback(end, process)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
        servers = [text for text in processes_of(layout).values() if "bin/postgres -D" in text]
        assert len(servers) == 1


def test_nothing_is_left_when_the_user_is_killed(layout: Layout, environment: dict[str, str]) -> None:
    with holder(environment) as user:
        assert len(processes_of(layout)) > 4
        user.kill()
        wait_until(lambda: not processes_of(layout), "the end of all processes")
    assert not layout.run_dir.exists()


def test_data_survive_a_killed_keeper(layout: Layout, environment: dict[str, str]) -> None:
    with holder(environment):
        with connect(layout) as connection:
            connection.execute("CREATE TABLE kept (number int)")
            connection.execute("INSERT INTO kept VALUES (42)")
        os.kill(pid_of(layout, "supervisor.keeper postgres"), signal.SIGKILL)
        wait_until(
            lambda: not any("bin/postgres" in text for text in processes_of(layout).values()), "postgres to end"
        )
    with leases(layout, ["postgres"]), connect(layout) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_the_keeper_starts_a_server_again_that_died(layout: Layout, environment: dict[str, str]) -> None:
    with holder(environment):
        before = pid_of(layout, "bin/postgres -D")
        os.kill(before, signal.SIGKILL)

        def answers() -> bool:
            with contextlib.suppress(psycopg.OperationalError, ValueError), connect(layout):
                return pid_of(layout, "bin/postgres -D") != before
            return False

        wait_until(answers, "PostgreSQL to be back")


def test_a_note_of_a_server_long_gone_does_not_stand_in_the_way(layout: Layout) -> None:
    with leases(layout, ["postgres"], throwaway=True):
        lines = (layout.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    # After a restart of the machine its number may be another process's, here our own.
    stale = layout.data_dir / "postgres" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with leases(layout, ["postgres"], throwaway=True), connect(layout) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_redis_keeps_what_it_was_given(layout: Layout) -> None:
    for command, answer in ((b"SET kept 42\r\n", b"+OK\r\n"), (b"GET kept\r\n", b"$2\r\n42\r\n")):
        with leases(layout, ["redis"]), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(layout.redis_socket))
            connection.sendall(command)
            assert connection.recv(64) == answer


def test_binaries_of_the_wheels_serve_as_well(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(binaries.CHOICE, "wheel")
    with leases(layout, ["postgres", "redis"], throwaway=True), connect(layout) as connection:
        row = connection.execute("SELECT to_tsvector('dutch', 'gemeenten')::text").fetchone()
        assert row == ("'gemeent':1",)
        assert "site-packages" in " ".join(processes_of(layout).values())


@pytest.mark.skipif(os.getuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_binaries_out_of_reach_are_copied_within_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(binaries.CHOICE, "wheel")
    found = binaries.find_postgres(Path("/nonexistent"))
    whom = account.database_account(Path("/nonexistent"))
    package = found.folder.parent.parent
    closed, open_to_all = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    open_to_all.chmod(0o755)
    monkeypatch.setattr(binaries, "TEMPORARY", open_to_all)
    try:
        for part in (package, package.with_name(f"{package.name}.libs")):
            subprocess.run(["cp", "-al", part, closed], check=True)
        out_of_reach = binaries.PostgresBinaries(closed / found.folder.relative_to(package.parent), found.major)
        assert not binaries.reachable(out_of_reach.folder / "postgres", whom)
        copy = binaries.within_reach(out_of_reach, whom)
        assert copy.folder.is_relative_to(open_to_all)
        assert binaries.reachable(copy.folder / "initdb", whom)
    finally:
        shutil.rmtree(closed)
        shutil.rmtree(open_to_all)


def test_data_of_another_version_are_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(SupervisorError, match=r"PostgreSQL 9\.6"):
        binaries.find_postgres(tmp_path)


def test_a_folder_of_somebody_else_at_the_sockets_place_is_refused(layout: Layout) -> None:
    layout.run_dir.symlink_to("/nonexistent")
    try:
        with pytest.raises(SupervisorError, match="is in the way"), leases(layout, ["redis"], throwaway=True):
            pass
    finally:
        layout.run_dir.unlink()
