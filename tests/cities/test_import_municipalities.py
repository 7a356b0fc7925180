"""`import_municipalities`: adds, changes, and refuses a bad table as a whole."""

import tracemalloc
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cities.models import Municipality
from cities.services.municipalities import import_municipalities
from cities.services.municipality_table import BadTable, read_table
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import AuditEvent

pytestmark = pytest.mark.django_db

HEADER = "cbs_code,name,province_code,province,population,population_year,lat,lon"
DELFT = "GM0503,Delft,PV28,Zuid-Holland,109577,2024,52.01,4.36"


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def run(path: Path) -> str:
    out = StringIO()
    call_command("import_municipalities", str(path), stdout=out)
    return out.getvalue()


def test_new_ones_are_added_and_known_ones_changed_with_a_trace(tmp_path: Path) -> None:
    assert run(write(tmp_path, DELFT)).split("\n")[0] == "added 1"
    changed = DELFT.replace("109577", "110000")
    assert "changed 1" in run(write(tmp_path, changed))
    assert Municipality.objects.get(code="GM0503").population == 110000
    event = AuditEvent.objects.get(event="changed", object_type="cities.municipality")
    assert event.changes == {"population": [109577, 110000]}


def test_the_same_table_twice_changes_nothing(tmp_path: Path) -> None:
    run(write(tmp_path, DELFT))
    assert run(write(tmp_path, DELFT)) == "added 0\nchanged 0\nsame 1\n"


def test_a_merger_names_the_successor(tmp_path: Path) -> None:
    run(write(tmp_path, DELFT))
    header = f"{HEADER},valid_from,valid_to,successor"
    new = "GM2001,Nieuw-Delft,PV28,Zuid-Holland,,,,,2027-01-01,,"
    old = f"{DELFT},,2026-12-31,GM2001"
    assert run(write(tmp_path, new, old, header=header)) == "added 1\nchanged 1\nsame 0\n"
    delft = Municipality.objects.get(code="GM0503")
    assert delft.successor is not None
    assert (delft.successor.code, str(delft.valid_to)) == ("GM2001", "2026-12-31")


def test_a_name_that_an_ended_municipality_had_is_free_again(tmp_path: Path) -> None:
    run(write(tmp_path, DELFT))
    run(write(tmp_path, DELFT.replace("GM0503", "GM2002")))
    names = {m.code: m.organisation.name for m in Municipality.objects.select_related("organisation")}
    assert names == {"GM0503": "Gemeente Delft", "GM2002": "Gemeente Delft (GM2002)"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (DELFT.replace("GM0503", "0503"), ["3", "cbs_code", "0503"]),
        (DELFT.replace(",Delft,", ",,"), ["3", "name"]),
        (DELFT.replace("109577", "veel"), ["3", "population", "veel"]),
        (DELFT.replace("109577", "-5"), ["3", "population", "-5"]),
        (DELFT.replace("109577", ""), ["3", "population_year"]),
        (DELFT.replace("52.01", "152.01"), ["3", "lat", "152.01"]),
        (DELFT.replace("52.01", "nan"), ["3", "lat", "nan"]),
        (DELFT.replace("4.36", ""), ["3", "lat", "lon"]),
        (DELFT + ",extra", ["3"]),
        ("GM0503,Delft", ["3"]),
        (DELFT.replace("GM0503", "GM0001"), ["3", "GM0001", "2"]),
        (DELFT.replace("Delft", "D" * 101), ["3", "name", "100"]),
    ],
)
def test_a_bad_line_is_named_and_nothing_changes(tmp_path: Path, line: str, says: list[str]) -> None:
    good = DELFT.replace("GM0503", "GM0001")
    with pytest.raises(CommandError) as caught:
        run(write(tmp_path, good, line))
    assert caught.value.returncode == 2
    assert all(word in str(caught.value) for word in says)
    assert not Municipality.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "cbs_code"),
        (HEADER.encode(), "1"),
        (b"cbs_code,name\nGM0503,Delft\n", "province_code"),
        ((HEADER + ",colour\n" + DELFT + ",red\n").encode(), "colour"),
        (HEADER.encode() + b"\nGM0503,D\xe9lft,PV28,Zuid-Holland,,,,\n", "2"),
        (HEADER.encode() + b'\nGM0503,"Delft,PV28,Zuid-Holland,,,,\n', "2"),
        ((HEADER + ",successor\n" + DELFT + ",GM9999\n").encode(), "GM9999"),
        ((HEADER + ",successor\n" + DELFT + ",GM0503\n").encode(), "2"),
        ((HEADER + ",valid_from,valid_to\n" + DELFT + ",2022-01-01,2021-01-01\n").encode(), "valid_to"),
        ((HEADER + ",valid_from\n" + DELFT + ",1 januari\n").encode(), "1 januari"),
        ((HEADER + "\n" + DELFT + "\n").replace(",", ";").encode(), "puntkomma"),
        ((HEADER + "\n" + DELFT + "\n").replace(",", "\t").encode(), "tabs"),
        ((HEADER + "\n" + DELFT + "\n").encode("utf-16"), "UTF-8"),
        ((HEADER + "\n" + DELFT.replace("Delft", "D\xe9lft") + "\n").encode("latin-1"), "regel 2"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run(path)
    assert caught.value.returncode == 2
    assert says in str(caught.value)
    assert not Municipality.objects.exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path / "nothing.csv")
    assert caught.value.returncode == 2
    assert "nothing.csv" in str(caught.value)


def test_a_table_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{DELFT}\r\n".encode())
    assert "added 1" in run(path)


def test_a_code_that_has_ended_is_named_with_its_line(tmp_path: Path) -> None:
    header = f"{HEADER},valid_from,valid_to,successor"
    new = "GM2001,Nieuw-Delft,PV28,Zuid-Holland,,,,,2022-01-01,,"
    run(write(tmp_path, new, f"{DELFT},,2021-12-31,GM2001", header=header))
    with pytest.raises(CommandError, match=r"regel 2.*GM0503.*2022-01-01") as caught:
        run(write(tmp_path, DELFT.replace("109577", "1")))
    assert caught.value.returncode == 2
    assert Municipality.objects.get(code="GM0503").population == 109577
    assert "same 1" in run(write(tmp_path, f"{DELFT},,2021-12-31,GM2001", header=header))


def test_a_hundred_thousand_rows_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, *(DELFT for _ in range(100_000)))
    tracemalloc.start()
    with pytest.raises(CommandError, match=r"5 MB") as caught:
        run(path)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.returncode == 2
    assert most < 50_000_000
    assert not Municipality.objects.exists()


def test_rows_past_the_number_of_codes_are_refused_with_the_line() -> None:
    rows = "\n".join(f"GM{number:04d}," for number in range(10_001))
    with pytest.raises(BadTable, match="regel 10002"):
        read_table(f"{HEADER}\n{rows}\n")


def test_of_many_problems_the_first_are_shown_and_the_rest_counted() -> None:
    with pytest.raises(BadTable) as caught:
        read_table("\n".join([HEADER, *(DELFT.replace("GM0503", "X") for _ in range(200))]))
    assert len(caught.value.shown) == 51
    assert "349" in caught.value.shown[-1]


def test_only_the_portal_itself_imports() -> None:
    with pytest.raises(NotAllowed):
        import_municipalities(actor=None, rows=read_table(f"{HEADER}\n{DELFT}\n"))
