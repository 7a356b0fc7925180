"""The page of components: all of them at once, so that a fault in one shows here first."""

import pytest
from playwright.sync_api import expect


@pytest.mark.django_db(transaction=True)
def test_every_component_is_accessible_in_light_and_dark_and_fits_a_phone(page, check_page):
    page.goto("/beheer/componenten/")
    expect(page.locator(".error-summary")).to_be_focused()
    check_page(page, dark=True)


@pytest.mark.django_db(transaction=True)
def test_the_page_that_asks_says_what_will_happen(page, check_page):
    page.goto("/beheer/componenten/bevestigen/")
    expect(page.get_by_role("button", name="Ronde afsluiten")).to_be_visible()
    check_page(page, dark=True)


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_the_filters_and_tables_fold(phone, check_page):
    phone.goto("/beheer/componenten/")
    check_page(phone)
    expect(phone.locator(".table--cards thead")).not_to_be_in_viewport()
    assert (
        phone.locator("[data-label='kt CO₂']").first.evaluate(
            "(cell) => getComputedStyle(cell, '::before').content"
        )
        == '"kt CO₂"'
    )


@pytest.mark.django_db(transaction=True)
def test_without_script_the_error_summary_takes_focus_and_leads_to_the_field(without_script):
    page = without_script
    page.goto("/beheer/componenten/")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    first = page.locator(".error-summary a").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#id_name")


@pytest.mark.django_db(transaction=True)
def test_a_typed_text_is_not_left_without_a_question(page):
    page.goto("/beheer/componenten/")
    page.get_by_label("Naam van de actie").first.fill("Iets anders")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.get_by_role("link", name="Later afmaken").click()
    page.goto("/privacy/")
    assert asked == ["beforeunload"]
