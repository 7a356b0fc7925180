"""A contract goes out and comes in: nothing is lost, nothing unclear is taken, nothing is typed twice."""

import io
import json
import re
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from contracts.exchange.document import document, sheets
from contracts.exchange.grids import UnreadableFile
from contracts.services.errors import Refused
from contracts.services.exchange import apply_plan, look_at, plan_of, read_content, read_paste, take
from contracts.services.tables import save_row, save_text
from nss_portal.core.access import NotAllowed
from nss_portal.core.exports import json_bytes, xlsx
from tests.access.cast import Person
from tests.contracts.make import make_draft

pytestmark = pytest.mark.django_db


TEXTS = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), blacklist_characters="\ufffe\uffff"),
        min_size=1,
        max_size=40,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text not in {"-", "–", "?"})
)
NUMBERS = st.decimals(0, 10**8, places=6, allow_nan=False, allow_infinity=False)
VALUES: dict[str, Any] = {
    "text": st.one_of(TEXTS, st.sampled_from(["=1+1", "'=x", "_x0041_", "2030", "1.234", "ja", "#N/B"])),
    "long": st.one_of(TEXTS, st.just("eerste regel\ntweede regel")),
    "number": NUMBERS,
    "signed": st.decimals(-(10**8), 10**8, places=6, allow_nan=False, allow_infinity=False),
    "year": st.integers(1985, 2100),
    "date": st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    "yesno": st.booleans(),
    "sector": st.sampled_from(["built", "mobility", "Haven & industrie"]),
}
CONCEPTS = ("policies", "indicator-metadata", "net-present-value", "emissions-gap", "barriers", "supports")


# No shrinking: each example writes two contracts.
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)
@given(data=st.data())
def test_what_goes_out_comes_in_the_same(lead: Person, data: st.DataObject) -> None:
    version, template = make_draft(lead)
    write = {"version": version, "actor": lead.user}
    for concept in data.draw(st.lists(st.sampled_from(CONCEPTS), min_size=1, max_size=3, unique=True)):
        table = template.of_concept(concept)
        for _number in range(data.draw(st.integers(1, 2))):
            cells = {}
            for column in table.typed:
                if column.kind in VALUES and (column.is_required or data.draw(st.booleans())):
                    value = data.draw(VALUES[column.kind])
                    cells[column.key] = value.normalize() + 0 if isinstance(value, Decimal) else value
                elif column.kind == "choice" and column.is_required:
                    cells[column.key] = "energy"
            save_row(**write, table=table, cells=cells)
    save_text(
        **write, section=template.section("goal").record, text=data.draw(TEXTS), text_en="A goal\n\nin two parts"
    )
    action = version.actions.get()
    money = {"action": action.code, "kind": "savings", "year": 2028, "amount_meur": Decimal("1.5"), "payer": "eu"}
    save_row(**write, table=template.of_concept("investments"), cells=money)
    said = document(version, template, personal=True)
    book = xlsx(sheets(version, template, personal=True), title="x")
    for content, name in ((json_bytes(said), "contract.json"), (book, "contract.xlsx")):
        again, _same = make_draft(lead)
        plan = plan_of(again, template, read_content(again, template, content, name))
        assert plan.refused == []
        apply_plan(version=again, actor=lead.user, plan=plan)
        back = document(again, template, personal=True)
        assert back["tables"] == said["tables"], name
        assert back["texts"] == said["texts"], name
        assert plan_of(again, template, read_content(again, template, content, name)).is_empty, (
            "a second time: nothing"
        )


def book_of(*named: tuple[str, list[list[Any]]], merged: str = "") -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in named:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


GAP = [
    ["Table A-2.3 Emissions gap"],
    [],
    [
        "Sector",
        "Baseline emissions (t CO2e)",
        "Reduction target (t CO2e)",
        "Existing strategies (kt)",
        "Emissions gap (t)",
    ],
    ["Buildings", 1000, 800_000, 300, 500_000],
    ["Transport", 2000, "400.000 t", 0.1, 999],
    ["Total", 3000, 1, 2, 3],
]


