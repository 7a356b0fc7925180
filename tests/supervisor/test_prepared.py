import os
from pathlib import Path

import pytest

from nss_portal.supervisor import prepared
from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.prepared import PreparedNote


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one file of code and a database that was made."""
    monkeypatch.setattr(prepared, "BASE_DIR", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("uv.lock", "contracts/models.py", "data/postgres/PG_VERSION"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("15")
    return tmp_path


def test_a_note_holds_until_the_code_changes(clone: Path) -> None:
    note = PreparedNote(Layout(clone / "data"))
    assert not note.holds()
    note.leave()
    assert PreparedNote(Layout(clone / "data")).holds()
    (clone / "contracts" / "0002_migration.py").write_text("")
    assert not note.holds()


def test_a_note_of_a_database_that_was_removed_does_not_hold(clone: Path) -> None:
    note = PreparedNote(Layout(clone / "data"))
    note.leave()
    os.utime(clone / "data/postgres/PG_VERSION", ns=(1, 1))
    assert not note.holds()


def test_demo_mode_and_its_absence_are_told_apart(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = PreparedNote(Layout(clone / "data"))
    monkeypatch.setenv("NSS_DEMO", "1")
    note.leave()
    monkeypatch.setenv("NSS_DEMO", "0")
    assert not note.holds()


def test_of_a_database_that_is_given_nothing_is_noted(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    PreparedNote(Layout(clone / "data")).leave()
    monkeypatch.setenv("DATABASE_URL", "postgres://db/nss")
    given = PreparedNote(Layout(clone / "data"))
    assert not given.holds()
    given.withdraw()
    monkeypatch.delenv("DATABASE_URL")
    assert PreparedNote(Layout(clone / "data")).holds()
