import os
from pathlib import Path

import pytest

from nss_portal.supervisor import places
from nss_portal.supervisor.errors import SupervisorError
from nss_portal.supervisor.layout import Layout


def test_own_folder_is_made_for_us_alone_and_taken_again(tmp_path: Path) -> None:
    folder = places.own_folder(tmp_path / "run")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert places.own_folder(folder) == folder


def test_own_folder_refuses_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SupervisorError, match="is in the way"):
        places.own_folder(tmp_path / "run")


def test_own_folder_refuses_one_that_others_may_write(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run").chmod(0o777)
    with pytest.raises(SupervisorError, match="is in the way"):
        places.own_folder(tmp_path / "run")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_own_folder_refuses_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    os.chown(tmp_path / "run", 65534, 65534)
    with pytest.raises(SupervisorError, match="is in the way"):
        places.own_folder(tmp_path / "run")


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(SupervisorError, match="NSS_DATA_DIR"):
        places.data_folder(Layout(tmp_path / "data"))