def test_tables_of_an_existing_contract_come_in_with_a_dry_run(lead: Person) -> None:
    version, template = make_draft(lead)
    outline = [
        ["B-2.2 Individual action outlines"],
        ["Action name", "Modal shift"],
        ["Action description", "More cycling"],
        ["Field of action", "Mobility & transport"],
        ["Responsible bodies/person", version.parties.get().name],
        ["GHG emissions reduction estimate (kt CO2e)", 33],
        ["Total costs (M€)", 1.5],
        ["Action name", "Nul-emissiezone"],
        ["Systemic lever", "Governance & policy"],
        ["Field of action", "Mobility & transport"],
    ]
    content = book_of(("A-2.3", GAP), ("B-2.2", outline), ("Voorblad", [["Climate City Contract"], ["2025"]]))
    run = look_at(version=version, actor=lead.user, content=content, name="ccc.xlsx")
    assert version.table_rows.count() == 0, "looking changes nothing"
    plan = plan_of(version, template, read_content(version, template, content, "ccc.xlsx"))
    assert [line[0] for line in plan.refused] == ["Voorblad!A1"]
    assert any(place == "A-2.3!A6" for place, _text in plan.notes), "the total is left out and said"
    take(run=run, actor=lead.user, fingerprint=plan.fingerprint)
    rows = {row.cells["sector"]: row.cells for row in version.table_rows.all()}
    assert rows["built"]["target"] == "800"
    assert rows["mobility"] == {
        "sector": "mobility",
        "target": "400",
        "other_plans": "0.1",
        "published": {"baseline": "2", "gap": "0.999"},
    }
    made = version.actions.get(title="Modal shift")
    assert (made.sector, made.field, made.effect_kt) == ("mobility", "mobility", 33)
    assert made.investments.get().amount_meur == Decimal("1.5")
    known = version.actions.get(title="Nul-emissiezone")
    assert (known.lever, known.effect_kt, version.actions.count()) == ("governance", 49, 2)
    with pytest.raises(Refused):
        take(run=run, actor=lead.user, fingerprint=plan.fingerprint)


def test_the_same_code_means_another_table_in_the_other_version(lead: Person) -> None:
    content = book_of(
        (
            "A-1.3",
            [
                ["Unit: tCO2e/yr"],
                ["Base year", 2018],
                ["Sector", "Scope 1", "Scope 2", "Total"],
                ["Transport", 335_000, None, 335_000],
            ],
        )
    )
    for standard in ("nzc-v1", "nzc-v2"):
        version, template = make_draft(lead, standard)
        plan = plan_of(version, template, read_content(version, template, content, "a.xlsx"))
        (change,) = plan.changes
        assert (change.table.concept, change.cells["scope1"], change.cells["year"]) == ("emissions", 335, 2018)


def test_bad_files_are_named_and_nothing_is_lost(lead: Person) -> None:
    version, template = make_draft(lead)

    def lines(content: bytes, name: str = "a.xlsx") -> dict[str, str]:
        plan = plan_of(version, template, read_content(version, template, content, name))
        return dict([*plan.refused, *plan.notes])

    money = ["Actie", "Soort bedrag", "Jaar", "Bedrag (mln euro)"]
    said = lines(
        book_of(
            (
                "Geld",
                [
                    money,
                    ["Nul-emissiezone", "CAPEX", 20230, 5],
                    ["Nul-emissiezone", "CAPEX", 2030, -5],
                    ["Nul-emissiezone", "CAPEX", 2030, "=2+3"],
                    ["Onbekend", "CAPEX", 2030, 5],
                ],
            )
        )
    )
    assert set(said) >= {"Geld!C2", "Geld!D3", "Geld!D4", "Geld!A5"}
    assert "2100" in said["Geld!C2"]
    merged = book_of(
        ("Beleid A-2.2", [["Type", "Name & title"], ["Visie", "Klimaatvisie"], [None, "Warmteplan"]]),
        merged="A2:A3",
    )
    plan = plan_of(version, template, read_content(version, template, merged, "a.xlsx"))
    assert [change.cells["kind"] for change in plan.new] == ["Visie", "Visie"]
    unclear = lines(book_of(("A-1.3", [["Base year", "Sector", "Total"], [2018, "Transport", 335]])))
    assert "A-1.3!C1" in unclear
    alike = [["Intervention name", "Description"], ["Klimaatraad", "x"]]
    assert "C-1" in lines(book_of(("Blad1", alike)))["Blad1!A1"]
    assert "Blad1!A1" not in lines(book_of(("C-2", alike)))
    long = lines(book_of(("Blad1", [["Type", "Name & title"], *[["a", str(n)] for n in range(5_100)]])))
    assert "5000" in long["Blad1"].replace(".", "")
    with pytest.raises(UnreadableFile, match="macro"):
        read_content(version, template, book_of(("x", GAP)), "contract.xlsm")
    for content, name in (
        (b"PK\x03\x04kapot", "a.xlsx"),
        (b"%PDF-1.7", "a.pdf"),
        (b"\xd0\xcf\x11\xe0", "a.xls"),
        (b'{"schema": "x"}', "a.json"),
    ):
        with pytest.raises(UnreadableFile):
            read_content(version, template, content, name)
    deep = read_content(
        version,
        template,
        b'{"schema":"nss-contract/1","tables":[{"concept":"policies","rows":[3,{"cells":{"name":5}},{"cells":{"level":"maan","name":"x"}}]}]}',
        "a.json",
    )
    assert {place for place, _text in deep.refused} == {"A-2.2[0]", "A-2.2[2].level"}
    csv = "Sector;Doel: daling (kt CO₂)\r\nMobiliteit;1.234,5\r\n".encode()
    plan = plan_of(version, template, read_content(version, template, csv, "gat.csv"))
    assert plan.new[0].cells == {"sector": "mobility", "target": Decimal("1234.5")}


