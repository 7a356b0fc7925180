"""The standard approach as a document: whole, tagged, sealed, and there for everybody once it is in force."""

import hashlib
import io
import json
from typing import Any

import page
import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from contracts.models import StandardVersion
from contracts.services.standard import versions as services
from contracts.services.standard.document import KIND, ask_for_lacking
from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.models import Report
from nss_portal.core.pdf import seal
from nss_portal.core.reports.services import NotThere, make_here, request_report
from nss_portal.core.reports.verdict import verdict_on
from tests.access.cast import Cast
from tests.contracts.make_standard import make_change, make_measure, make_standard_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> Any:
    settings.NSS_SEAL_FOLDER = tmp_path / "seal"
    seal.forget()
    yield
    seal.forget()


def in_force() -> StandardVersion:
    """A second version in force, with a measure that is an estimate and a section that a proposal changed."""
    make_standard_version("superseded")
    version = make_standard_version("draft", 2)
    make_measure(
        version, "schatting", title_nl="Zonnedak", is_estimate=True, effect=None, cost=None, sector="built"
    )
    version.sections.filter(code="opgave").update(
        guidance_nl="Zo schrijf je opgave, ook samen.\n\n- Met de regio."
    )
    change = make_change(version, Cast().other, state="taken", taken_into=version, reason="Het liep vast.")
    StandardVersion.objects.filter(pk=version.pk).update(state="published", published_on="2027-03-03")
    assert change.code == "opgave"
    version.refresh_from_db()
    return version


def report_of(version: StandardVersion, format: str = "pdf", language: str = "nl") -> bytes:
    made = make_here(
        kind=KIND,
        object_ref=str(version.number),
        format=format,
        language=language,
        actor=User.objects.system(),
    )
    return made[1]


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_the_pdf_is_tagged_and_sealed_and_says_all(profile: str) -> None:
    version = in_force()
    content = report_of(version)
    assert [(one.rule_id, one.message) for one in page.validate_pdf_bytes(content, profile=profile).failures] == []
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    for words in (
        "Versie 2, van kracht sinds 3 maart 2027",
        "Zo schrijf je geld.",
        "Tekst om over te nemen",
        "De gemeente {gemeente} wil",
        "Maakt een eigen plan",
        "Doorgaans effect: 10 % van mobiliteit",
        "Zonnedak (schatting, illustratief)",
        "Bron: Test",
        "Wat er veranderde sinds versie 1",
        "Het liep vast.",
    ):
        assert words in text, words
    ((name, (data,)),) = reader.attachments.items()
    assert name == "standaardaanpak-2.json"
    assert json.loads(data)["measures"][1]["code"] == "schatting"
    assert content == report_of(version), "the same version gives the same file"


def test_the_other_forms_hold_the_same() -> None:
    version = in_force()
    book = load_workbook(io.BytesIO(report_of(version, "xlsx")))
    assert [sheet.max_row for sheet in book.worksheets] == [3, 3, 2]
    assert "Version 2, in force since 3\N{NO-BREAK SPACE}March 2027" in report_of(version, "html", "en").decode()
    assert json.loads(report_of(version, "json"))["data"]["changes"][0]["because"][0]["title"] == "Noem de regio"


def test_once_in_force_everybody_has_it(client: Client) -> None:
    cast = Cast()
    version = make_standard_version("decided")
    services.publish(version=version, actor=cast.person("coordinator").user)
    assert set(Report.objects.values_list("language", flat=True)) == {"nl", "en"}
    assert ask_for_lacking() == 0, "those that are under way are not asked for again"
    jobs.run_all_here()
    html = client.get("/aanpak/").content.decode()
    report = Report.objects.get(language="nl")
    assert "Als document (pdf, Nederlands)" in html
    assert "Als document (pdf, Engels)" in html
    content = b"".join(client.get(f"/rapporten/{report.public_id}/bestand/"))
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert verdict_on(content, User.objects.system()).report == report
    report.delete()
    assert ask_for_lacking() == 1


def test_a_version_on_its_way_is_for_who_reads_it(client: Client) -> None:
    cast = Cast()
    make_standard_version()
    make_standard_version("proposed", 2)
    asked = {"kind": KIND, "format": "pdf", "language": "nl"}
    coordinator, partner, team = (cast.person(role).user for role in ("coordinator", "partner", "team"))
    report = request_report(**asked, object_ref="2", actor=coordinator)
    assert not report.is_public
    with pytest.raises(NotThere):
        request_report(**asked, object_ref="2", actor=partner)
    for ref in ("9", "0", "x", "99999"):
        with pytest.raises(NotThere):
            request_report(**asked, object_ref=ref, actor=coordinator)
    with pytest.raises(NotAllowed):
        request_report(**asked, object_ref="2", actor=team)
    client.force_login(coordinator)
    assert "rapport=standard-approach|2" in client.get("/aanpak/versies/2/").content.decode()
    client.force_login(team)
    assert "rapport=standard-approach" not in client.get("/aanpak/versies/2/").content.decode()
