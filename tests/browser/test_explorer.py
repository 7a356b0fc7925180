"""The explorer of a pathway walked in a browser: with a mouse, by keyboard, on a phone, without script."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from cities.services.reference import load_reference as load_cities
from contracts.demo.published import load_published
from contracts.models import ClimateContract
from contracts.services.reference import load_reference
from tests.access.cast import Cast
from tests.contracts.make import make_action, make_version
from tests.contracts.test_scenarios import with_table


@pytest.fixture
def pathway(transactional_db) -> str:
    """The address of the explorer of Eindhoven and Helmond."""
    load_cities()
    load_reference()
    load_published("small", 1)
    return f"{ClimateContract.objects.get(publication__code='ccc-eindhoven-helmond').get_absolute_url()}pad/"


def test_a_change_moves_the_outcome_and_the_address(page, check_page, pathway):
    page.goto(pathway.removesuffix("pad/"))
    page.get_by_role("link", name="Zie wat elke actie doet op het pad").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Waar leidt dit contract heen?")
    check_page(page, dark=True)
    expect(page.get_by_role("status")).to_contain_text("1.537 kiloton")

    # By keyboard: open the measure, give it another size, leave the field.
    page.locator("summary", has_text="Woningen aanpassen").press("Enter")
    field = page.get_by_label("Woningen aanpassen: kt per jaar")
    field.fill("219")
    field.press("Tab")
    expect(page.get_by_role("status")).to_contain_text("1.437 kiloton")
    expect(page).to_have_url(re.compile(r"woningen-aanpassen-kt=219"))
    expect(page.get_by_label("Woningen aanpassen: Sector")).to_be_focused()
    check_page(page)

    # What is wrong is said where one looks, and the outcome does not move on it.
    page.locator("summary", has_text="Laadinfrastructuur").press("Enter")
    page.get_by_label("Laadinfrastructuur: kt per jaar").fill("-4")
    page.get_by_label("Laadinfrastructuur: kt per jaar").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Laadinfrastructuur: kt per jaar: ")
    page.get_by_label("Laadinfrastructuur: kt per jaar").fill("6")
    page.get_by_label("Laadinfrastructuur: kt per jaar").press("Tab")
    expect(page.get_by_role("status")).to_contain_text("1.437 kiloton")

    # The address is all that somebody else needs.
    page.goto(page.url)
    expect(page.get_by_role("status")).to_contain_text("1.437 kiloton")
    page.get_by_role("link", name="Terug naar de cijfers van het contract").click()
    expect(page.get_by_role("status")).to_contain_text("1.537 kiloton")


def test_without_script_it_is_a_form_with_a_button(without_script, pathway):
    without_script.goto(pathway)
    without_script.locator("summary", has_text="Woningen aanpassen").click()
    without_script.get_by_label("Woningen aanpassen: kt per jaar").fill("219")
    without_script.get_by_role("button", name="Reken door").click()
    expect(without_script.get_by_role("status")).to_contain_text("1.437 kiloton")


def test_wrong_input_on_a_phone_is_named_and_kept(phone, check_page, pathway):
    phone.goto(f"{pathway}?trend=veel")
    expect(phone.locator("#error-summary")).to_be_focused()
    expect(phone.get_by_label("Verandering per jaar zonder maatregelen")).to_have_value("veel")
    check_page(phone)


def test_a_team_keeps_shares_compares_and_takes_over_a_scenario(page, check_page, login_as, transactional_db):
    person = Cast().person("team")
    contract = with_table(person.own)
    draft = make_version(contract, number=2, base_year=2020, target_year=2030)
    make_action(draft, "Deelauto's", effect_kt=Decimal(5))
    login_as(page, person.user)
    page.goto(f"{contract.get_absolute_url()}pad/")
    page.locator("summary", has_text="Deelauto's").click()
    page.get_by_label("Deelauto's: kt per jaar").fill("12,5")
    page.get_by_label("Deelauto's: kt per jaar").press("Tab")
    page.get_by_label("Naam van het scenario").fill("Meer deelauto's")
    check_page(page)
    page.get_by_role("button", name="Bewaar dit scenario").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meer deelauto's")
    check_page(page, dark=True)

    page.get_by_role("button", name="Deel met: het netwerk").click()
    expect(page.get_by_text("Bewaard met wie het scenario is gedeeld.")).to_be_visible()
    page.get_by_role("link", name="Pad", exact=True).click()
    page.get_by_label("Meer deelauto's vergelijken").check()
    page.get_by_role("button", name="Vergelijk").click()
    expect(page.get_by_role("row", name=re.compile("Meer deelauto's"))).to_be_visible()
    check_page(page)

    page.goto(contract.get_absolute_url() + "pad/")
    page.get_by_role("link", name="Meer deelauto's").click()
    page.get_by_role("button", name="Neem over in het concept").click()
    expect(page.get_by_text("Eén actie van het concept is veranderd.")).to_be_visible()
    assert draft.actions.get(code="actie-1").effect_kt == Decimal("12.5")