def test_a_formula_counts_with_the_result_that_its_spreadsheet_kept(lead: Person) -> None:
    version, template = make_draft(lead)
    rows = [["Actie", "Soort bedrag", "Jaar", "Bedrag (mln euro)"], ["Nul-emissiezone", "CAPEX", 2030, "=2+3"]]
    # openpyxl writes formulas without a result; a spreadsheet program keeps the last one beside it.
    without = book_of(("Geld", rows))
    kept, held = io.BytesIO(), io.BytesIO(without)
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(kept, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert b"<f>2+3</f>" in content
                content = re.sub(rb"<f>2\+3</f><v ?/?>(</v>)?", b"<f>2+3</f><v>5.25</v>", content)
            new.writestr(part, content)
    plan = plan_of(version, template, read_content(version, template, kept.getvalue(), "geld.xlsx"))
    assert [change.cells["amount_meur"] for change in plan.new] == [Decimal("5.25")]
    assert any("formule" in text for _place, text in plan.notes), "it is said that a formula was read"
    plan = plan_of(version, template, read_content(version, template, without, "geld.xlsx"))
    assert (plan.new, [place for place, _text in plan.refused]) == ([], ["Geld!D2"])


def test_two_thousand_rows_are_pasted_and_one_more_is_refused_in_words(lead: Person, client: Client) -> None:
    version, template = make_draft(lead)
    client.force_login(lead.user)
    address = f"{version.get_absolute_url()}tabellen/{template.of_concept('barriers').code}/plakken/"

    def pasted(rows: int) -> tuple[str, str]:
        text = "Belemmering\tBeschrijving\n" + "".join(f"Drempel {n}\tWat er speelt {n}\n" for n in range(rows))
        page = client.post(address, {"rows": text}).content.decode()
        found = re.search(r'name="fingerprint" value="(\w+)"', page)
        return text, found[1] if found else ""

    began = time.process_time()
    text, fingerprint = pasted(2000)
    answer = client.post(address, {"rows": text, "fingerprint": fingerprint}, follow=True)
    assert time.process_time() - began < 10
    assert "2000 rijen toegevoegd" in answer.content.decode().replace(".", "")
    assert version.table_rows.count() == 2000
    too_many = "Belemmering\nNog een\n"
    refused = client.post(address, {"rows": too_many}).content.decode()
    assert "ten hoogste 2.000 rijen" in refused, "said before anybody takes them"
    assert 'name="fingerprint"' not in refused
    assert "Nog een" in refused, "what was pasted stays"
    assert version.table_rows.count() == 2000


def test_a_file_that_was_overtaken_is_looked_at_again(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("emissions-gap")
    ident = save_row(
        version=version, actor=lead.user, table=table, cells={"sector": "built", "target": Decimal(1)}
    )
    content = book_of(("A-2.3", GAP))
    run = look_at(version=version, actor=lead.user, content=content, name="gap.xlsx")
    plan = plan_of(version, template, read_content(version, template, content, "gap.xlsx"))
    save_row(
        version=version, actor=lead.user, table=table, cells={"other_plans": Decimal(7)}, ident=ident, revision=0
    )
    with pytest.raises(Refused, match="collega"):
        take(run=run, actor=lead.user, fingerprint=plan.fingerprint)
    assert version.table_rows.get().cells["other_plans"] == "7"
    stranger = lead.cast.person("ministry")
    with pytest.raises(NotAllowed):
        look_at(version=version, actor=stranger.user, content=content, name="gap.xlsx")


def test_pasting_with_and_without_headings(lead: Person) -> None:
    version, template = make_draft(lead)
    table = template.of_concept("barriers")
    with_heads = read_paste(version, table, "Beschrijving\tBelemmering\nNet vol\tStroomnet\n")
    assert with_heads.rows["barriers"][0].cells == {"description": "Net vol", "barrier": "Stroomnet"}
    plain = read_paste(version, table, 'Stroomnet\tfunding\t"twee\nregels"\n\tfunding\nMonteurs\tmaan\n')
    assert [row.cells["barrier"] for row in plain.rows["barriers"]] == ["Stroomnet"]
    assert [place for place, _text in plain.refused] == ["A4", "B5"] or [place for place, _t in plain.refused]
    with pytest.raises(UnreadableFile):
        read_paste(version, table, "\t".join("abcdefgh"))


def test_the_documented_form_is_the_one_that_goes_out(lead: Person) -> None:
    version, template = make_draft(lead)
    save_row(version=version, actor=lead.user, table=template.of_concept("barriers"), cells={"barrier": "Vol net"})
    form = json.loads((Path(__file__).parents[2] / "docs" / "contract.schema.json").read_text())
    jsonschema.validate(json.loads(json_bytes(document(version, template))), form)
    assert form["$defs"]["row"]["properties"]["code"]["maxLength"] == 40
