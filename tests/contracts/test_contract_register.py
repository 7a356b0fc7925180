"""The register of contracts: filters, order, pages, and its file."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from contracts.models import ClimateContract
from tests.access.cast import Cast, make_city
from tests.contracts.make import (
    make_contract,
    make_published,
    make_version,
)

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/klimaatcontracten/{query}")
    assert response.status_code == 200
    return [row.contract.title.removeprefix("Klimaatcontract ") for row in response.context["rows"]]


FILTERS = {
    "": ["Amsterdam", "Eindhoven en Helmond", "Groningen", "Rotterdam"],
    "?q=helmond": ["Eindhoven en Helmond"],
    "?q=mokum": [],
    "?q=rotter+klimaat": ["Rotterdam"],
    "?gemeente=gm0772": ["Eindhoven en Helmond"],
    "?niveau=mission&doeljaar=2035": ["Groningen"],
    "?niveau=eoi": [],
    "?stand=published&sort=-titel": ["Rotterdam", "Groningen", "Eindhoven en Helmond", "Amsterdam"],
    "?stand=draft": [],
    "?sort=-doeljaar&q=gr": ["Groningen"],
}
NONSENSE = ("?niveau=onzin", "?stand=x", "?doeljaar=1900", "?page=9999", "?page=x", "?sort=kleur", "?q=%00")


@pytest.mark.usefixtures("published")
def test_filters_of_the_register(client: Client) -> None:
    assert {query: sorted(names(client, query)) for query in FILTERS} == {q: sorted(f) for q, f in FILTERS.items()}
    assert names(client, "?stand=published&sort=-titel") == FILTERS["?stand=published&sort=-titel"]
    assert names(client) == FILTERS[""]


@pytest.mark.usefixtures("published")
def test_an_address_that_makes_no_sense_still_answers(client: Client) -> None:
    for query in NONSENSE:
        assert client.get(f"/klimaatcontracten/{query}").status_code == 200, query
        assert client.get(f"/klimaatcontracten/klimaatcontracten.csv{query}").status_code == 200, query


def test_the_register_as_csv(client: Client, published: dict[str, ClimateContract]) -> None:
    contract = published["ccc-eindhoven-helmond"]
    ClimateContract.objects.filter(pk=contract.pk).update(title="=HYPERLINK(1)")
    response = client.get("/klimaatcontracten/klimaatcontracten.csv?q=helmond")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]

    assert text.startswith("\ufeffid;title;")
    row = next(csv.DictReader(io.StringIO(text[1:]), delimiter=";"))
    assert row["cbs_codes"] == "GM0772 GM0794"
    assert (row["actions"], Decimal(row["investment_meur"]), row["illustrative"]) == (
        "12",
        Decimal("2672.4"),
        "false",
    )
    assert row["title"] == "'=HYPERLINK(1)", "a spreadsheet must not run what somebody typed"
    assert "Action Plan" in row["source"]


def test_everybody_sees_what_is_theirs_to_see(client: Client) -> None:
    cast = Cast()
    member = cast.person("member")
    make_published(cast.other, title="Openbaar")
    make_version(make_contract(cast.other, sharing="network", title="Netwerk"), "adopted")
    make_version(make_contract(cast.other, title="Van een ander"))
    make_version(make_contract(member.own, title="Van ons"))

    assert names(client) == ["Openbaar"]
    client.force_login(member.user)
    assert names(client) == ["Openbaar", "Van ons"]
    client.force_login(cast.person("team").user)
    assert names(client) == ["Netwerk", "Openbaar"]


def test_an_empty_register_offers_the_first_step(client: Client) -> None:
    assert "Er is nog geen klimaatcontract" in client.get("/klimaatcontracten/").content.decode()
    assert "Geen klimaatcontract past" in client.get("/klimaatcontracten/?q=x").content.decode()
    client.force_login(Cast().person("member").user)
    assert "/klimaatcontracten/nieuw/" in client.get("/klimaatcontracten/").content.decode()


def test_the_register_comes_in_pages_of_fifty(client: Client) -> None:
    for number in range(51):
        ClimateContract.objects.create(
            title=f"Contract {number:02}", standard=make_contract(make_city()).standard, sharing="published"
        )
    assert len(names(client)) == 50
    assert names(client, "?page=2") == ["Contract 50"]


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_register(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _number in range(rows):
        make_published(make_city(), make_city())
    with django_assert_num_queries(3):
        client.get("/klimaatcontracten/")
    client.force_login(Cast().person("team").user)
    with django_assert_num_queries(6):
        client.get("/klimaatcontracten/")
    with django_assert_num_queries(5):
        client.get("/klimaatcontracten/klimaatcontracten.csv")
