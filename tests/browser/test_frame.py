"""The frame of every page: skip link, language, menu on a phone, error pages."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_not_there_is_a_page_like_the_others(page, check_page):
    answer = page.goto("/bestaat-niet/")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze pagina is er niet")
    check_page(page, dark=True)


@pytest.mark.django_db(transaction=True)
def test_the_keyboard_reaches_the_content_in_two_keys(page):
    page.goto("/toegankelijkheid/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#inhoud")).to_be_focused()


@pytest.mark.django_db(transaction=True)
def test_the_same_page_in_english_and_back(page):
    page.goto("/privacy/?van=test")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/privacy/\?van=test$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Nederlands").click()
    expect(page).to_have_url(re.compile(r"(?<!/en)/privacy/\?van=test$"))


@pytest.mark.django_db(transaction=True)
def test_a_breach_of_the_content_policy_is_found(page, check_page):
    page.goto("/privacy/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p onclick=\"x()\">tekst</p>')")
    with pytest.raises(AssertionError, match="noise"):
        check_page(page)
