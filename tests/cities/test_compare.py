"""Two to five municipalities beside each other."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models import Municipality, MunicipalityName, Theme
from cities.registrations.comparison import bottlenecks_beside
from tests.access.cast import Cast, make_city
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell
from tests.contracts.make import make_contract, make_version

pytestmark = pytest.mark.django_db

QUERIES = 8


def town(name: str, level: str = "mission", **fields: object) -> Municipality:
    municipality = make_city(level, name=f"Gemeente {name}").municipality
    values = {"common_name": name, "population": 100_000, "population_year": 2024, **fields}
    Municipality.objects.filter(pk=municipality.pk).update(**values)
    municipality.refresh_from_db()
    return municipality


def get(client: Client, *values: str) -> str:
    response = client.get("/gemeenten/vergelijken/", {"g": values})
    assert response.status_code == 200
    return response.content.decode()


def test_everything_that_one_may_see_stands_beside_each_other(client: Client) -> None:
    one, other = town("Delft"), town("Gouda", "interested", population=75_000)
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    make_bottleneck(one.organisation, "published", theme=theme)
    make_bottleneck(one.organisation, "network", theme=theme)
    first, *_rest = make_steps()
    tell(make_roadmap(one.organisation, "published"), first, "done")
    make_roadmap(other.organisation, "network")
    contract = make_contract(
        one.organisation, sharing="published", title="Klimaatcontract Delft", target_year=2035
    )
    make_version(contract, state="published")
    text = get(client, one.code, other.code)
    for words in ("100.000", "75.000", "missiestad", "geïnteresseerd", "1 van 3 bouwstenen klaar", "niet gedeeld"):
        assert words in text, words
    for words in ("Klimaatcontract Delft", "2035", "Geld", "geen dat hier te zien is"):
        assert words in text, words
    rows = {str(row.label): [value.raw for value in row.values] for row in bottlenecks_beside(None, [one, other])}
    assert rows == {"Alle thema's": ["1", "0"], "Geld": ["1", "0"]}


def test_who_sees_more_counts_more() -> None:
    one, other = town("Delft"), town("Gouda")
    make_bottleneck(one.organisation, "network")
    reader = Cast().person("ministry").user
    assert list(bottlenecks_beside(None, [one, other])) == []
    everything = next(bottlenecks_beside(reader, [one, other]))
    assert [value.raw for value in everything.values] == ["1", "0"]


def test_a_name_does_as_well_as_a_code(client: Client) -> None:
    one, other = town("Den Haag"), town("Delft")
    MunicipalityName.objects.create(municipality=one, name="The Hague")
    for values in (("den haag", "Delft"), ("The Hague", other.code.lower()), (one.code, other.code)):
        columns = client.get("/gemeenten/vergelijken/", {"g": values}).context["columns"]
        assert [column["municipality"] for column in columns] == [one, other], values


def test_too_few_too_many_and_unknown_ones_are_named(client: Client) -> None:
    towns = [town(name) for name in ("Een", "Twee", "Drie", "Vier", "Vijf", "Zes")]
    codes = [one.code for one in towns]
    assert "Welke gemeenten?" in get(client)
    assert "Kies ten minste twee gemeenten" in get(client, codes[0])
    assert "Kies ten minste twee gemeenten" in get(client, codes[0], codes[0])
    many = get(client, *codes)
    assert "Er passen er hooguit vijf naast elkaar; 1 is weggelaten" in many
    unknown = get(client, codes[0], codes[1], "GM0001", "Nergenshuizen", "x" * 500, "\x00", "<b>")
    assert "Er is geen gemeente &#x27;Nergenshuizen&#x27;" in unknown
    assert "&lt;b&gt;" in unknown
    assert 'scope="rowgroup"' in unknown, "what could be compared is compared"


def test_one_that_ended_leads_to_its_successor(client: Client) -> None:
    stays, new = town("Delft"), town("Nieuwstad")
    old = town("Oudstad", valid_to=date(2022, 1, 1), successor=new)
    text = get(client, stays.code, old.code)
    assert "Oudstad bestaat niet meer: de gemeente ging op in Nieuwstad" in text
    assert f"?g={stays.code}&amp;g={new.code}" in text


def test_the_most_alike_are_offered_beside_one(client: Client) -> None:
    one = town("Delft")
    town("Lijkt erop")
    assert "Delft en Lijkt erop naast elkaar" in get(client, one.code)


def test_the_table_to_download(client: Client) -> None:
    one, other = town("Delft"), town("Gouda")
    contract = make_contract(one.organisation, sharing="published", title="=HYPERLINK()", target_year=2030)
    make_version(contract, state="published")
    response = client.get("/gemeenten/vergelijken.csv", {"g": [one.code, other.code]})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Groep", "Wat", f"Delft ({one.code})", f"Gouda ({other.code})", "Bron"]
    assert rows[1][1:4] == ["Inwoners", "100000 (1 januari 2024)", "100000 (1 januari 2024)"]
    (named,) = [row for row in rows if row[1] == "Contract"]
    assert named[2].startswith("'=HYPERLINK()"), "no formula for a spreadsheet"
    refused = client.get("/gemeenten/vergelijken.csv", {"g": [one.code, "GM0001"]})
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "GM0001" in refused.content.decode()


def test_the_list_and_the_page_of_a_municipality_lead_here(client: Client) -> None:
    one = town("Delft")
    text = client.get("/gemeenten/").content.decode()
    assert f'name="g" value="{one.code}" aria-label="Vergelijken: Delft"' in text
    assert f'href="/gemeenten/vergelijken/?g={one.code}"' in client.get(one.get_absolute_url()).content.decode()


def test_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first, *_rest = make_steps()
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    towns = []
    for name in ("Een", "Twee", "Drie", "Vier", "Vijf"):
        one = town(name)
        make_bottleneck(one.organisation, "published", theme=theme)
        tell(make_roadmap(one.organisation, "published"), first, "done")
        make_version(make_contract(one.organisation, sharing="published"), state="published")
        towns.append(one.code)
    for number in (2, 5):
        with django_assert_num_queries(QUERIES):
            client.get("/gemeenten/vergelijken/", {"g": towns[:number]})
