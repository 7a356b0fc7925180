"""Starting processes that end when we do, however we end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from nss_portal.supervisor.account import Account

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_LOG_LIMIT = 10_000_000  # bytes; beyond it the log of the time before is kept once, and a new one begun


def end_with_parent(end_signal: int = signal.SIGKILL, parent: int | None = None) -> None:
    """Have the kernel send us a signal when the parent ends, also when it is killed.

    The parent may have ended before we asked: then nobody would tell us, so we look afterwards. `parent` is the
    process that is meant; by default whoever it is now.
    """
    expected = parent or os.getppid()
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(end_signal), 0, 0, 0)
    if os.getppid() != expected:
        os._exit(1)


def tied(end_signal: int) -> Callable[[], None]:
    """Give a `preexec_fn` that ties the child to this process; for processes with one thread only."""
    parent = os.getpid()
    return lambda: end_with_parent(end_signal, parent)


class Identity(TypedDict, total=False):
    """The arguments of `subprocess` that say as whom a program runs."""

    user: int
    group: int
    extra_groups: list[int]


def identity(account: Account | None) -> Identity:
    """Give what makes `subprocess` run a program as an account, with none of our own groups; None is ourselves."""
    return Identity(user=account.uid, group=account.gid, extra_groups=[]) if account else Identity()


def open_log(path: Path) -> int:
    """Open a log file for adding to it, as a file descriptor; begins anew when it has grown large."""
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def tail(path: Path, lines: int = 15) -> str:
    """Give the last lines of a log file, or nothing when there is none."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def start(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str],
    end_signal: int = signal.SIGKILL,
    account: Account | None = None,
    descriptors: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own (a Ctrl-C in the terminal is ours to handle), tied to this one.

    It is sent `end_signal` when we end, runs as `account`, and inherits the open files in `descriptors`.
    """
    output = open_log(log)
    try:
        return subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
            pass_fds=descriptors,
            preexec_fn=tied(end_signal),
            **identity(account),
        )
    finally:
        os.close(output)


def stop(process: subprocess.Popen[bytes], end_signal: int, grace: float) -> None:
    """Ask a process to end, wait `grace` seconds, then end its whole session by force."""
    if process.poll() is None:
        process.send_signal(end_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    kill_session(process)
    process.wait()


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a process and its children, at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
