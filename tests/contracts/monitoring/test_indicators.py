"""Indicators: the rule of the lights, who writes them, what their pages say."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contracts.models import Indicator, IndicatorValue
from contracts.monitoring.lights import Course, Light, verdict
from contracts.services.errors import Refused
from contracts.services.indicators import add_indicator, change_indicator, discard_indicator, set_value
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.contracts.make import make_contract, make_published, make_version

FIELDS = {
    "title": "Woningen van het aardgas",
    "unit": "woningen",
    "base_year": 2019,
    "base_value": Decimal(1000),
    "target_year": 2029,
    "target_value": Decimal(11000),
    "source": "Register",
}
BACKEND = "governance.accounts.backend.Backend"


def course(base: int = 1000, target: int = 11000, **values: int) -> Course:
    by_year = {int(year[1:]): Decimal(value) for year, value in values.items()}
    return Course("woningen", 2019, Decimal(base), 2029, Decimal(target), by_year)


@pytest.mark.parametrize(
    ("given", "light"),
    [
        (course(y2024=6000), Light.GREEN),  # on the line
        (course(y2024=5999), Light.AMBER),
        (course(y2024=4500), Light.AMBER),  # 35% done of 50% due: seven tenths
        (course(y2024=4499), Light.BRICK),
        (course(y2024=500), Light.BRICK),  # the wrong way
        (course(y2021=9000, y2024=4000), Light.BRICK),  # the last year holds
        (course(base=100, target=0, y2024=50), Light.GREEN),  # what has to fall
        (course(base=100, target=0, y2024=70), Light.BRICK),
        (course(y2022=9000), Light.GREY),  # too old
        (course(), Light.GREY),
        (course(y2019=9000), Light.GREY),  # the first year itself says nothing
    ],
)
def test_the_rule_of_the_lights(given: Course, light: Light) -> None:
    assert verdict(given, this_year=2025).light == light


def test_a_light_explains_itself_and_holds_after_the_target_year() -> None:
    found = verdict(course(y2024=4500), this_year=2025)
    assert found.label == "achter"
    assert found.why == (
        "In 2024 stond het op 4.500 woningen. Op de rechte lijn naar het doel hoort daar 6.000 woningen."
        " 35% van de weg is gedaan, waar 50% hoort."
    )
    assert verdict(course(y2031=11000), this_year=2032).light == Light.GREEN
    assert verdict(course(y2031=10999), this_year=2032).light == Light.AMBER


@pytest.fixture
def team(db):
    return Cast().person("team")


@pytest.fixture
def contract(team):
    held = make_contract(team.own)
    make_version(held)
    return held


def test_a_team_adds_fills_changes_and_discards(team, contract) -> None:
    indicator = add_indicator(actor=team.user, contract=contract, **FIELDS)
    year = today().year
    set_value(actor=team.user, indicator=indicator, year=year, value=Decimal("1500.5"), note="telling in mei")
    set_value(actor=team.user, indicator=indicator, year=year, value=Decimal(1600))
    assert indicator.values.get().value == 1600
    for wrong in (2019, year + 1):
        with pytest.raises(Refused):
            set_value(actor=team.user, indicator=indicator, year=wrong, value=Decimal(1))
    set_value(actor=team.user, indicator=indicator, year=year, value=None)
    assert not indicator.values.exists()
    change_indicator(actor=team.user, indicator=indicator, revision=0, target_value=Decimal(12000))
    with pytest.raises(EditConflict):
        change_indicator(actor=team.user, indicator=indicator, revision=0, target_value=Decimal(13000))
    with pytest.raises(ValidationError, match="doeljaar"):
        change_indicator(actor=team.user, indicator=indicator, revision=1, target_year=2010)
    with pytest.raises(ValidationError, match="deze naam"):
        add_indicator(actor=team.user, contract=contract, **FIELDS)
    discard_indicator(actor=team.user, indicator=indicator)
    assert not Indicator.objects.exists()


def test_others_read_what_they_see_and_write_nothing(team, contract, client: Client) -> None:
    published = make_published(team.cast.other)
    indicator = Indicator.objects.create(contract=published, **FIELDS)
    for call in (
        lambda: add_indicator(actor=team.user, contract=published, **FIELDS),
        lambda: set_value(actor=team.user, indicator=indicator, year=2020, value=Decimal(1)),
        lambda: change_indicator(actor=team.user, indicator=indicator, revision=0, unit="x"),
        lambda: discard_indicator(actor=team.user, indicator=indicator),
    ):
        with pytest.raises(NotAllowed):
            call()
    own = Indicator.objects.create(contract=contract, **FIELDS)
    assert client.get(own.get_absolute_url()).status_code == 404, "a draft of a city is not the public's"
    assert client.get(indicator.get_absolute_url()).status_code == 200
    client.force_login(team.user, backend=BACKEND)
    assert client.post(indicator.get_absolute_url(), {"year": "2020", "value": "1"}).status_code == 403
    assert client.get(f"{published.get_absolute_url()}indicatoren/nieuw/").status_code == 403
    assert client.post(f"{indicator.get_absolute_url()}weggooien/").status_code == 403


def test_the_forms_keep_what_was_typed(team, contract, client: Client) -> None:
    client.force_login(team.user, backend=BACKEND)
    url = f"{contract.get_absolute_url()}indicatoren/"
    form = {name: str(value) for name, value in FIELDS.items()} | {"revision": "0"}
    wrong = client.post(f"{url}nieuw/", {**form, "target_year": "2010", "target_value": "1000"}).content.decode()
    assert "Het doeljaar komt na het eerste jaar" in wrong
    assert "Het doel moet anders zijn" in wrong
    assert 'value="Woningen van het aardgas"' in wrong
    assert (
        client.post(f"{url}nieuw/", {**form, "base_value": "1000,5", "action_code": "actie-0"}).status_code == 302
    )
    indicator = Indicator.objects.get()
    assert indicator.base_value == Decimal("1000.5")
    page = indicator.get_absolute_url()
    assert "Nul-emissiezone" in client.get(page).content.decode()
    text = client.post(page, {"year": "1990", "value": "7"}).content.decode()
    assert "Geef een jaar na 2019" in text
    assert client.post(page, {"year": "2021", "value": "2000,25"}).status_code == 302
    conflict = client.post(f"{page}bewerken/", {**form, "unit": "huizen", "revision": "9"})
    assert conflict.status_code == 409
    assert "indicator,unit" in client.get(f"{url}indicatoren.csv").content.decode()
    assert client.post(f"{page}weggooien/").status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_indicators(client: Client, db, django_assert_num_queries, number: int) -> None:
    contract = make_published(Cast().other)
    for count in range(number):
        indicator = Indicator.objects.create(
            contract=contract, code=f"n{count}", **{**FIELDS, "title": f"Nummer {count}"}
        )
        IndicatorValue.objects.create(indicator=indicator, year=2021, value=2000)
    with django_assert_num_queries(4):
        text = client.get(f"{contract.get_absolute_url()}indicatoren/").content.decode()
    assert f"Nummer {number - 1}" in text
