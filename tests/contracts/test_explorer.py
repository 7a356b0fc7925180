"""The explorer of a contract's pathway: what it starts from, what one may change, who may see it."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.services.reference import load_reference as load_cities
from contracts.demo.published import load_published
from contracts.explorer.document import document_of
from contracts.explorer.inputs import inputs_of
from contracts.explorer.page import DRAWS, SEED, explore
from contracts.models import ClimateContract, EmissionSeries, Investment
from contracts.pages import figures_for
from contracts.pathways import read_case, solve
from contracts.services.reference import load_reference
from tests.access.cast import Cast, make_city
from tests.contracts.make import (
    fix,
    make_action,
    make_contract,
    make_figure,
    make_series,
    make_source,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> None:
    """The four published contracts."""
    load_cities()
    load_reference()
    load_published("small", 1)


def of(code: str) -> ClimateContract:
    return ClimateContract.objects.get(publication__code=code)


def pathway(contract: ClimateContract) -> str:
    return f"{contract.get_absolute_url()}pad/"


def inputs(contract: ClimateContract):
    version = contract.versions.get()
    contract.places = [1] * contract.municipalities.count()
    return inputs_of(contract, version, figures_for(contract, version).rows, version.actions.order_by("order"))


@pytest.mark.usefixtures("published")
def test_eindhoven_and_helmond_start_from_their_own_table() -> None:
    found = inputs(of("ccc-eindhoven-helmond"))
    assert (found.base.year, found.base.place, found.base.total_kt) == (2018, "tabel A-1.5", 1940.0)
    assert {row.code: row.kt for row in found.base.rows} == {
        "housing": 501.0,
        "services": 429.0,
        "mobility": 335.0,
        "industry": 675.0,
    }
    assert (found.target_kt, found.target_year) == (388.0, 2030)
    assert [measure.code for measure in found.measures if not measure.sector] == [
        "warmte-infrastructuur",
        "energietransitieprojecten",
    ]
    assert len(found.without_effect) == 1
    assert all(base.place != "rij Eindhoven" for base in found.bases), "a table of one city is not the pair's"


@pytest.mark.usefixtures("published")
def test_the_page_of_rotterdam_tells_what_is_left(client: Client) -> None:
    response = client.get(pathway(of("ccc-rotterdam")))
    page = response.context["page"]
    # Table 10: 763 + 1352 + 13214 + 9577 kt; the measures with a sector of their own take 102 + 489 + 4971 + 6008.
    assert page.trend_kt == pytest.approx(24906)
    assert page.left_kt == pytest.approx(24906 - 11570)
    assert page.gap_kt == pytest.approx(24906 - 11570 - 10440)
    text = response.content.decode()
    assert "2.896 kiloton boven het doel" in text
    assert "Groen gas" in text
    assert "tabel 10" in text


@pytest.mark.usefixtures("published")
def test_an_address_with_changes_moves_the_outcome_and_marks_them(client: Client) -> None:
    url = pathway(of("ccc-eindhoven-helmond"))
    before = client.get(url).context["page"]
    response = client.get(
        url, {"woningen-aanpassen-kt": "219,5", "warmte-infrastructuur-waar": "housing", "trend": "-1"}
    )
    after = response.context["page"]
    assert after.trend_kt == pytest.approx(1940 * 0.99**12)
    assert before.left_kt - after.left_kt == pytest.approx(1940 * (1 - 0.99**12) + 100.5 + 119)
    assert "op deze pagina veranderd" in response.content.decode()
    assert response.context["form"].changes == {
        "woningen-aanpassen-kt": "219,5",
        "warmte-infrastructuur-waar": "housing",
        "trend": "-1",
    }
    assert "op deze pagina veranderd" not in client.get(url).content.decode()


@pytest.mark.usefixtures("published")
def test_a_vague_measure_counts_as_nothing_and_a_margin_makes_a_tornado(client: Client) -> None:
    url = pathway(of("ccc-eindhoven-helmond"))
    assert client.get(url).context["page"].tornado is None
    page = client.get(url, {"woningen-aanpassen-zeker": "vague", "nul-emissiezones-marge": "50"}).context["page"]
    assert page.left_kt == pytest.approx(1537 + 119)
    assert "Woningen aanpassen" in page.not_counted
    assert page.tornado.table.figures[0][:2] == pytest.approx((-24.5, 24.5))


@pytest.mark.usefixtures("published")
def test_another_starting_point_is_another_table_never_a_mix(client: Client) -> None:
    contract = of("ccc-rotterdam")
    series = EmissionSeries.objects.get(municipality__code="GM0599", source__code="klimaatmonitor-2019")
    page = client.get(pathway(contract), {"basis": f"{series.pk}-2019"}).context["page"]
    assert page.inputs.base.source == series.source.label
    assert page.inputs.base.total_kt == pytest.approx(1970.163 + 1929.560 + 8144.867 + 58.908)
    assert {m.code for m in page.inputs.measures if m.sector} == {
        "maatregelen-gebouwde-omgeving",
        "maatregelen-mobiliteit",
    }


@pytest.mark.usefixtures("published")
def test_the_residual_of_the_first_template_is_what_the_target_allows(client: Client) -> None:
    inputs = client.get(pathway(of("ccc-eindhoven-helmond"))).context["page"].inputs
    rows = {standard: dict(explore(inputs, standard=standard).gap_rows) for standard in ("nzc-v1", "nzc-v2")}
    assert rows["nzc-v1"]["rest die het doel toelaat, hoogstens 20% van het basisjaar"] == "388 kt"
    assert "over na deze maatregelen" not in rows["nzc-v1"]
    assert rows["nzc-v2"]["over na deze maatregelen"] == "1.537 kt"


@pytest.mark.usefixtures("published")
def test_what_was_chosen_stands_among_the_numbers_with_their_source(client: Client) -> None:
    given = {"trend": "1,5", "doel": "321", "budget": "9000"}
    text = client.get(pathway(of("ccc-eindhoven-helmond")), given).content.decode()
    sources = text[text.index("Elk getal met zijn bron") :]
    for says in ("321,0", "9.000,0", "1,50 procent"):
        assert says in sources
    assert sources.count("op deze pagina veranderd") == 3
    assert "telt de verandering zonder maatregelen niet mee" in text


@pytest.mark.usefixtures("published")
def test_a_sector_that_is_not_published_stays_out_and_is_named(client: Client) -> None:
    contract = of("ccc-amsterdam")
    series = EmissionSeries.objects.get(municipality__code="GM0363", source__code="klimaatmonitor-2019")
    response = client.get(pathway(contract), {"basis": f"{series.pk}-2019"})
    assert [row.code for row in response.context["page"].inputs.base.rows] == [
        "built",
        "mobility",
        "industry_energy_waste",
    ]
    assert "Niet gepubliceerd door deze bron" in response.content.decode()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"trend": "veel"}, "Vul een getal in."),
        ({"woningen-aanpassen-kt": "-3"}, "Vul 0 of meer in"),
        ({"woningen-aanpassen-kt": "-3"}, "Woningen aanpassen: kt per jaar</a>"),
        ({"woningen-aanpassen-kt": "1.234"}, "Dit kunnen twee getallen zijn. Schrijf 1234"),
        ({"woningen-aanpassen-start": "1900"}, "Vul 2018 of meer in"),
        ({"woningen-aanpassen-start": "2028", "woningen-aanpassen-vol": "2025"}, "ligt vóór de start in 2028"),
        ({"woningen-aanpassen-marge": "400"}, "Vul 100 of minder in"),
        ({"woningen-aanpassen-zeker": "misschien"}, "misschien"),
        ({"doel": "NaN"}, "Vul een getal in."),
    ],
)
def test_wrong_input_is_named_kept_and_does_not_move_the_outcome(client: Client, given: dict, says: str) -> None:
    response = client.get(pathway(of("ccc-eindhoven-helmond")), given)
    text = response.content.decode()
    assert response.status_code == 200
    assert 'id="error-summary"' in text
    assert says in text
    assert response.context["page"].left_kt == pytest.approx(1537)
    name, value = next(iter(given.items()))
    assert value in text or name.endswith("zeker")


@pytest.mark.usefixtures("published")
def test_a_budget_says_when_it_is_used_up(client: Client) -> None:
    url = pathway(of("ccc-eindhoven-helmond"))
    assert "in de loop van 2020 op" in client.get(url, {"budget": "5000"}).content.decode()
    assert "van het budget over" in client.get(url, {"budget": "90000"}).content.decode()


@pytest.mark.usefixtures("published")
def test_every_published_contract_gives_a_case_that_can_be_calculated() -> None:
    for contract in ClimateContract.objects.all():
        found = inputs(contract)
        if found is not None:
            assert read_case(document_of(found)).measures is not None


def with_table(sharing: str = "draft", actions: int = 1) -> ClimateContract:
    """A contract with a table by sector and actions that have an effect."""
    city = make_city()
    contract = make_contract(city, sharing=sharing, publication=make_source())
    version = make_version(contract, base_year=2020, target_year=2030)
    for number in range(actions):
        make_action(version, f"Actie {number}", effect_kt=Decimal(5))
    series = make_series(contract.publication, contract=contract, is_leading=True)
    make_figure(series, 2020, "100", sector="mobility")
    fix(version, "published" if sharing == "published" else "adopted")
    return contract


def test_without_a_table_by_sector_the_page_says_what_it_needs(client: Client) -> None:
    contract = make_contract(make_city(), sharing="published")
    fix(make_version(contract), "published")
    response = client.get(pathway(contract))
    assert response.status_code == 200
    assert "Er is nog geen tabel met uitstoot per sector" in response.content.decode()


def test_who_does_not_see_the_contract_does_not_see_its_pathway(client: Client) -> None:
    contract = with_table("network")
    assert client.get(pathway(contract)).status_code == 404
    cast = Cast()
    for role, status in [("team", 200), ("coordinator", 200), ("member", 404), ("partner", 404)]:
        client.force_login(cast.person(role).user)
        assert client.get(pathway(contract)).status_code == status, role


@pytest.mark.parametrize("actions", [1, 3])
def test_queries_do_not_grow_with_actions(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, actions: int
) -> None:
    url = pathway(with_table("published", actions))
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)


def test_the_page_is_the_same_in_english(client: Client) -> None:
    contract = with_table("published")
    response = client.get(f"/en{pathway(contract)}")
    assert "Where does this contract lead?" in response.content.decode()
    assert json.dumps(response.context["page"].result)


@pytest.mark.usefixtures("published")
def test_what_the_publication_expects_itself_stands_beside_the_path(client: Client) -> None:
    contract = of("ccc-eindhoven-helmond")
    found = inputs(contract)
    assert (found.published_kt, found.published_origin) == (446.0, "tabel A-1.5")
    html = client.get(pathway(contract)).content.decode()
    assert "(tabel A-1.5) blijft er 446 kiloton over in 2030" in html
    assert inputs(of("ccc-groningen")).published_kt is None, "it publishes percentages"


@pytest.mark.usefixtures("published")
def test_every_number_can_be_taken_along_and_worked_out_again(client: Client) -> None:
    url = pathway(of("ccc-eindhoven-helmond"))
    response = client.get(f"{url}zaak.json", {"woningen-aanpassen-kt": "219", "budget": "5000"})
    held = json.loads(response.content)
    again = solve(read_case(held["case"]), draws=DRAWS, seed=SEED)
    assert json.loads(json.dumps(again)) == held["result"]
    assert client.get(f"{url}zaak.json", {"trend": "veel"}).status_code == 404
    page = client.get(url, {"budget": "5000"}).context["page"]
    assert page.budget_chart is not None
    assert sum(row["together"] for row in page.worked_out) == pytest.approx(page.trend_kt - page.left_kt)


def test_years_running_costs_and_compensation_of_the_contract_count() -> None:
    city = make_city(name="Gemeente Delft")
    source = make_source("ccc-delft")
    contract = make_contract(city, publication=source)
    version = make_version(contract, base_year=2020, target_year=2030)
    series = make_series(source, contract=contract, is_leading=True)
    make_figure(series, 2020, "100", sector="mobility")
    action = make_action(
        version, "Bos", effect_kt=Decimal(10), compensated_kt=Decimal(4), starts_in=2024, ends_in=2028
    )
    for kind, year, amount in (
        ("operation", 2024, 1),
        ("operation", 2025, 3),
        ("savings", 2025, 1),
        ("savings", None, 9),
    ):
        Investment.objects.create(version=version, action=action, kind=kind, year=year, amount_meur=amount)
    found = next(measure for measure in inputs(contract).measures if measure.label == "Bos")
    assert (found.start_year, found.full_year) == (2024, 2028)
    assert (found.opex_eur, found.savings_eur, found.compensated_kt) == (2_000_000, 1_000_000, 4)
    assert any("zonder jaar" in text for text in found.assumptions)
    result = solve(read_case(document_of(inputs(contract))))
    assert result["measures"][found.code]["compensation_kt"]["2030"] == 4
    assert result["net_kt"]["2030"] == pytest.approx(result["emissions_kt"]["total"]["2030"] - 4)
