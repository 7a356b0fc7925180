"""Cities on one footing, similar ones first, and the sum of all contracts: nothing mixed, nothing worked out."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cities.models import Municipality
from contracts.models import DataFetch, NationalPoint, PopulationFigure
from contracts.monitoring.compare import compare, footings, path_done
from contracts.monitoring.national import national
from contracts.services.national import set_point
from nss_portal.core.access import NotAllowed
from tests.access.cast import Cast, make_city
from tests.contracts.make import (
    fix,
    make_contract,
    make_figure,
    make_series,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db
CITIES = [("Leiden", 130_000), ("Delft", 110_000), ("Amsterdam", 930_000)]


def make_cities(number: int = 3) -> list[Municipality]:
    """Cities with a table of one source: 1, 2 and 3 tons per inhabitant in 2020, the double in 2010."""
    source = make_source("klimaatmonitor-2022", "Klimaatmonitor")
    found = []
    for count, (name, people) in enumerate(CITIES[:number], start=1):
        place = make_city(name=f"Gemeente {name}").municipality
        Municipality.objects.filter(pk=place.pk).update(
            common_name=name, name=name, population=people, population_year=2024, province_code="PV28"
        )
        series = make_series(source, municipality=place, scope="1+2", gas="CO₂")
        kt = Decimal(people * count) / 1000
        make_figure(series, 2020, str(kt))
        make_figure(series, 2010, str(kt * 2))
        make_figure(series, 2020, "" if name == "Delft" else str(kt / 2), sector="built")
        place.refresh_from_db()
        found.append(place)
    return found


def test_cities_per_inhabitant_since_a_year_and_the_similar_ones_first() -> None:
    leiden, _delft, _amsterdam = make_cities()
    (footing,) = footings()
    assert footing.cities == 3
    found = compare(footing, year=2020, since=2010, mine="", order="")
    assert [(row.name, row.per_inhabitant, row.change) for row in found.rows] == [
        ("Leiden", 1, -50),
        ("Delft", 2, -50),
        ("Amsterdam", 3, -50),
    ]
    assert found.rows[1].sectors["built"] is None, "suppressed stays empty"
    found = compare(footing, year=2020, since=None, mine=leiden.code, order="")
    assert [row.name for row in found.rows] == ["Leiden", "Delft", "Amsterdam"]
    assert found.rows[1].likeness > found.rows[2].likeness
    by_size = compare(footing, year=2020, since=None, mine=leiden.code, order="naam")
    assert [row.name for row in by_size.rows] == ["Leiden", "Amsterdam", "Delft"]


def test_inhabitants_of_the_year_itself_go_first() -> None:
    leiden, *_rest = make_cities()
    fetch = DataFetch.objects.create(service="inhabitants", asked_by_label="proef")
    PopulationFigure.objects.create(municipality=leiden, year=2020, number=65_000, fetch=fetch)
    found = compare(footings()[0], year=2020, since=None, mine="", order="naam")
    assert {row.name: row.inhabitants for row in found.rows}["Leiden"] == 65_000
    assert found.other_years == "2024"


def test_sources_scopes_and_tables_are_never_mixed() -> None:
    leiden, delft, _amsterdam = make_cities()
    other = make_source("emissieregistratie-2022", "Emissieregistratie")
    for place in (leiden, delft):
        make_figure(make_series(other, municipality=place, scope="1", gas="CO₂"), 2020, "999")
    # A second table of the same source, scope and gas for one city is not added to the first.
    second = make_series(
        make_source("klimaatmonitor-2022"), "tabel 2", municipality=leiden, scope="1+2", gas="CO₂"
    )
    make_figure(second, 2020, "777")
    assert [footing.cities for footing in footings()] == [3, 2]
    found = compare(footings()[0], year=2020, since=None, mine="", order="naam")
    assert {row.name: row.total for row in found.rows}["Leiden"] == 130


def test_the_way_of_a_contract_needs_base_target_and_a_later_year() -> None:
    figures = [("measured", 2018, Decimal(100)), ("measured", 2022, Decimal(80)), ("target", 2030, Decimal(20))]
    assert path_done(figures, 2018, 2030) == 25
    assert path_done(figures[:1] + figures[2:], 2018, 2030) is None
    assert path_done(figures[:2], 2018, 2030) is None
    assert path_done(figures, 2017, 2030) is None


@pytest.mark.parametrize("number", [2, 3])
def test_queries_do_not_grow_with_cities(client: Client, django_assert_num_queries, number: int) -> None:
    make_cities(number)
    with django_assert_num_queries(6):
        text = client.get("/uitstoot/vergelijken/").content.decode()
    assert CITIES[number - 1][0] in text


def test_the_page_bears_bad_choices_and_downloads(client: Client) -> None:
    assert "Er is nog niets te vergelijken" in client.get("/uitstoot/vergelijken/").content.decode()
    assert client.get("/uitstoot/vergelijken.csv").status_code == 404
    make_cities()
    bad = {"gemeente": "Atlantis", "bron": "x", "jaar": "veel", "vanaf": "2050", "volgorde": "x", "page": "99"}
    text = client.get("/uitstoot/vergelijken/", bad).content.decode()
    assert "geen gemeente 'Atlantis'" in text
    assert "sinds 2010" in client.get("/uitstoot/vergelijken/?gemeente=leiden").content.decode()
    rows = client.get("/uitstoot/vergelijken.csv?gemeente=Leiden").content.decode().splitlines()
    assert rows[0].startswith("cbs_code,municipality,year,inhabitants,")
    assert len(rows) == 4


def contract_of(place: Municipality, *, gas: str = "CO₂", sharing: str = "published", base: str = "1000"):
    source = make_source(f"ccc-{place.code.casefold()}")
    contract = make_contract(place.organisation, sharing=sharing, publication=source)
    version = make_version(contract, base_year=2018, target_year=2030)
    fix(version, "published" if sharing == "published" else "adopted")
    series = make_series(source, contract=contract, scope="1+2", gas=gas, is_leading=True)
    if base:
        make_figure(series, 2018, base)
    return contract, series


def test_the_national_sum_keeps_footings_apart_and_says_what_it_worked_out(client: Client) -> None:
    one, two, three, four = (make_city(name=f"Gemeente {name}").municipality for name in "ABCD")
    _contract, series = contract_of(one)
    make_figure(series, 2030, "300", kind="forecast")
    contract_of(two)  # its one action takes 49 kt
    contract_of(three, gas="CO₂-eq", base="500")
    contract_of(four, base="")
    found = national(None)
    by_gas = {each.gas: each for each in found.sums}
    assert (by_gas["CO₂"].base, by_gas["CO₂"].left, by_gas["CO₂"].worked_out) == (2000, 300 + 951, 1)
    assert (by_gas["CO₂-eq"].base, by_gas["CO₂-eq"].left) == (500, 451)
    assert (found.contracts, found.counted, len(found.without)) == (4, 3, 1)
    text = client.get("/uitstoot/").content.decode()
    assert "nog geen landelijk pad met een bron" in text


def test_what_one_may_not_see_is_not_in_the_sum() -> None:
    place = make_city(name="Gemeente A").municipality
    contract_of(place, sharing="draft")
    assert national(None).contracts == 0
    assert national(Cast().person("coordinator").user).contracts == 0


def test_coordinators_enter_the_national_path(client: Client) -> None:
    cast = Cast()
    with pytest.raises(NotAllowed):
        set_point(actor=cast.person("team").user, year=2030, kt=Decimal(1), citation="wet")
    user = cast.person("coordinator").user
    with pytest.raises(ValidationError):
        set_point(actor=user, year=2030, kt=Decimal(1), citation=" ")
    client.force_login(user, backend="governance.accounts.backend.Backend")
    assert (
        "Vul een getal in"
        in client.post("/uitstoot/", {"year": "2030", "kt": "x", "citation": "wet"}).content.decode()
    )
    for year, kt in (("2030", "100000,5"), ("2050", "0")):
        assert client.post("/uitstoot/", {"year": year, "kt": kt, "citation": "wet"}).status_code == 302
    assert (
        "100.001" in client.get("/uitstoot/").content.decode()
        or "100.000" in client.get("/uitstoot/").content.decode()
    )
    client.post("/uitstoot/", {"year": "2030", "kt": "", "citation": "wet"})
    assert list(NationalPoint.objects.values_list("year", flat=True)) == [2050]
    client.logout()
    assert client.post("/uitstoot/", {"year": "2030", "kt": "1", "citation": "x"}).status_code in (302, 404)
