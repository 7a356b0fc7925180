"""The page of a contract and of a version, downloads, and what other pages show of contracts."""

import hashlib
import json
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from contracts.models import AnnualReview, ClimateContract, Investment
from contracts.pages import frozen_parts_of, parts_of
from tests.access.cast import Cast, join, make_city, make_organisation, make_user
from tests.contracts.make import (
    fix,
    make_action,
    make_commitment,
    make_contract,
    make_figure,
    make_party,
    make_published,
    make_review,
    make_series,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client, contract: ClimateContract) -> str:
    response = client.get(contract.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# ---- the page of a contract ----


def test_eindhoven_and_helmond_in_one_sentence(client: Client, published: dict[str, ClimateContract]) -> None:
    page = page_of(client, published["ccc-eindhoven-helmond"])

    assert "Nog 58 kiloton tot het doel" in page
    assert "van 1.941 kiloton" in page
    assert "naar 446 in 2030. Het doel is 388." in page
    assert "Het verschil rekende het portaal uit" in page
    assert "2,7 miljard euro" in page
    assert "Eindhoven" in page
    assert "15 oktober 2025" in page.replace("\xa0", " ")
    assert "dag van vaststelling niet bekend" in page
    assert "Woningen aanpassen" in page
    assert "60,4" in page


def test_what_the_state_promised_is_marked_as_made_up(
    client: Client, published: dict[str, ClimateContract]
) -> None:
    page = page_of(client, published["ccc-rotterdam"])
    promised = page[page.index("Wat het Rijk beloofde") :]
    assert "contactpersoon bij drie ministeries" in promised
    assert "Voorbeeld, verzonnen voor de demonstratie." in promised


CONTRADICTIONS = {
    "ccc-rotterdam": ["23.200 kt", "23,7 megaton", "25.436 kt", "24.906 kt", "2.816 kt", "2.115 kt", "553 kt"],
    "ccc-amsterdam": ["3.454.435 ton", "3.454.534 ton", "99 ton", "2.077.634 ton", "676.833 ton", "3.760 kt"],
    "ccc-eindhoven-helmond": ["1.941 kt", "1.940 kt"],
    "ccc-groningen": ["60,0%", "61,5%", "1,5 procentpunt", "47,6%", "47,7%"],
}


@pytest.mark.parametrize("code", CONTRADICTIONS)
def test_both_numbers_stand_with_their_places(
    client: Client, published: dict[str, ClimateContract], code: str
) -> None:
    page = page_of(client, published[code])
    assert "Waar de publicatie zichzelf tegenspreekt" in page
    missing = [number for number in CONTRADICTIONS[code] if number not in page]
    assert not missing


def test_groningen_in_percent(client: Client, published: dict[str, ClimateContract]) -> None:
    page = page_of(client, published["ccc-groningen"])
    assert "80 procent minder in 2035" in page
    assert "nationaal en internationaal beleid 50,5, lokale acties 11,4, paden 18,1" in page
    assert "% van het referentiejaar" in page


def test_other_sources_stand_apart_and_gaps_stay_gaps(
    client: Client, published: dict[str, ClimateContract]
) -> None:
    page = page_of(client, published["ccc-amsterdam"])
    others = page[page.index("Cijfers uit andere bronnen") :]
    assert "Klimaatmonitor" in others
    assert "4.369.600 ton" in others
    assert "niet gepubliceerd" in others, "Klimaatmonitor suppresses Amsterdam's agriculture"
    chart = page[page.index("<figure") : page.index("</figure>")]
    assert "4.370" not in chart
    assert "Klimaatmonitor" not in chart


def test_english_has_its_own_words(client: Client, published: dict[str, ClimateContract]) -> None:
    page = " ".join(client.get("/en" + published["ccc-rotterdam"].get_absolute_url()).content.decode().split())
    assert "2,803 kilotons to go to the target" in page
    assert "According to table 10" in page
    assert "Measures in the energy sector" in page
    assert "kiloton tot het doel" not in page


def test_a_contract_without_figures_says_so(client: Client) -> None:
    page = page_of(client, make_published(make_city()))
    assert "nog geen cijfers over de uitstoot" in page
    assert "tegenspreekt" not in page


@pytest.mark.parametrize("kind", ["unknown", "draft", "not shared"])
def test_what_one_may_not_see_is_a_404(client: Client, kind: str) -> None:
    cast = Cast()
    contract = make_contract(cast.other)
    make_version(contract, "adopted" if kind == "not shared" else "draft")
    address = "/klimaatcontracten/bcdfgh/" if kind == "unknown" else contract.get_absolute_url()
    for person in (None, cast.person("team").user, cast.person("coordinator").user):
        if person:
            client.force_login(person)
        assert client.get(address).status_code == 404
        for version in ("versies/1/", "versies/1/gegevens.json"):
            assert client.get(address + version).status_code == 404


def test_the_public_reads_no_draft_of_a_published_contract(client: Client) -> None:
    city = make_city()
    contract = make_published(city)
    draft = make_version(contract, number=2)
    make_action(draft, "Nog geheim")

    assert client.get(f"{contract.get_absolute_url()}versies/2/").status_code == 404
    assert client.get(f"{contract.get_absolute_url()}versies/2/gegevens.json").status_code == 404
    assert "geheim" not in page_of(client, contract)
    member = make_user()
    join(member, city, "team")
    client.force_login(member)
    assert "geheim" in client.get(f"{contract.get_absolute_url()}versies/2/").content.decode()
    assert "Verder met versie 2" in page_of(client, contract)


def test_a_party_without_a_version_to_read_gets_a_page(client: Client) -> None:
    contract = make_contract(make_city(), sharing="published")
    assert "nog geen versie" in page_of(client, contract)


def test_statuses_come_from_the_last_review_that_is_handed_in(client: Client) -> None:
    contract = make_published(make_city())
    version = contract.versions.get()
    for year, state, status in ((2024, "closed", "behind"), (2025, "open", "stopped")):
        part = make_review(contract, year=year).parts.get()
        part.efforts.create(action=version.actions.get(), status=status)
        part.efforts.create(commitment=version.commitments.get(), status=status)
        AnnualReview.objects.filter(pk=part.review_id).update(state=state)

    page = page_of(client, contract)
    assert "achter" in page
    assert "gestopt" not in page


def grown(rows: int) -> ClimateContract:
    """A published contract in which everything that can be many is there `rows` times."""
    contract = make_contract(make_city(), make_city(), sharing="published")
    version = make_version(contract, base_year=2018)
    source = make_source()
    for number in range(rows):
        party = make_party(version, make_organisation(), name=f"Partij {number}")
        action = make_action(version, f"Actie {number}", responsible=party)
        Investment.objects.create(version=version, action=action, amount_meur=number)
        make_commitment(make_party(version, None, name=f"Ministerie {number}", group="ministry"))
        series = make_series(source, f"tabel {number}", contract=contract, is_leading=number == 0)
        make_figure(series, 2018, str(1000 + number))
        make_figure(series, 2030, "400", kind="forecast")
        make_figure(make_series(make_source(f"andere-{number}"), contract=contract), 2019, "900")
    fix(version, "published")
    for number in range(rows):
        review = make_review(contract, year=2020 + number)
        for part in review.parts.all():
            for action in version.actions.filter(responsible=part.party):
                part.efforts.create(action=action, status="on_course")
        AnnualReview.objects.filter(pk=review.pk).update(state="closed")
    ClimateContract.objects.filter(pk=contract.pk).update(publication=source)
    return contract


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_a_contract(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    contract = grown(rows)
    address = contract.get_absolute_url()
    with django_assert_num_queries(11):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(11):
        assert client.get(f"{address}versies/1/").status_code == 200
    member = make_user()
    join(member, contract.municipalities.all()[0].organisation, "team", is_lead=True)
    client.force_login(member)
    with django_assert_num_queries(15):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(14):
        assert client.get(f"{address}versies/1/").status_code == 200


# ---- a version and its data ----


def test_the_downloaded_data_has_the_hash_that_the_page_shows(
    client: Client, published: dict[str, ClimateContract]
) -> None:
    version = published["ccc-eindhoven-helmond"].versions.get()
    response = client.get(f"{version.get_absolute_url()}gegevens.json")

    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert hashlib.sha256(response.content).hexdigest() == version.digest
    assert version.digest in client.get(version.get_absolute_url()).content.decode()
    data = json.loads(response.content)
    assert len(data["actions"]) == 12
    assert sum(Decimal(a["effect_kt"]) for a in data["actions"] if a["effect_kt"]) == 530


def test_a_draft_downloads_as_it_stands(client: Client) -> None:
    person = Cast().person("team")
    version = make_version(make_contract(person.own))
    client.force_login(person.user)
    data = json.loads(client.get(f"{version.get_absolute_url()}gegevens.json").content)
    assert [action["title"] for action in data["actions"]] == ["Nul-emissiezone"]


# ---- on other pages ----


def test_a_municipality_shows_its_contract(client: Client, published: dict[str, ClimateContract]) -> None:
    page = client.get("/gemeenten/GM0794/").content.decode()
    assert published["ccc-eindhoven-helmond"].get_absolute_url() in page
    assert 'id="klimaatcontract"' not in client.get("/gemeenten/GM0344/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_on_the_page_of_a_municipality(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    from contracts.registrations.contract import contracts_of

    city = make_city()
    for _number in range(rows):
        make_published(city)
    with django_assert_num_queries(2):
        section = contracts_of(None, city.municipality)
        assert section is not None
        assert len(section.context["rows"]) == rows


def test_the_data_of_an_adopted_version_shows_what_its_rows_show() -> None:
    version = grown(3).versions.get(number=1)
    frozen, rows = frozen_parts_of(version, {}), parts_of(version, {})
    assert all(party.pk is None for party in frozen.parties), "read from the snapshot"
    for shown in (frozen, rows):
        assert shown.actions
        assert shown.commitments
    assert [(row.title, row.who, row.effect, row.amount) for row in frozen.action_rows] == [
        (row.title, row.who, row.effect, row.amount) for row in rows.action_rows
    ]
    assert [(row.title, row.mark, row.commitment.due_on) for row in frozen.promise_rows] == [
        (row.title, row.mark, row.commitment.due_on) for row in rows.promise_rows
    ]
    assert [party.label for party in frozen.parties] == [party.label for party in rows.parties]
    assert frozen.amount_meur == rows.amount_meur


# ---- what the pages keep ----


def test_what_a_page_of_a_contract_keeps_gives_nobody_more_than_their_own(client: Client, settings) -> None:
    settings.NSS_KEEP_PAGES = True
    contract = grown(1)
    address, visitor = contract.get_absolute_url(), Client()
    lead = make_user()
    join(lead, contract.municipalities.all()[0].organisation, "team", is_lead=True)
    client.force_login(lead)
    for _twice in range(2):
        assert "Een nieuwe versie beginnen" in page_of(client, contract)
        assert "Een nieuwe versie beginnen" not in page_of(visitor, contract)
    ClimateContract.objects.update(sharing="draft")
    assert [visitor.get(path).status_code for path in (address, f"{address}versies/1/")] == [404, 404]
