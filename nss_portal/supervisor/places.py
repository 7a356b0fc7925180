"""Making folders that belong to us, and refusing those that do not."""

import os
import stat
from pathlib import Path

from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import Layout


def own_folder(path: Path, mode: int = 0o700) -> Path:
    """Make a folder, or take one of ours that exists; in a place where everybody may write, others may be first.

    Raises SupervisorError when the path is a link, no folder, somebody else's, or writable by others.
    """
    try:
        path.mkdir(mode=mode)
        path.chmod(mode)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
            raise SupervisorError(
                f"{path} is in the way: it is not a folder of this user alone. Remove it, or name another data "
                "folder with NSS_DATA_DIR."
            ) from None
    return path


def data_folder(layout: Layout) -> Path:
    """Make the data folder with what lies in it; raises SupervisorError when this user may not write there."""
    try:
        layout.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (layout.lock_dir, layout.log("any").parent):
            folder.mkdir(mode=0o700, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(13, "not writable", str(folder))
    except OSError as error:
        raise SupervisorError(
            f"The data folder {layout.data_dir} cannot be used ({error}). Start as the user that it belongs to, "
            "or name another one with NSS_DATA_DIR."
        ) from error
    return layout.data_dir


def socket_folder(layout: Layout, name: str, owner: tuple[int, int] | None = None) -> Path:
    """Make the folder of one server's socket; `owner` is the user and group that the server runs as.

    The folder above may be entered but not listed, so that a server under another user reaches its own.
    """
    own_folder(layout.run_dir, 0o711 if os.getuid() == 0 else 0o700)
    folder = layout.run_dir / name
    if owner is None:
        return own_folder(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, owner[0], os.getgid(), follow_symlinks=False)
    folder.chmod(0o770)
    return folder


def remove_socket_folder(layout: Layout, name: str) -> None:
    """Remove what `socket_folder` made, as far as nobody else's socket lies there."""
    folder = layout.run_dir / name
    if folder.is_dir():
        for leftover in folder.iterdir():
            leftover.unlink(missing_ok=True)
        folder.rmdir()
    try:
        layout.run_dir.rmdir()
    except OSError:
        return
