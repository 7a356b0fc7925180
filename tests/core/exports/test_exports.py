"""Tables to take along: real numbers, no formulas, what a Dutch Excel opens well."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from nss_portal.core import exports
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.models import ReportState

ROWS = [
    ["Woningen", 119.5, 2030, date(2027, 3, 3), True],
    ['=HYPERLINK("http://x")', Decimal("-12.25"), 2031, None, False],
    ["+31 6\x00\x0b", None, None, datetime(2027, 1, 1, 23, 30, tzinfo=UTC), None],
]
COLUMNS = [Column("Actie"), Column("kt CO₂", 1), Column("Jaar", year=True), Column("Datum"), Column("Ja")]


def sheet(title="Acties"):
    return Sheet(title, COLUMNS, ROWS, note="Bron: actieplan")


def opened(*sheets):
    return openpyxl.load_workbook(io.BytesIO(exports.xlsx(sheets, title="Proef")))


def test_numbers_and_dates_are_real_and_years_have_no_separator():
    table = opened(sheet())["Acties"]
    assert [table.cell(2, column).value for column in (2, 3, 5)] == [119.5, 2030, True]
    assert table["B2"].number_format == "#,##0.0"
    assert table["C2"].number_format == "0"
    assert table["D2"].value == datetime(2027, 3, 3)  # noqa: DTZ001
    assert table["D4"].value == datetime(2027, 1, 2, 0, 30)  # noqa: DTZ001 Dutch time
    assert table["A6"].value == "Bron: actieplan"


def test_a_text_is_never_a_formula_and_loses_what_no_cell_can_hold():
    content = exports.xlsx([sheet()], title="Proef")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    table = opened(sheet())["Acties"]
    assert table["A3"].data_type == "s"
    assert table["A3"].quotePrefix
    assert table["A4"].value == "+31 6"
    assert opened(Sheet("x", [Column("a")], [["y" * 40_000]]))["x"]["A2"].value == "y" * 32_767


def test_the_heading_stays_and_can_filter():
    table = opened(sheet())["Acties"]
    assert table.freeze_panes == "A2"
    assert table.auto_filter.ref == "A1:E4"
    assert table["A1"].font.bold


def test_names_of_sheets_are_what_excel_takes():
    book = opened(
        sheet("Acties: 2030/2050 [alle] van de hele stad samen"), sheet("acties"), sheet("Acties"), sheet("")
    )
    assert len(book.sheetnames) == 4
    assert len({name.lower() for name in book.sheetnames}) == 4
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    with pytest.raises(ValueError, match="at least one"):
        exports.xlsx([], title="leeg")


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="as many cells"):
        exports.xlsx([Sheet("x", [Column("a")], [[1, 2]])], title="x")


def test_csv_for_a_dutch_excel():
    lines = exports.csv_bytes(sheet()).decode().split("\r\n")
    assert lines[0] == "\ufeffActie;kt CO₂;Jaar;Datum;Ja"
    assert lines[1] == "Woningen;119,5;2030;2027-03-03;1"
    assert lines[2] == '"\'=HYPERLINK(""http://x"")";-12,25;2031;;0'
    assert lines[3] == "'+31 6;;;2027-01-02 00:30;"


def test_csv_in_english_and_as_open_data():
    with translation.override("en"):
        assert exports.csv_bytes(sheet()).decode().split("\r\n")[1] == "Woningen,119.5,2030,2027-03-03,1"
    lines = exports.csv_bytes(sheet(), open_data=True).decode().split("\r\n")
    assert lines[0].startswith("Actie,")
    assert lines[2].startswith('"=HYPERLINK(""http://x"")",-12.25')
    assert lines[3].endswith("2027-01-01T23:30:00+00:00,")


def test_json_holds_plain_data_and_nothing_else():
    value = {
        "a": Decimal("1.50"),
        "b": (date(2027, 3, 3), None),
        ReportState.READY: gettext_lazy("ready"),
        "c": Decimal("2.0"),
        "state": ReportState.READY,
    }
    assert json.loads(exports.json_bytes(value)) == {
        "a": 1.5,
        "b": ["2027-03-03", None],
        "ready": "klaar",
        "c": 2,
        "state": "ready",
    }
    with pytest.raises(TypeError, match="object"):
        exports.plain(object())
