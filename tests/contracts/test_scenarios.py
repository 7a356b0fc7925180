"""Scenarios of a pathway: kept, shared, compared, taken over, thrown away; by whom, and what goes wrong."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cities.models.bottleneck import Sharing
from contracts.models import ClimateContract, PathwayScenario
from contracts.services import scenario as services
from contracts.services.errors import Refused
from nss_portal.core.access import NotAllowed
from nss_portal.core.models.audit import AuditEvent
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

CHANGES = {"actie-1-kt": "8", "actie-1-zeker": "certain"}


def with_table(city=None, sharing: str = "published") -> ClimateContract:
    """A contract in force with a table by sector and an action of 5 kt."""
    contract = make_contract(city or make_city(), sharing=sharing, publication=make_source())
    version = make_version(contract, base_year=2020, target_year=2030)
    make_action(version, "Deelauto's", effect_kt=Decimal(5))
    series = make_series(contract.publication, f"tabel {contract.pk}", contract=contract, is_leading=True)
    make_figure(series, 2020, "100", sector="mobility")
    fix(version, "published" if sharing == "published" else "adopted")
    return contract


def keep(
    contract: ClimateContract, sharing: str = "draft", name: str = "Sneller", **changes: str
) -> PathwayScenario:
    return PathwayScenario.objects.create(
        contract=contract, name=name, changes=changes or CHANGES, sharing=sharing
    )


def test_a_team_keeps_what_it_changed_and_it_is_logged(client: Client) -> None:
    person = Cast().person("team")
    contract = with_table(person.own)
    client.force_login(person.user)
    url = f"{contract.get_absolute_url()}pad/"
    assert "Bewaar dit scenario" not in client.get(url).content.decode(), "nothing is changed yet"
    page = client.get(url, CHANGES)
    assert "Bewaar dit scenario" in page.content.decode()
    answer = client.post(
        f"{url}bewaren/", {"keuzes": page.context["form"].address, "name": " Sneller "}, follow=True
    )
    scenario = PathwayScenario.objects.get()
    assert (scenario.name, scenario.changes, scenario.sharing) == ("Sneller", CHANGES, "draft")
    assert answer.redirect_chain[-1][0] == scenario.get_absolute_url()
    assert AuditEvent.objects.filter(object_id=str(scenario.pk), event="created").exists()
    assert "Sneller" in client.get(url).content.decode()
    assert client.get(scenario.explorer_url).context["page"].left_kt == pytest.approx(100 - 49 - 8)


@pytest.mark.parametrize("role", ["member", "ministry", "partner", "coordinator", "steering"])
def test_others_do_not_keep_scenarios_of_a_city(client: Client, role: str) -> None:
    contract = with_table()
    user = Cast().person(role).user
    client.force_login(user)
    url = f"{contract.get_absolute_url()}pad/"
    assert "Bewaar dit scenario" not in client.get(url, CHANGES).content.decode()
    assert client.post(f"{url}bewaren/", {"keuzes": "actie-1-kt=8", "name": "x"}).status_code == 403
    with pytest.raises(NotAllowed):
        services.keep_scenario(actor=user, contract=contract, name="x", changes=CHANGES)
    assert not PathwayScenario.objects.exists()


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"keuzes": "actie-1-kt=veel", "name": "x"}, "Er klopt iets niet in deze keuzes"),
        ({"keuzes": "", "name": "x"}, "Er is nog niets veranderd"),
        ({"keuzes": "actie-1-kt=8", "name": ""}, "leeg"),
        ({"keuzes": "actie-1-kt=8", "name": "Eerste"}, "Er is al een scenario met deze naam"),
        ({"keuzes": "actie-1-kt=8", "name": "x" * 81}, "80"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_the_choices(client: Client, posted: dict, says: str) -> None:
    person = Cast().person("team")
    contract = with_table(person.own)
    keep(contract, name="Eerste")
    client.force_login(person.user)
    answer = client.post(f"{contract.get_absolute_url()}pad/bewaren/", posted, follow=True)
    assert says in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith(f"?{posted['keuzes']}")
    assert PathwayScenario.objects.count() == 1


def test_who_sees_a_scenario(client: Client) -> None:
    cast = Cast()
    person = cast.person("team")
    contract = with_table(person.own)
    unshared, network, published = (keep(contract, each, each) for each in ("draft", "network", "published"))
    seen = {
        "": {published},
        "partner": {published},
        "publisher": {published},
        "ministry": {network, published},
        "coordinator": {network, published},
    }
    for role, expected in seen.items():
        client.logout()
        if role:
            client.force_login(cast.person(role).user)
        statuses = {
            each
            for each in (unshared, network, published)
            if client.get(each.get_absolute_url()).status_code == 200
        }
        assert statuses == expected, role
    client.force_login(person.user)
    assert client.get(unshared.get_absolute_url()).status_code == 200


def test_a_scenario_of_a_contract_that_one_does_not_see_is_not_there(client: Client) -> None:
    scenario = keep(with_table(sharing="network"), "published")
    assert client.get(scenario.get_absolute_url()).status_code == 404


def test_sharing_and_throwing_away(client: Client) -> None:
    person = Cast().person("team")
    scenario = keep(with_table(person.own))
    client.force_login(person.user)
    act = scenario.get_absolute_url()
    client.post(f"{act}delen/", {"sharing": "published"})
    scenario.refresh_from_db()
    assert scenario.sharing == "published"
    refused = client.post(f"{act}weggooien/", follow=True)
    assert "Anderen kunnen dit scenario gebruikt hebben" in refused.content.decode()
    assert client.post(f"{act}delen/", {"sharing": "iedereen"}).status_code == 404
    client.post(f"{act}delen/", {"sharing": "draft"})
    client.post(f"{act}weggooien/")
    assert not PathwayScenario.objects.exists()
    assert client.post(f"{act}weggooien/").status_code == 404


def test_others_do_not_change_what_they_see(client: Client) -> None:
    scenario = keep(with_table(), "published")
    user = Cast().person("coordinator").user
    client.force_login(user)
    text = client.get(scenario.get_absolute_url()).content.decode()
    assert "Gooi weg" not in text
    for action in ("delen", "overnemen", "weggooien", "onzin"):
        assert client.post(f"{scenario.get_absolute_url()}{action}/", {"sharing": "draft"}).status_code == 403
    with pytest.raises(NotAllowed):
        services.share_scenario(actor=user, scenario=scenario, sharing=Sharing.DRAFT)
    with pytest.raises(NotAllowed):
        services.discard_scenario(actor=user, scenario=scenario)


def test_taking_over_changes_the_draft_and_nothing_that_was_adopted(client: Client) -> None:
    person = Cast().person("team")
    contract = with_table(person.own)
    adopted = contract.versions.get()
    scenario = keep(contract)
    client.force_login(person.user)
    none = client.post(f"{scenario.get_absolute_url()}overnemen/", follow=True)
    assert "Er is geen concept van het contract" in none.content.decode()
    draft = make_version(contract, number=2, base_year=2020, target_year=2030)
    make_action(draft, "Deelauto's", effect_kt=Decimal(5))
    page = client.get(scenario.get_absolute_url())
    assert [(each.action.code, each.effect_kt) for each in page.context["differences"]] == [
        ("actie-1", Decimal("8.0"))
    ]
    client.post(f"{scenario.get_absolute_url()}overnemen/")
    changed = draft.actions.get(code="actie-1")
    assert (changed.effect_kt, changed.certainty, changed.revision) == (8, "certain", 1)
    assert adopted.actions.get(code="actie-1").effect_kt == 5
    assert client.get(scenario.get_absolute_url()).context["differences"] == []


def test_a_scenario_that_no_longer_fits_says_so(client: Client) -> None:
    person = Cast().person("team")
    scenario = keep(with_table(person.own), **{"actie-1-zeker": "zonneklaar"})
    client.force_login(person.user)
    assert "sommige keuzes passen niet meer" in client.get(scenario.get_absolute_url()).content.decode()


def test_comparing(client: Client) -> None:
    contract = with_table()
    kept = [keep(contract, "published", f"Nummer {n}", **{"actie-1-kt": str(n)}) for n in range(6)]
    hidden = keep(contract, "draft", "Geheim")
    url = f"{contract.get_absolute_url()}pad/vergelijken/"
    answer = client.get(url, {"s": [kept[1].public_id, kept[2].public_id, hidden.public_id]})
    rows = answer.context["comparison"].rows
    assert [(row.name, row.left) for row in rows] == [
        ("het contract zelf", "46"),
        ("Nummer 1", "50"),
        ("Nummer 2", "49"),
    ]
    text = answer.content.decode()
    assert "bestaat niet, of is niet met jou gedeeld" in text
    assert "Geheim" not in text
    many = client.get(url, {"s": [each.public_id for each in kept]})
    assert "hoogstens 4 scenario" in many.content.decode()
    assert len(many.context["comparison"].rows) == 5


def test_there_is_a_limit_to_scenarios_and_to_changes() -> None:
    person = Cast().person("team")
    contract = with_table(person.own)
    with pytest.raises(Refused):
        services.keep_scenario(
            actor=person.user, contract=contract, name="x", changes={str(n): "1" for n in range(2001)}
        )
    with pytest.raises(ValidationError):
        services.keep_scenario(actor=person.user, contract=contract, name=" ", changes=CHANGES)
    PathwayScenario.objects.bulk_create(
        PathwayScenario(contract=contract, name=str(n), changes=CHANGES) for n in range(services.MOST_SCENARIOS)
    )
    with pytest.raises(Refused, match="50"):
        services.keep_scenario(actor=person.user, contract=contract, name="x", changes=CHANGES)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_scenarios(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    contract = with_table()
    for each in range(number):
        keep(contract, "published", str(each))
    url = f"{contract.get_absolute_url()}pad/"
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
