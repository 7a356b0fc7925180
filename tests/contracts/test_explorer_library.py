"""Measures of the library in the explorer: added, changed, taken out, kept, and taken over into a draft."""

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from contracts.explorer.library import codes_in
from contracts.models import PathwayScenario
from tests.access.cast import Cast
from tests.contracts.make import make_action, make_version
from tests.contracts.make_standard import make_measure, make_standard_version
from tests.contracts.test_scenarios import with_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    """Two measures: one takes 10 % of mobility (8 to 14), at 2 million euros a kt; the other tells nothing."""
    version = make_standard_version(state="draft")
    zone = {
        "title_nl": "Zero-emissiezone",
        "effect_low": Decimal(8),
        "effect_high": Decimal(14),
        "certainty": "certain",
        "years": 5,
    }
    version.measures.update(**zone)
    make_measure(version, "leeg", title_nl="Onbekend", sector="waste", base_sector="waste", effect=None)
    type(version).objects.filter(pk=version.pk).update(state="published")


def test_a_link_with_a_measure_that_is_gone_says_so(library: None, client: Client) -> None:
    url = f"{with_table().get_absolute_url()}pad/"
    says = "Staat niet in de bibliotheek en telt hier dus niet mee: weg."
    assert says in client.get(url, {"erbij": "zone,weg"}).content.decode()
    assert "Staat niet in de bibliotheek" not in client.get(url, {"erbij": "zone"}).content.decode()


def test_a_measure_is_added_scaled_and_taken_out_again(library: None, client: Client) -> None:
    contract = with_table()
    url = f"{contract.get_absolute_url()}pad/"
    assert [code for code, _title in client.get(url).context["more"]] == ["zone", "leeg"]
    answer = client.get(url, {"nieuw": "zone", "actie-1-kt": "8"})
    assert answer["Location"] == f"{url}?actie-1-kt=8&erbij=zone"
    page = client.get(answer["Location"])
    added = page.context["page"].inputs.measures[-1]
    assert (added.label, added.kt, added.sector, added.spread) == ("Zero-emissiezone", 10.0, "mobility", 0.3)
    assert (sum(added.capex_eur.values()), added.added) == (20_000_000.0, "zone")
    # 100 less what the action in force and the added measure take; both count in the base year's emissions.
    assert page.context["page"].left_kt < client.get(url, {"actie-1-kt": "8"}).context["page"].left_kt
    assert [code for code, _title in page.context["more"]] == ["leeg"]
    text = page.content.decode()
    assert "op deze pagina toegevoegd" in text
    assert f'href="{url}?actie-1-kt=8"' in text
    changed = client.get(url, {"erbij": "zone", "bieb-zone-kt": "3"})
    assert changed.context["page"].inputs.measures[-1].kt == changed.context["rows"][-1]["measure"].kt == 3.0
    case = client.get(f"{url}zaak.json", {"erbij": "zone"}).json()["case"]
    assert [measure["code"] for measure in case["measures"]] == ["actie-0", "actie-1", "bieb-zone"]


@pytest.mark.parametrize(("given", "left"), [("atlantis", 2), ("zone,zone", 3), ("leeg", 3), (",,", 2)])
def test_what_the_address_says_wrongly_is_left_out(library: None, client: Client, given: str, left: int) -> None:
    page = client.get(f"{with_table().get_absolute_url()}pad/", {"erbij": given})
    assert page.status_code == 200
    assert len(page.context["page"].inputs.measures) == left


def test_no_more_than_twelve() -> None:
    assert len(codes_in(",".join(f"m{n}" for n in range(50)))) == 12


def test_taken_over_it_becomes_an_action_once(library: None, client: Client) -> None:
    person = Cast().person("team")
    contract = with_table(person.own)
    draft = make_version(contract, number=2, base_year=2020, target_year=2030)
    make_action(draft, "Deelauto's", effect_kt=Decimal(5))
    client.force_login(person.user)
    keep = {"keuzes": "erbij=zone&bieb-zone-kt=7.5", "name": "Meer"}
    client.post(f"{contract.get_absolute_url()}pad/bewaren/", keep)
    scenario = PathwayScenario.objects.get()
    page = client.get(scenario.get_absolute_url())
    assert [measure.label for measure in page.context["additions"]] == ["Zero-emissiezone"]
    for _again in range(2):
        client.post(f"{scenario.get_absolute_url()}overnemen/")
        action = draft.actions.get(measure="zone")
        assert (action.effect_kt, action.certainty, action.sector) == (Decimal("7.5"), "certain", "mobility")
    assert client.get(scenario.get_absolute_url()).context["additions"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_what_is_added(
    library: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    contract = with_table()
    codes = ["zone", "leeg", "zone2"][:number]
    url = f"{contract.get_absolute_url()}pad/?erbij={','.join(codes)}"
    client.get(url)
    with django_assert_num_queries(10):
        client.get(url)
