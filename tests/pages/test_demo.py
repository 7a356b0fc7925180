"""The doors of the demonstration: one per role and city, in demo mode only."""

import pytest
from django.core.cache import cache
from django.test import Client

from cities.services.reference import load_reference as load_cities
from governance.models import User, VariantPeriod
from governance.services import Refused
from governance.services.demo import ROLES, demo_account, load_demo
from governance.services.reference import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference() -> None:
    cache.clear()
    load_reference()
    load_cities()


def enter(client: Client, **fields: str):
    return client.post("/demo/inloggen/", fields)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "visitor"])
def test_every_role_has_a_door(client: Client, role: str) -> None:
    assert enter(client, role=role)["Location"] == "/"
    user = client.get("/account/").context["user"]
    assert user.is_demo
    assert role in {held.value for held in user.standing.roles}


def test_a_visitor_s_door_logs_out(client: Client) -> None:
    enter(client, role="team")
    assert enter(client, role="visitor").status_code == 302
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("role", "code", "name"),
    [
        ("team", "GM0363", "Transitieteam Amsterdam"),
        ("team", "", "Transitieteam Eindhoven"),
        ("signatory", "GM0193", "Wethouder Zwolle"),
        ("member", "GM0034", "Medewerker Almere"),
        ("member", "GM0344", "Medewerker Utrecht"),
        ("advisor", "GM0014", "City Advisor Groningen"),
    ],
)
def test_a_city_s_door_is_named_by_its_role(client: Client, role: str, code: str, name: str) -> None:
    enter(client, role=role, municipality=code)
    assert str(client.get("/account/").context["user"]) == name


def test_the_same_door_is_the_same_person(client: Client) -> None:
    enter(client, role="team", municipality="GM0363")
    first = User.objects.filter(is_demo=True).get(name__contains="Amsterdam")
    enter(client, role="team", municipality="GM0363")
    assert User.objects.filter(name__contains="Amsterdam", is_demo=True).get() == first


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"role": "mayor"},
        {"role": "team", "municipality": "GM9999"},
        {"role": "team", "municipality": "GM0034"},
    ],
)
def test_a_door_that_is_not_there_says_so(client: Client, fields: dict[str, str]) -> None:
    answer = enter(client, **fields)
    assert answer.status_code == 400
    assert answer.content


def test_outside_demo_mode_nothing_of_it_exists(client: Client, settings) -> None:
    load_demo("small", 1)
    settings.NSS_DEMO = False
    assert client.get("/demo/").status_code == 404
    assert enter(client, role="coordinator").status_code == 404
    with pytest.raises(Refused):
        demo_account(role="coordinator")


def test_the_page_lists_every_role_and_city_level(client: Client) -> None:
    page = client.get("/demo/")
    text = page.content.decode()
    for role in ROLES:
        assert f'value="{role}"' in text, role
    assert [len(tier.cities) for tier in page.context["tiers"]] == [7, 5, 1]


def test_loading_twice_makes_nobody_twice() -> None:
    load_demo("small", 1)
    accounts, periods = User.objects.count(), VariantPeriod.objects.count()
    load_demo("small", 1)
    assert (User.objects.count(), VariantPeriod.objects.count()) == (accounts, periods)
    assert accounts == 6 + 12 * 3 + 1 + 1
