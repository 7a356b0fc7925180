"""The national reflection: what it adds up, what it leaves out, and who sees what of it."""

import io
import json
from decimal import Decimal

import page
import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from contracts.models import EmissionSeries, ReviewRound
from contracts.presenting.reflection import Reflection
from contracts.services.review.answers import Answer
from contracts.services.review.links import link_actor
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from nss_portal.core.models import Report
from nss_portal.core.reports.services import NotThere, make_here
from tests.access.cast import Cast, make_city
from tests.contracts.reviewing import YEAR, hand_in, make_contract, opened, system

pytestmark = pytest.mark.django_db

AHEAD = Answer("ahead", reason="De subsidie hielp.", expected_kt=Decimal(150))
BLOCKED = Answer("blocked", obstacle="Het net zit vol.", expected_kt=Decimal(40))


def reflected() -> ReviewRound:
    close_round(year=YEAR, actor=system())
    jobs.run_all_here("contracts.close_round")
    return ReviewRound.objects.get()


def test_only_like_is_added_to_like_and_the_rest_is_named() -> None:
    one, two = make_contract(title="Een"), make_contract(title="Twee")
    other_gas = make_contract(title="Drie")
    EmissionSeries.objects.filter(contract=other_gas.record).update(gas="CO₂-eq")
    percent = make_contract(title="Vier")
    EmissionSeries.objects.filter(contract=percent.record).update(unit="pct", reference_year=1990)
    make_contract(title="Vijf", kt=False)
    opened()
    for contract in (one, two):
        part = contract.part(0)
        hand_in(part, link_actor(part), [Answer("behind", reason="Laat", expected_kt=Decimal(75))])
    data = reflected().reflection
    assert [(row["gas"], row["contracts"], Decimal(row["expected_kt"])) for row in data["gaps"]] == [
        ("CO2", 2, Decimal(1050)),
        ("CO₂-eq", 1, Decimal(500)),
    ]
    assert Decimal(data["gaps"][0]["gap_kt"]) == 250
    assert {(row["contract"], row["why"]) for row in data["no_gap"]} == {("Vier", "percent"), ("Vijf", "figures")}


def test_what_was_said_is_counted_by_status_sector_and_level() -> None:
    mission = make_contract(actions=4, commitments=0, city=make_city("mission"), state_party=True)
    make_contract(actions=2, commitments=0, city=make_city("interested"))
    opened()
    part = mission.part(1)
    hand_in(part, link_actor(part), [AHEAD, BLOCKED])
    data = reflected().reflection
    assert data["counts"] == {"on_course": 0, "behind": 0, "blocked": 1, "ahead": 1, "stopped": 0, "none": 4}
    assert [(row["level"], row["contracts"]) for row in data["levels"]] == [("mission", 1), ("interested", 1)]
    mobility = next(row for row in data["sectors"] if row["sector"] == "mobility")
    assert mobility["counts"]["ahead"] == mobility["counts"]["blocked"] == 1
    assert data["ahead"]["named"][0]["reason"] == AHEAD.reason
    assert data["obstacles"]["groups"][0]["named"][0]["obstacle"] == BLOCKED.obstacle
    assert data["state"]["total"] == 2
    assert data["parts"] == {"total": 4, "handed_in": 1}


def test_a_promise_of_the_state_is_said_once(client: Client) -> None:
    for title in ("Eerste", "Tweede"):
        make_contract(title=title, sharing="published", actions=4, commitments=0, state_party=True)
    opened()
    current = reflected()
    found = Reflection(current, None).state_promises
    assert sum(len(promise.said) for promise in found) == current.reflection["state"]["total"] > len(found)
    assert found[0].contracts == ["Eerste", "Tweede"]
    html = client.get(f"/rapporten/nationale-reflectie/{YEAR}/").content.decode()
    section = html[html.index("Wat het Rijk beloofde") :].split("</section>")[0]
    assert section.count(found[0].title) == 1
    assert "in 2 contracten" in section


def test_a_contract_that_its_city_keeps_to_itself_is_counted_and_left_out() -> None:
    make_contract(title="Geheim", sharing="draft")
    make_contract(title="Gedeeld")
    opened()
    data = reflected().reflection
    assert (data["contracts"], data["not_shared"]) == (1, 1)
    assert "Geheim" not in str(data)


def test_the_page_is_public_and_shows_no_more_than_a_reader_may_see(client: Client) -> None:
    public = make_contract(title="Openbaar contract", sharing="published", actions=4)
    network = make_contract(title="Netwerkcontract", sharing="network", actions=4)
    opened()
    for contract in (public, network):
        part = contract.part(1)
        hand_in(part, link_actor(part), [AHEAD, BLOCKED])
    reflected()
    path = f"/rapporten/nationale-reflectie/{YEAR}/"
    html = client.get(path).content.decode()
    assert "Openbaar contract" in html
    assert "Netwerkcontract" not in html
    assert html.count(BLOCKED.obstacle) == 1
    client.force_login(public.team())
    html = client.get(path).content.decode()
    assert "Netwerkcontract" in html
    english = client.get(f"/en{path}").content.decode()
    assert "What blocks" in english


