"""A version as a report: whole, sealed, with its data inside; and telling whether a file is one."""

import hashlib
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from pypdf import PdfReader

from contracts.models import ContractVersion
from contracts.reports.contract import ContractReport, documents_of
from contracts.services import version as versions
from contracts.services.signing import giving
from contracts.services.signing.rows import ensure_rows
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.files.store import opened
from nss_portal.core.models import Report
from nss_portal.core.pdf import seal
from nss_portal.core.reports import services
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city
from tests.contracts.make import (
    fix,
    make_commitment,
    make_contract,
    make_figure,
    make_party,
    make_series,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> Any:
    settings.NSS_SEAL_FOLDER = tmp_path / "seal"
    seal.forget()
    yield
    seal.forget()


def published(city: Any) -> ContractVersion:
    """A published version with a party, promises and figures of which a pathway can be made."""
    source = make_source()
    contract = make_contract(city, sharing="published", publication=source, title="Klimaatcontract Proef")
    draft = make_version(contract, base_year=2020)
    make_commitment(make_party(draft, name="Warmtebedrijf"), "De prijs blijft onder die van gas.")
    series = make_series(source, contract=contract, is_leading=True)
    for sector, kt in (("mobility", "400"), ("built", "600"), ("total", "1000")):
        make_figure(series, 2020, kt, sector=sector)
    version = fix(draft, "published")
    ContractVersion.objects.filter(pk=version.pk).update(is_public=True)
    return ContractVersion.objects.select_related("contract").get(pk=version.pk)


def snapshot_of(version: ContractVersion) -> Any:
    kind = ContractReport()
    record = kind.find(User.objects.system(), version.contract.public_id)
    assert record is not None
    return kind.collect(record, User.objects.system())


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_pdf_verified_changed_and_checked_by_a_visitor(client: Any, tmp_path: Any) -> None:
    version = published(make_city())
    target = tmp_path / "contract.pdf"
    run("report", "contract", version.contract.public_id, "--output", str(target))

    content = target.read_bytes()
    reader = PdfReader(io.BytesIO(content))
    ((name, (data,)),) = reader.attachments.items()
    assert name.endswith("-versie-1.json")
    assert hashlib.sha256(data).hexdigest() == version.digest
    text = " ".join(page.extract_text() for page in reader.pages)
    for words in ("Warmtebedrijf", "De prijs blijft onder die van gas.", "Nul-emissiezone", version.digest[:20]):
        assert words in text
    assert "seal intact" in run("verify_report", str(target))
    kept = Report.objects.count()
    page = client.post("/rapporten/controleren/", {"file": io.BytesIO(content)}).content.decode()
    assert "door het portaal gemaakt en niet veranderd" in page
    assert "versie 1" in page

    changed = tmp_path / "changed.pdf"
    changed.write_bytes(content.replace(b"/Producer", b"/Prodvcer", 1))
    with pytest.raises(CommandError, match=r"changed it.*seal.*broken") as refused:
        run("verify_report", str(changed))
    assert refused.value.returncode == 1
    page = client.post("/rapporten/controleren/", {"file": io.BytesIO(changed.read_bytes())}).content.decode()
    assert "veranderd nadat het portaal het maakte" in page
    stranger = client.post("/rapporten/controleren/", {"file": io.BytesIO(b"%PDF-1.4 iets")}).content.decode()
    assert "kent dit bestand niet" in stranger
    assert Report.objects.count() == kept, "nothing of it is kept"

    Report.objects.all().delete()
    assert "seal intact" in run("verify_report", str(target)), "the seal says it also without the register"


def test_data_are_recognised_only_for_who_may_see_them(client: Any) -> None:
    version = published(make_city())
    data = client.get(f"{version.get_absolute_url()}gegevens.json").content
    page = client.post("/rapporten/controleren/", {"file": io.BytesIO(data)}).content.decode()
    assert "De gegevens van versie 1 van Klimaatcontract Proef" in page
    hidden = make_version(make_contract(make_city(), title="Klimaatcontract Geheim"), "adopted")
    page = client.post("/rapporten/controleren/", {"file": io.BytesIO(hidden.snapshot.content.encode())})
    assert "Geheim" not in page.content.decode()


def test_bad_files_are_refused(client: Any) -> None:
    assert client.post("/rapporten/controleren/", {}).status_code == 422
    with override_settings(NSS_UPLOAD_MAX_BYTES=10):
        large = client.post("/rapporten/controleren/", {"file": io.BytesIO(b"%PDF-1.4 more than ten")})
    assert large.status_code in (413, 422)


def test_what_it_shows_follows_from_the_frozen_data() -> None:
    version = published(make_city())
    snapshot = snapshot_of(version)
    document = ContractReport().context(snapshot.data)["document"]
    assert document.pathway is not None
    assert document.effect == "49"
    assert [party.name for party in document.parties][1] == "Warmtebedrijf"
    assert json.dumps(snapshot.data["agreed"])
    texts = [{"section": "b1", "text": "Wij doen allemaal mee.", "text_en": ""}]
    tables = {"B-1": [{"code": "rij", "cells": {"bron": "Eigen telling", "doel": "55"}}]}
    agreed = {**snapshot.data["agreed"], "texts": texts, "tables": tables, "module": {"x_1": "Nieuw"}}
    names = {"column:B-1:doel": "Doel", "column:B-1:bron": "Bron"}
    data = {**snapshot.data, "names": names}
    module, text, table = ContractReport().context({**data, "agreed": agreed})["document"].others
    assert module.texts == [("X 1", "Nieuw")], "parts that it was never told of are printed too"
    assert text.rows == [("b1", [("", "Wij doen allemaal mee.")])]
    assert table.rows == [("55 · Eigen telling", [("Doel", "55"), ("Bron", "Eigen telling")])], (
        "in the order of the form"
    )
    titles = [sheet.title for sheet in ContractReport().sheets(snapshot.data)]
    assert titles == ["Acties", "Afspraken", "Partijen", "Cijfers", "Handtekeningen"]


def test_publishing_and_withdrawing_have_the_public_pdf_made(client: Any) -> None:
    cast = Cast()
    lead = cast.person("team", leads=True)
    draft = make_version(make_contract(lead.own), "internal_review")
    versions.adopt(version=draft, actor=lead.user)
    versions.record_signed(version=draft, actor=lead.user, signed_on=today(), reason="Elders getekend")
    assert not Report.objects.exists()
    versions.publish(version=draft, actor=lead.user)
    jobs.run_all_here(services.JOB)
    made = documents_of(draft)
    assert [(report.language, report.is_public) for report in made] == [("nl", True), ("en", True)]

    (row,) = ensure_rows(draft)
    older = content_of(made[0])
    assert "Er is iets veranderd" not in checked(client, older)
    giving.withdraw(signature=row, actor=lead.user, withdrawn_on=today(), reason="Ander beleid")
    jobs.run_all_here(services.JOB)
    newest = documents_of(draft)[0]
    assert newest.sha256 != made[0].sha256
    page = checked(client, older)
    assert "door het portaal gemaakt en niet veranderd" in page
    assert "Er is iets veranderd" in page
    assert f"/rapporten/{newest.public_id}/" in page


def content_of(report: Report) -> bytes:
    assert report.file is not None
    with opened(report.file) as stored:
        content: bytes = stored.read()
    return content


def checked(client: Any, content: bytes) -> str:
    page: str = client.post("/rapporten/controleren/", {"file": io.BytesIO(content)}).content.decode()
    return page


def test_the_public_pdf_of_a_version_that_was_replaced_says_so() -> None:
    lead = Cast().person("team", leads=True)
    first = make_version(make_contract(lead.own), "internal_review")
    versions.adopt(version=first, actor=lead.user)
    versions.record_signed(version=first, actor=lead.user, signed_on=today(), reason="Elders getekend")
    versions.publish(version=first, actor=lead.user)
    jobs.run_all_here(services.JOB)
    before = documents_of(first)[0]
    second = versions.new_version(contract=first.contract, actor=lead.user)
    versions.submit(version=second, actor=lead.user)
    versions.adopt(version=second, actor=lead.user)
    jobs.run_all_here(services.JOB)
    after = documents_of(first)[0]
    assert after.sha256 != before.sha256
    text = PdfReader(io.BytesIO(content_of(after))).pages[0].extract_text()
    assert "Een latere versie" in " ".join(text.split())


def test_only_capital_is_investment_and_every_field_has_its_name() -> None:
    version = published(make_city())
    snapshot = snapshot_of(version)
    agreed = snapshot.data["agreed"]
    action = {
        **agreed["actions"][0],
        "measure": "warmtenet-proef",
        "lever": "finance",
        "starts_in": 2027,
        "investments": [
            {"payer": "city", "amount_meur": "10.5", "year": 2028, "capital_form": "grant", "source_locator": ""},
            {"payer": "national", "amount_meur": "3", "year": None, "kind": "operation", "source_locator": ""},
        ],
    }
    loose = [{"payer": "eu", "amount_meur": "2", "year": None, "kind": "savings"}]
    data = {**snapshot.data, "agreed": {**agreed, "actions": [action], "investments": loose}}
    data["measures"] = {"warmtenet-proef": "Warmtenet (proef)"}
    document = ContractReport().context(data)["document"]
    (sheet,) = document.all_actions
    assert (sheet.amount, document.amount) == ("10,5", "10,5 miljoen euro")
    assert [payer for payer, _amount, _share in document.by_payer] == ["gemeente"]
    assert sheet.posts == ["gemeente, subsidie: 10,5 mln euro in 2028", "exploitatie (OPEX), Rijk: 3 mln euro"]
    facts = dict(sheet.facts)
    assert facts["Soort maatregel"] == "Warmtenet (proef)"
    assert facts["Begint in"] == "2027"
    assert not {"Measure", "Lever", "Starts in"} & set(facts)


def test_a_draft_is_for_its_own_city_and_others_see_what_is_public() -> None:
    cast = Cast()
    lead, other = cast.person("team", leads=True), cast.person("partner")
    draft = make_version(make_contract(lead.own))
    kind = ContractReport()
    assert kind.find(lead.user, f"{draft.contract.public_id}/1") == draft
    for ref in (
        draft.contract.public_id,
        f"{draft.contract.public_id}/9",
        "geen",
        f"{draft.contract.public_id}/x",
    ):
        assert kind.find(other.user, ref) is None
    assert [choice.ref for choice in kind.choices(lead.user)] == [f"{draft.contract.public_id}/1"]
    assert lead.own.pk in next(iter(kind.choices(lead.user))).organisations
    assert not kind.is_public(draft)
