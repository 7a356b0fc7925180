"""Sections and tables through their pages: who sees what, nothing typed is lost, queries do not grow."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from contracts.models import ContractStandard, ContractVersion, DraftComment, SectionText
from contracts.services import comments
from contracts.services.reference import load_reference
from contracts.services.tables import save_row
from contracts.services.template_reference import load_templates
from contracts.tables.checks import checklist
from contracts.tables.template import template_of
from tests.access.cast import Cast, Person
from tests.contracts.make import fix, make_action, make_commitment, make_contract, make_party, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Person:
    """A lead of a transition team, logged in."""
    load_reference()
    load_templates()
    person = Cast().person("team", leads=True)
    client.force_login(person.user)
    return person


def a_draft(lead: Person, **fields: object) -> ContractVersion:
    contract = make_contract(lead.own, **fields)
    contract.standard = ContractStandard.objects.get(code="nl-1")
    contract.save()
    return make_version(contract, base_year=2018)


def said(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_filling_in_section_by_section(client: Client, lead: Person) -> None:
    version = a_draft(lead)
    base = version.get_absolute_url()
    assert "3 van 9 tabellen" in said(client, f"{base}inhoud/")
    assert client.get(f"{base}inhoud/goal/").status_code == 200, "before anything is written"
    saved = client.post(f"{base}inhoud/goal/bewaren/", {"text": "Regel een\r\nRegel twee", "version": 0}).json()
    assert saved["version"] == 1
    assert SectionText.objects.get().text == "Regel een\nRegel twee"
    late = client.post(f"{base}inhoud/goal/", {"text": "Van een collega", "version": 0})
    assert late.status_code == 409
    for text in ("Van een collega", "Regel een"):
        assert text in late.content.decode()

    row = {"year": "2018", "sector": "Mobiliteit", "value": "335,5", "version": 0}
    assert client.post(f"{base}tabellen/3.1/rij/", row)["Location"].endswith("/tabellen/3.1/")
    assert "335,5" in said(client, f"{base}tabellen/3.1/")
    bad = client.post(f"{base}tabellen/3.1/rij/", {**row, "value": "veel", "sector": "Haven"})
    assert bad.status_code == 422
    assert 'value="veel"' in bad.content.decode()
    assert "geen getal" in bad.content.decode()
    money = {"action": version.actions.get().code, "kind": "capital", "year": "20230", "amount_meur": "-5"}
    bad = client.post(f"{base}tabellen/8.1/rij/", {**money, "version": 0}).content.decode()
    assert "2100" in bad
    assert "lager dan 0" in bad
    assert version.investments.count() == 0


def test_two_colleagues_in_one_row_see_both_texts(client: Client, lead: Person) -> None:
    version = a_draft(lead)
    table = template_of(version.contract.standard).of_concept("barriers")
    ident = save_row(version=version, actor=lead.user, table=table, cells={"barrier": "Vol stroomnet"})
    url = f"{version.get_absolute_url()}tabellen/4.1/{ident}/"
    assert client.post(f"{url}bewaren/", {"barrier": "Vol net", "version": 0}).json()["version"] == 1
    auto = client.post(f"{url}bewaren/", {"barrier": "Geen monteurs", "version": 0})
    assert (auto.status_code, "collega" in auto.json()["message"]) == (409, True)
    late = client.post(url, {"barrier": "Geen monteurs", "version": 0})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Vol net" in text
    assert "Geen monteurs" in text
    assert client.post(url, {"barrier": "Geen monteurs", "version": 1}).status_code == 302
    assert client.post(f"{url}weghalen/").status_code == 302
    assert client.get(url).status_code == 404


def test_pasting_shows_what_would_happen_and_keeps_what_is_refused(client: Client, lead: Person) -> None:
    version = a_draft(lead)
    url = f"{version.get_absolute_url()}tabellen/3.2/plakken/"
    rows = "Sector\tDoel: daling (2)\nGebouwde omgeving\t120\nMobiliteit\t5 zakken\n"
    looked = client.post(url, {"rows": rows})
    text = looked.content.decode()
    assert "B3" in text
    assert "5 zakken" in text
    assert version.table_rows.count() == 0
    mark = text.split('name="fingerprint" value="')[1].split('"')[0]
    assert client.post(url, {"rows": rows, "fingerprint": mark}).status_code == 302
    assert version.table_rows.get().cells == {"sector": "built", "target": "120"}
    assert client.post(url, {"rows": "a\tb\tc\td\te"}).status_code == 422


def test_a_workbook_goes_out_and_comes_in(client: Client, lead: Person) -> None:
    version = a_draft(lead)
    base = version.get_absolute_url()
    book = client.get(f"{base}tabellen.xlsx").content
    sheets = load_workbook(BytesIO(book))
    assert sheets.sheetnames[2:4] == ["2.1 Partijen", "2.2 Afspraken"]
    sheet = sheets["5.1 Acties"]
    sheet["B2"] = "Nul-emissiezone in het centrum"
    target = BytesIO()
    sheets.save(target)
    upload = SimpleUploadedFile("contract.xlsx", target.getvalue())
    there = client.post(f"{base}invoer/", {"file": upload})["Location"]
    page = client.get(there).content.decode()
    assert "Nul-emissiezone in het centrum" in page
    mark = page.split('name="fingerprint" value="')[1].split('"')[0]
    client.post(there, {"fingerprint": mark})
    assert version.actions.get().title == "Nul-emissiezone in het centrum"
    assert "Overgenomen op" in said(client, there)
    for name, content in (("x.xlsm", target.getvalue()), ("x.xlsx", b"PK\x03\x04kapot"), ("leeg.xlsx", b"")):
        answer = client.post(f"{base}invoer/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    assert client.get(f"{base}tabellen.json").json()["schema"] == "nss-contract/1"


def test_who_sees_and_writes_what(client: Client, lead: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    version = a_draft(lead)
    base = version.get_absolute_url()
    version.parties.update(responsible_name="Wie Tekent")
    place = {"place": "table:actions", "opmerking-text": "Klopt 49 wel?"}
    assert client.post(f"{base}opmerkingen/", place)["Location"].endswith("/tabellen/5.1/#opmerkingen")
    assert "Klopt 49 wel?" in said(client, f"{base}tabellen/5.1/")
    assert "1 opmerking" in said(client, f"{base}inhoud/")
    client.post(f"{base}opmerkingen/{DraftComment.objects.get().pk}/afgehandeld/")
    assert DraftComment.objects.get().settled_at
    monkeypatch.setattr(comments, "MOST", 1)
    for number in (2, 2):  # one that is settled makes room, one that is open does not
        client.post(f"{base}opmerkingen/", place)
        assert DraftComment.objects.count() == number
    assert client.post(f"{base}opmerkingen/", {**place, "place": "table:onzin"}).status_code == 404
    fix(version, "published")
    type(version.contract).objects.filter(pk=version.contract_id).update(sharing="published")
    assert client.post(f"{base}tabellen/5.1/rij/", {"title": "x"}).status_code == 403
    client.logout()
    for page in ("inhoud/", "inhoud/goal/", "tabellen/5.1/", "tabellen/2.1/", "tabellen.json", "tabellen.xlsx"):
        answer = client.get(f"{base}{page}")
        assert answer.status_code == 200
        for word in (b"Klopt 49 wel?", b"Wie Tekent", b"Rij toevoegen"):
            assert word not in answer.content
    assert b"Wie Tekent" not in client.get(f"{base}gegevens.json").content
    for page in ("tabellen/5.1/rij/", "tabellen/5.1/plakken/", "invoer/", "controle/"):
        assert client.get(f"{base}{page}").status_code == 302


def test_the_checklist_says_what_is_missing_and_odd(client: Client, lead: Person) -> None:
    version = a_draft(lead)
    template = template_of(version.contract.standard)
    write = {"version": version, "actor": lead.user}
    action = version.actions.get()
    cells = {"action": action.code, "sector": "mobility", "effect": Decimal(40)}
    save_row(**write, table=template.of_concept("action-impacts"), cells=cells)
    gap = {"sector": "mobility", "target": Decimal(400)}
    save_row(**write, table=template.of_concept("emissions-gap"), cells=gap)
    emission = {"year": 2018, "sector": "mobility", "value": Decimal(335)}
    save_row(**write, table=template.of_concept("emissions"), cells=emission)
    version.commitments.update(due_on=date(2020, 1, 1))
    make_party(version, name="Stille vennoot")
    found = checklist(version, template)
    missing, odd = (" ".join(each.text for each in rows) for rows in (found.missing, found.odd))
    for words in ("Stille vennoot", "geen eigenaar", "Het Rijk is nog geen partij", "heeft geen tekst"):
        assert words in missing
    for words in ("samen 40 kt", "haalt meer weg", "is voorbij", "Van 335 kt blijft 295 kt over"):
        assert words in odd
    page = said(client, f"{version.get_absolute_url()}controle/")
    assert "Stille vennoot" in page
    assert "ontbreken of opvallen" in said(client, f"{version.get_absolute_url()}stap/submit/")


@pytest.mark.parametrize(
    ("page", "queries"), [("inhoud/", 7), ("tabellen/5.1/", 11), ("tabellen/2.2/", 11), ("controle/", 14)]
)
def test_queries_do_not_grow_with_rows(client: Client, lead: Person, page: str, queries: int) -> None:
    version = a_draft(lead)
    counts = []
    for more in (0, 2):
        for number in range(more):
            make_commitment(make_party(version, name=f"Partij {number}"))
            make_action(version, f"Actie {number}")
        client.get(f"{version.get_absolute_url()}{page}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"{version.get_absolute_url()}{page}")
        counts.append(len(asked))
    assert counts == [queries, queries]