def test_there_is_no_page_before_the_round_is_closed(client: Client) -> None:
    make_contract()
    opened()
    assert client.get(f"/rapporten/nationale-reflectie/{YEAR}/").status_code == 404
    assert client.get("/rapporten/nationale-reflectie/1900/").status_code == 404


def test_later_changes_do_not_touch_the_reflection() -> None:
    contract = make_contract(title="Oude naam")
    opened()
    current = reflected()
    contract.record.title = "Nieuwe naam"
    contract.record.save()
    assert [block.title for block in Reflection(current, None).blocks] == ["Oude naam"]


def test_the_page_costs_the_same_whatever_the_number_of_contracts(
    client: Client, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        make_contract(sharing="published")
    opened()
    reflected()
    with django_assert_max_num_queries(4):
        assert client.get(f"/rapporten/nationale-reflectie/{YEAR}/").status_code == 200


def report_of(current: ReviewRound, format: str = "pdf", language: str = "nl") -> bytes:
    return make_here(
        kind="national-reflection", object_ref=str(current.year), format=format, language=language, actor=system()
    )[1]


def test_the_pdf_is_accessible_and_says_what_the_page_says() -> None:
    one, percent = make_contract(title="Een", parties=2, actions=4), make_contract(title="Vier")
    EmissionSeries.objects.filter(contract=percent.record).update(unit="pct", reference_year=1990)
    opened()
    part = one.part(1)
    hand_in(part, link_actor(part), [AHEAD, BLOCKED])
    content = report_of(reflected())
    found = page.validate_pdf_bytes(content, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in found.failures] == []
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    text = " ".join(text.split())
    for words in ("Nationale reflectie 2025", "Een", "Vier", BLOCKED.obstacle, AHEAD.reason, "niet ingevuld"):
        assert words in text, words


def test_the_reflection_comes_as_a_table_and_as_data_too() -> None:
    make_contract(title="Een", parties=2, actions=4)
    opened()
    current = reflected()
    book = load_workbook(io.BytesIO(report_of(current, "xlsx")))
    assert book.worksheets[0].max_row >= 2
    book.close()
    data = json.loads(report_of(current, "json"))["data"]
    assert data["reflection"]["reviews"][0]["contract"] == "Een"
    assert report_of(current, "html", "en").decode().count("Contract by contract") >= 1


def test_closing_asks_for_the_pdf_and_the_page_offers_it_to_who_may_see_it_all(client: Client) -> None:
    cast = Cast()
    coordinator = cast.person("coordinator").user
    public = make_contract(sharing="published")
    make_contract(sharing="network")
    opened()
    close_round(year=YEAR, actor=coordinator)
    jobs.run_all_here("contracts.close_round")
    assert Report.objects.count() == 6, "three formats, two languages"
    jobs.run_all_here("core.report")
    assert set(Report.objects.values_list("state", "is_public")) == {("ready", False)}
    path = f"/rapporten/nationale-reflectie/{YEAR}/"
    report = Report.objects.get(language="nl", format="pdf")
    assert report.public_id not in client.get(path).content.decode(), "it holds a contract of the network"
    client.force_login(public.team())
    assert report.public_id not in client.get(path).content.decode()
    client.force_login(coordinator)
    assert f"/rapporten/{report.public_id}/bestand/" in client.get(path).content.decode()
    download = client.get(f"/rapporten/{report.public_id}/bestand/")
    assert download.status_code == 200
    assert b"".join(download).startswith(b"%PDF")  # type: ignore[arg-type]
    download.close()


def test_a_reflection_of_published_contracts_is_for_everybody(client: Client) -> None:
    make_contract(sharing="published")
    opened()
    reflected()
    jobs.run_all_here("core.report")
    report = Report.objects.get(language="nl", format="pdf")
    assert report.is_public
    page = client.get(f"/rapporten/nationale-reflectie/{YEAR}/").content.decode()
    for each in Report.objects.filter(language="nl"):
        assert f"/rapporten/{each.public_id}/bestand/" in page
    for each in Report.objects.filter(language="en"):
        assert each.public_id not in page
    download = client.get(f"/rapporten/{report.public_id}/bestand/")
    assert download.status_code == 200
    assert b"".join(download).startswith(b"%PDF")  # type: ignore[arg-type]
    download.close()


def test_closing_twice_asks_for_no_second_report() -> None:
    make_contract()
    opened()
    reflected()
    jobs.Job.objects.filter(kind="contracts.close_round").update(state="queued", run_after=timezone.now())
    jobs.run_all_here("contracts.close_round")
    assert Report.objects.count() == 6, "three formats, two languages"


@pytest.mark.parametrize("year", ["1999", "2025", "vorig", "20255", "-1"])
def test_a_report_of_a_year_without_a_closed_round_is_refused(year: str) -> None:
    make_contract()
    opened()
    with pytest.raises(NotThere):
        make_here(kind="national-reflection", object_ref=year, format="pdf", language="nl", actor=system())
