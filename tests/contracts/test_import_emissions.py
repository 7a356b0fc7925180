"""Emission figures out of files: what is taken, passed over and refused; once, all or nothing, and undone."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from openpyxl import Workbook

from cities.models import Municipality, MunicipalityName
from contracts.importing.rows import number, sector_of, year
from contracts.models import EmissionFigure, EmissionImport, EmissionSeries, EmissionSource
from contracts.services.importing import import_emissions, undo_import
from governance.models import User
from nss_portal.core.access import NotAllowed
from nss_portal.core.models.audit import AuditEvent
from tests.access.cast import Cast, make_city

BUILT = "CO2-uitstoot Gebouwde Omgeving (gas, elektr. en warmte, tier 3/tier 2)"
TRAFFIC = "CO2-uitstoot Verkeer en vervoer incl. auto(snel)wegen, excl. elektr. railverkeer (scope 1)"
TOTAL = "Totaal bekende CO2-uitstoot (aardgas, elektr.)"
QUERIES = 14
HEAD = "Dashboard;Tegel;Indicator;Eenheid;Periode;regio / dimensie;Waarde;Bron;Omschrijving"


@pytest.fixture(autouse=True)
def english():
    """Reasons are held against their English texts."""
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (1.234, "1.234"),  # a number of Excel itself has no separator of thousands
        ("123", "123"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        (12.5, "12.5"),
        (" 1 234 ", "1234"),
        ("?", ""),
        ("-1", ""),
        ("x", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers_as_sources_write_them(text: object, value: str) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["veel", "-5", "nan", "1e99", "1,2,3", "1,234.5", "1_000"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a number|is below 0"):
        number(text)


def test_years_and_sectors() -> None:
    assert [year(each) for each in ("2019", 2019, "2019.0", "2019JJ00")] == [2019] * 4
    with pytest.raises(ValueError, match="is not a year"):
        year("19")
    assert [sector_of(label) for label in (BUILT, TRAFFIC, TOTAL, "Zonnestroom")] == [
        "built",
        "mobility",
        "total",
        None,
    ]


@pytest.fixture
def places(db) -> dict[str, Municipality]:
    """Four municipalities; Utrecht is a province too, Weesp went on in another."""
    found = {}
    for code, name, province in [
        ("GM0363", "Amsterdam", "Noord-Holland"),
        ("GM0344", "Utrecht", "Utrecht"),
        ("GM0518", "'s-Gravenhage", "Zuid-Holland"),
        ("GM0267", "Nijkerk", "Gelderland"),
    ]:
        city = make_city(name=f"Gemeente {name}")
        Municipality.objects.filter(organisation=city).update(
            code=code, name=name, common_name=name, province=province
        )
        found[name] = Municipality.objects.get(code=code)
    MunicipalityName.objects.create(municipality=found["'s-Gravenhage"], name="Den Haag")
    MunicipalityName.objects.create(municipality=found["Amsterdam"], name="Weesp", kind="former")
    return found


def matrix(folder: Path, *rows: str, name: str = "matrix.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    head = f'"Gemeenten";"{BUILT}|2019";"{TOTAL}|2019"'
    path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
    return path


def run(path: Path, form: str, **options: object) -> tuple[list[str], str]:
    """Run the command; gives its lines and what it says on standard error."""
    out, err = StringIO(), StringIO()
    call_command("import_emissions", str(path), format=form, stdout=out, stderr=err, **options)
    return out.getvalue().splitlines(), err.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_matrix_is_taken_once(places, tmp_path: Path, encoding: str) -> None:
    path = matrix(
        tmp_path, '"Den Haag";1.234,5;?', '"Utrecht";-1;155500', '"Gemeente onbekend";-1;"" ', encoding=encoding
    )
    lines, said = run(path, "klimaatmonitor-matrix")
    assert (lines[:4], said) == (["taken 4", "same 0", "passed over 2", "refused 0"], "")
    hague = EmissionFigure.objects.filter(series__municipality=places["'s-Gravenhage"])
    assert {(f.sector, f.year, f.value, f.printed) for f in hague} == {
        ("built", 2019, Decimal("1.2345"), "1234.5"),
        ("total", 2019, None, ""),
    }
    # A suppressed sector stays empty: it is never the total less the rest.
    assert EmissionFigure.objects.get(series__municipality=places["Utrecht"], sector="built").value is None
    assert run(path, "klimaatmonitor-matrix")[0][:2] == ["taken 0", "same 4"]
    assert EmissionFigure.objects.count() == 4
    assert EmissionImport.objects.count() == 1
    assert AuditEvent.objects.filter(object_type="contracts.emissionimport", event="created").count() == 1


def test_another_edition_stands_beside_the_first(places, tmp_path: Path) -> None:
    run(matrix(tmp_path, '"Nijkerk";100;200'), "klimaatmonitor-matrix", release="2021")
    run(matrix(tmp_path, '"Nijkerk";110;200'), "klimaatmonitor-matrix", release="2022")
    assert EmissionSource.objects.filter(imports__isnull=False).count() == 2
    assert {f.value for f in EmissionFigure.objects.filter(sector="built")} == {Decimal("0.1"), Decimal("0.11")}
    with pytest.raises(CommandError) as caught:
        run(matrix(tmp_path, '"Nijkerk";111;200'), "klimaatmonitor-matrix", release="2022")
    assert caught.value.returncode == 2
    assert EmissionFigure.objects.count() == 4


def test_refused_rows_are_listed_and_nothing_is_taken(places, tmp_path: Path) -> None:
    path = matrix(tmp_path, '"Nijkerk";100;200', '"Atlantis";1;2', '"Utrecht";veel;3', '"Utrecht";4')
    out, err, report = StringIO(), StringIO(), tmp_path / "report.csv"
    with pytest.raises(CommandError) as caught:
        call_command(
            "import_emissions", str(path), format="klimaatmonitor-matrix", report=report, stdout=out, stderr=err
        )
    assert caught.value.returncode == 2
    assert out.getvalue() == ""
    said = err.getvalue()
    assert "line 3: " in said
    assert "Atlantis" in said
    assert "line 4: Utrecht: 'veel'" in said
    assert "line 5: " in said
    assert EmissionFigure.objects.count() == 0
    assert not EmissionSource.objects.filter(code__startswith="klimaatmonitor-matrix").exists()
    rows = list(csv.DictReader(StringIO(report.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [row["line"] for row in rows] == ["3", "3", "4", "5"]
    lines, _said = run(path, "klimaatmonitor-matrix", partial=True)
    assert lines[0] == "taken 3"
    assert lines[3] == "refused 4"


def test_a_dry_run_changes_nothing(places, tmp_path: Path) -> None:
    lines, _said = run(matrix(tmp_path, '"Nijkerk";100;200'), "klimaatmonitor-matrix", dry_run=True)
    assert lines == ["taken 2", "same 0", "passed over 0", "refused 0"]
    assert (EmissionFigure.objects.count(), EmissionImport.objects.count()) == (0, 0)


def test_a_run_can_be_undone_once(places, tmp_path: Path) -> None:
    kept = matrix(tmp_path, '"Utrecht";1;2', name="first.csv")
    run(kept, "klimaatmonitor-matrix", release="2021")
    lines, _said = run(matrix(tmp_path, '"Nijkerk";100;200'), "klimaatmonitor-matrix", release="2022")
    number_of_run = int(lines[-1].removeprefix("run "))
    out = StringIO()
    call_command("import_emissions", undo=number_of_run, stdout=out)
    assert out.getvalue().strip() == "taken away 2"
    assert EmissionFigure.objects.count() == 2
    assert EmissionSeries.objects.filter(municipality=places["Nijkerk"]).count() == 0
    for wrong in (number_of_run, 9999):
        with pytest.raises(CommandError) as caught:
            call_command("import_emissions", undo=wrong)
        assert caught.value.returncode == 2


def dashboard(folder: Path, *rows: str) -> Path:
    path = folder / "dashboard.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def row(
    area: str, value: str, when: str = "2018", tile: str = "CO2-uitstoot per hoofdsector", label: str = BUILT
) -> str:
    return f'"CO2-Uitstoot";"{tile}";"{label}";"ton";"{when}";"{area}";"{value}";"Berekening";"Twee\nregels"'


def test_a_dashboard_with_line_breaks_in_its_cells(places, tmp_path: Path) -> None:
    path = dashboard(
        tmp_path,
        row("Noord-Holland", "9838211"),
        row("Amsterdam", "2657362"),
        row("Weesp", "1000"),
        row("Nederland", "1"),
        row("Amsterdam", "5", tile="Zonnestroom"),
    )
    lines, _said = run(path, "klimaatmonitor-dashboard")
    assert lines[:4] == ["taken 1", "same 0", "passed over 4", "refused 0"]
    figure = EmissionFigure.objects.get()
    assert (figure.value, figure.series.municipality) == (Decimal("2657.362"), places["Amsterdam"])


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row("Utrecht", "5")], "is a municipality and a province"),
        ([row("Amsterdam", "5"), row("Amsterdam", "6")], "the same area, sector and year stand in line 2 already"),
        ([row("Amsterdam", "5", label="Iets nieuws")], "the indicator 'Iets nieuws' is not known"),
        ([row("Amsterdam", "5", when="vorig jaar")], "'vorig jaar' is not a year"),
    ],
)
def test_what_a_dashboard_leaves_open_is_refused(places, tmp_path: Path, rows: list[str], says: str) -> None:
    err = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_emissions", str(dashboard(tmp_path, *rows)), format="klimaatmonitor-dashboard", stderr=err
        )
    assert says in err.getvalue()
    assert EmissionFigure.objects.count() == 0


INVENTORY = ["Stof", "Code_gebied", "Gebied", "Brontype", "Sector", "Jaar", "Emissie", "Eenheid", "Dataset"]


def workbook(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    book.active.title = "Metadata"
    sheet = book.create_sheet("Emissies")
    sheet.append(INVENTORY)
    for each in rows:
        sheet.append(each)
    path = folder / "er.xlsx"
    book.save(path)
    return path


def emission(
    code: object, year: object = 2024, kg: object = 123456.7, release: str = "ER Reeks 1990-2024 Definitief"
):
    return ["Koolstofdioxide (CO2)", code, "Nijkerk", "Sector", "Landbouw", year, kg, "kg", release]


def test_the_emission_inventory_names_its_own_release(places, tmp_path: Path) -> None:
    path = workbook(tmp_path, emission("0267"), emission(267, "2023"), emission("", 2024), emission("NZ", 2024))
    lines, _said = run(path, "emissieregistratie")
    assert lines[:4] == ["taken 2", "same 0", "passed over 2", "refused 0"]
    figure = EmissionFigure.objects.get(year=2024)
    assert (figure.value, figure.printed, figure.sector) == (Decimal("0.123457"), "123456.7", "landbouw")
    assert figure.series.source.release == "ER Reeks 1990-2024 Definitief"
    assert figure.series.gas == "CO₂"


def test_releases_are_never_mixed_and_other_files_are_told(places, tmp_path: Path) -> None:
    mixed = workbook(tmp_path, emission("0267"), emission("0267", 2023, release="ER Reeks 1990-2023"))
    nonsense = tmp_path / "geen.xlsx"
    nonsense.write_bytes(b"PK niet echt")
    text = tmp_path / "tekst.csv"
    text.write_text("a,b\n1,2\n")
    binary = tmp_path / "binair.csv"
    binary.write_bytes(b"\0\0\0")
    for path, form in [
        (mixed, "emissieregistratie"),
        (nonsense, "emissieregistratie"),
        (text, "klimaatmonitor-dashboard"),
        (text, "klimaatmonitor-matrix"),
        (text, "table"),
        (binary, "table"),
        (tmp_path / "niets.csv", "table"),
    ]:
        with pytest.raises(CommandError) as caught:
            run(path, form)
        assert caught.value.returncode == 2
        assert path.name in str(caught.value)
    assert EmissionFigure.objects.count() == 0


def test_a_plain_table_with_codes_or_names(places, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text(
        "municipality,year,sector,value,unit,gas\nGM0344,2022,Totaal,1.5,Mton,CO2\nNijkerk,2022,Afval,,kton,CO2\n"
    )
    lines, _said = run(path, "table")
    assert lines[0] == "taken 2"
    assert EmissionFigure.objects.get(sector="total").value == 1500
    assert EmissionFigure.objects.get(sector="afval").value is None


def test_a_municipality_twice_is_refused_also_by_code_and_name(places, tmp_path: Path) -> None:
    twice = matrix(tmp_path, '"Nijkerk";100;200', '"Nijkerk";100;300', '"Den Haag";1;2', '"\'s-Gravenhage";?;3')
    lines, said = run(twice, "klimaatmonitor-matrix", partial=True)
    assert lines[:4] == ["taken 4", "same 0", "passed over 0", "refused 4"]
    assert "line 3: the same area, sector and year stand in line 2 already" in said
    assert "line 5: the same area, sector and year stand in line 4 already" in said
    path = tmp_path / "tabel.csv"
    path.write_text("municipality;year;sector;value;unit\nGM0344;2022;Afval;1,5;kt\nUtrecht;2022;Afval;2;kton\n")
    lines, said = run(path, "table", partial=True)
    assert (lines[0], lines[3]) == ("taken 1", "refused 1")
    assert EmissionFigure.objects.get(series__municipality=places["Utrecht"]).value == Decimal("1.5")


def test_a_plain_table_says_what_is_missing(places, tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("municipality;year;sector;value;unit\n;2022;Afval;1;kton\nUtrecht;2022;Afval;2;lbs\n")
    lines, said = run(path, "table", partial=True)
    assert (lines[0], lines[3]) == ("taken 0", "refused 2")
    assert "line 2: the municipality is missing" in said
    assert "line 3: the unit 'lbs' is not known; known are kg, ton, kton, Mton" in said


def test_only_who_runs_the_portal_imports_for_all(places, tmp_path: Path) -> None:
    path = matrix(tmp_path, '"Nijkerk";100;200')
    user = Cast().person("team").user
    with pytest.raises(NotAllowed):
        import_emissions(actor=user, path=path, form="klimaatmonitor-matrix")
    run_ = import_emissions(actor=User.objects.system(), path=path, form="klimaatmonitor-matrix").run
    with pytest.raises(NotAllowed):
        undo_import(actor=user, run=run_)


@pytest.mark.parametrize("number_of_rows", [1, 3])
def test_queries_do_not_grow_with_rows(
    places, tmp_path: Path, django_assert_num_queries, number_of_rows: int
) -> None:
    path = matrix(tmp_path, *['"Nijkerk";1;2', '"Utrecht";3;4', '"Amsterdam";5;6'][:number_of_rows])
    system = User.objects.system()
    with django_assert_num_queries(QUERIES):
        import_emissions(actor=system, path=path, form="klimaatmonitor-matrix")


def test_a_total_that_its_sectors_do_not_add_up_to_is_taken_and_noticed(places, tmp_path: Path) -> None:
    head = f'"Gemeenten";"{BUILT}|2019";"{TRAFFIC}|2019";"{TOTAL}|2019"'
    rows = ['"Nijkerk";100000;50000;150200', '"Amsterdam";100000;50000;150300', '"Weesp";100000;?;150300']
    path = tmp_path / "totals.csv"
    path.write_text("\n".join([head, *rows]))
    lines, said = run(path, "klimaatmonitor-matrix")
    # The first is within rounding, and of the last a sector is not published.
    assert lines[3:5] == ["refused 0", "noticed 1"]
    assert "line 3: noticed: Amsterdam 2019: the total is 150.3 kt, its sectors add up to 150 kt" in said
    assert EmissionFigure.objects.get(series__municipality=places["Amsterdam"], sector="total").printed == "150300"
