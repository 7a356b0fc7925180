"""The list with map and download, and the page of one municipality."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from activities.registrations.lessons import lessons_of
from cities.models import Municipality, MunicipalityName
from cities.registrations.bottlenecks import bottlenecks_of
from cities.services.reference import load_reference
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> None:
    load_reference()


def codes(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/gemeenten/{query}")
    assert response.status_code == 200
    return [row.code for row in response.context["rows"]]


@pytest.mark.usefixtures("country")
def test_a_visitor_sees_all_with_the_twelve_on_top(client: Client) -> None:
    found = codes(client)
    assert len(found) == 342
    assert found[:7] == ["GM0363", "GM0518", "GM0772", "GM0014", "GM0794", "GM0599", "GM0344"]


FILTERS = {
    "?q=den+haag": ["GM0518"],
    "?q=Gravenhage": ["GM0518"],
    "?q=the+hague": ["GM0518"],
    "?q=weesp": ["GM0363"],
    "?q=gm0772": ["GM0772"],
    "?q=nergens": [],
    "?niveau=eoi": ["GM0362", "GM0392", "GM0080", "GM0546", "GM0193"],
    "?niveau=interested": ["GM0034"],
    "?niveau=mission&provincie=PV30": ["GM0772", "GM0794"],
    "?omvang=vanaf-250&sort=-inwoners": ["GM0363", "GM0599", "GM0518", "GM0344"],
    "?provincie=PV29&omvang=tot-20": ["GM0678", "GM1695"],
}
NONSENSE = (
    "?niveau=onzin",
    "?provincie=PV99",
    "?omvang=groot",
    "?page=9999",
    "?page=x",
    "?sort=kleur",
    "?q=%00",
    f"?q={'x' * 5000}",
)
SORTED = {
    "naam": "'s-Hertogenbosch",
    "-naam": "Zwolle",
    "-inwoners": "Amsterdam",
    "inwoners": "Schiermonnikoog",
    "sinds": "Amstelveen",
}


@pytest.mark.usefixtures("country")
def test_filters_and_sorting(client: Client) -> None:
    assert {query: codes(client, query) for query in FILTERS} == FILTERS
    first = {sort: client.get(f"/gemeenten/?sort={sort}").context["rows"][0].common_name for sort in SORTED}
    assert first == SORTED


@pytest.mark.usefixtures("country")
def test_an_address_that_makes_no_sense_still_answers(client: Client) -> None:
    for query in NONSENSE:
        assert client.get(f"/gemeenten/{query}").status_code == 200, query
        assert client.get(f"/gemeenten/gemeenten.csv{query}").status_code == 200, query


@pytest.mark.usefixtures("country")
def test_the_source_names_the_years_of_the_figures(client: Client) -> None:
    assert "CBS, 1 januari 2024 (CC" in client.get("/gemeenten/").content.decode()
    Municipality.objects.filter(code="GM0363").update(population_year=2026)
    assert "CBS, 1 januari 2024, 2026 (CC" in client.get("/gemeenten/").content.decode()


@pytest.mark.usefixtures("country")
def test_pages_of_fifty(client: Client) -> None:
    page = client.get("/gemeenten/?page=7").context["page_obj"]
    assert (page.number, len(page.object_list)) == (7, 42)


@pytest.mark.usefixtures("country")
def test_the_download_holds_the_shown_selection_whole(client: Client) -> None:
    response = client.get("/gemeenten/gemeenten.csv?niveau=mission")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 7
    assert rows[1]["name"] == "Den Haag"
    assert rows[1]["official_name"] == "'s-Gravenhage"
    assert rows[1]["involvement_since"] == "2022-04-28"
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "gemeenten.csv" in response["Content-Disposition"]


def test_the_list_asks_the_same_number_of_queries_for_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_city("mission")
    with django_assert_num_queries(2):
        client.get("/gemeenten/")
    make_city("eoi")
    make_city("other")
    with django_assert_num_queries(2):
        client.get("/gemeenten/")


def test_the_page_asks_the_same_number_of_queries_for_one_and_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page with the sections of cities and lessons; what other apps add is theirs to count."""
    monkeypatch.setattr("cities.views.municipalities.municipality_sections", [bottlenecks_of, lessons_of])
    city = make_city("mission").municipality
    MunicipalityName.objects.create(municipality=city, name="Een")
    address = city.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address)
    for number, name in enumerate(["Twee", "Drie"]):
        MunicipalityName.objects.create(municipality=city, name=name)
        make_bottleneck(city.organisation, "published")
        make_lesson(city.organisation, "published")
        city.involvements.create(
            level="eoi",
            valid_from=date(2010 + number, 1, 1),
            valid_to=date(2010 + number, 6, 1),
            reason_nl="x",
            decided_by_label="x",
        )
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(address)


