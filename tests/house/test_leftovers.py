"""What a killed suite left behind goes at the start of a later one; what is in use stays."""

import os
import time
from pathlib import Path

import pytest

from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.leases import leases
from nss_portal.supervisor.locks import FileLock
from tests.leftovers import KEPT_FOR, hold, remove_leftovers


def make(temporary: Path, name: str, age: float) -> Path:
    """Make a suite's folder that was last touched so many seconds ago."""
    folder = temporary / name
    (folder / "static").mkdir(parents=True)
    touch(folder, age)
    return folder


def touch(folder: Path, age: float) -> None:
    then = time.time() - age
    for path in (*folder.iterdir(), folder):
        os.utime(path, (then, then))


@pytest.mark.parametrize("name", ["nss-test-abc", "nss-own-abc"])
def test_an_old_folder_goes_and_a_young_one_stays(tmp_path: Path, name: str) -> None:
    old = make(tmp_path, name, KEPT_FOR + 60)
    young = make(tmp_path, f"{name}d", KEPT_FOR - 60)
    other = make(tmp_path, "of-something-else", KEPT_FOR * 9)
    assert remove_leftovers(tmp_path) == [old]
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_a_folder_in_which_something_changed_of_late_stays(tmp_path: Path) -> None:
    folder = make(tmp_path, "nss-test-abc", KEPT_FOR + 60)
    os.utime(folder / "static")
    assert remove_leftovers(tmp_path) == []


def test_the_folder_of_a_running_suite_stays_however_old(tmp_path: Path) -> None:
    folder = make(tmp_path, "nss-test-abc", 0)
    running = hold(folder)
    touch(folder, KEPT_FOR * 9)
    assert remove_leftovers(tmp_path) == []
    running.close()
    assert remove_leftovers(tmp_path) == [folder]


def test_the_folder_of_servers_in_use_stays(tmp_path: Path) -> None:
    folder = tmp_path / "nss-own-abc"
    layout = Layout(folder / "data")
    with leases(layout, ["redis"], throwaway=True):
        touch(folder, KEPT_FOR * 9)
        assert remove_leftovers(tmp_path) == []
    touch(folder, KEPT_FOR * 9)
    assert remove_leftovers(tmp_path) == [folder]


def test_a_link_is_left_alone(tmp_path: Path) -> None:
    target = make(tmp_path, "precious", KEPT_FOR * 9)
    (tmp_path / "nss-test-link").symlink_to(target)
    assert remove_leftovers(tmp_path) == []
    assert target.exists()


def test_this_suite_holds_its_own_folder() -> None:
    with FileLock(Path(os.environ["NSS_TEST_DATA_DIR"]) / "other") as own:
        assert not FileLock(own.path.with_name("suite")).try_to_hold()