@pytest.mark.usefixtures("country")
def test_the_whole_page_stays_within_fifteen_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(Cast().person("coordinator").user)
    with django_assert_max_num_queries(15):
        client.get("/gemeenten/GM0772/")


PAGE_QUERIES = 3


@pytest.mark.usefixtures("country")
def test_the_page_shows_facts_history_and_where_they_come_from(client: Client) -> None:
    text = client.get("/gemeenten/GM0518/").content.decode()
    for fact in ("Den Haag", "&#x27;s-Gravenhage", "566.221 (1 januari 2024)", "Zuid-Holland", "The Hague"):
        assert fact in text
    for word in (
        "missiestad",
        "sinds 28 april 2022",
        "31 januari 2022 tot en met 27 april 2022",
        "Europese Commissie",
    ):
        assert word in text
    assert "Chosen as one of the cities" in client.get("/en/gemeenten/GM0518/").content.decode()


@pytest.mark.usefixtures("country")
def test_an_old_address_leads_on_for_good(client: Client) -> None:
    expected = {
        "/gemeenten/gm0363/": "/gemeenten/GM0363/",
        "/en/gemeenten/gm0363/": "/en/gemeenten/GM0363/",
        "/gemeenten/GM0457/": "/gemeenten/GM0363/",
        "/gemeenten/gm0856/": "/gemeenten/GM1991/",
    }
    found = {address: client.get(address) for address in expected}
    assert {address: response.status_code for address, response in found.items()} == dict.fromkeys(expected, 301)
    assert {address: response["Location"] for address, response in found.items()} == expected


@pytest.mark.parametrize("code", ["GM9999", "GM036", "GM03633", "XX0363", "onzin"])
def test_an_unknown_code_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/gemeenten/{code}/").status_code == 404


def test_mergers_that_follow_each_other_lead_to_the_last(client: Client) -> None:
    first, second, third = (make_city("other").municipality for _number in range(3))
    past = date(2020, 1, 1)
    Municipality.objects.filter(pk=first.pk).update(valid_to=past, successor=second)
    Municipality.objects.filter(pk=second.pk).update(valid_to=past, successor=third)
    assert client.get(first.get_absolute_url())["Location"] == third.get_absolute_url()


def test_two_that_name_each_other_as_successor_do_not_go_round(client: Client) -> None:
    first, second = make_city("other").municipality, make_city("other").municipality
    past = date(2020, 1, 1)
    Municipality.objects.filter(pk=first.pk).update(valid_to=past, successor=second)
    Municipality.objects.filter(pk=second.pk).update(valid_to=past, successor=first)
    assert client.get(first.get_absolute_url()).status_code == 200


def test_a_merger_of_tomorrow_does_not_count_today(client: Client) -> None:
    city, next_one = make_city("other").municipality, make_city("other").municipality
    Municipality.objects.filter(pk=city.pk).update(valid_to=today(), successor=next_one)
    assert client.get(city.get_absolute_url()).status_code == 200


def test_buttons_are_there_for_whom_they_are(client: Client) -> None:
    cast = Cast()
    town = make_city("other").municipality
    ask, change = f"{town.get_absolute_url()}meedoen/", f"{town.get_absolute_url()}betrokkenheid/"
    for role, buttons in (("visitor", {ask}), ("coordinator", {ask, change}), ("ministry", set())):
        person = cast.person(role)
        browser = Client()
        if role != "visitor":
            browser.force_login(person.user)
        text = browser.get(town.get_absolute_url()).content.decode()
        assert {link for link in (ask, change) if f'href="{link}"' in text} == buttons, role
