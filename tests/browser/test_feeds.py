"""The agenda in one's own calendar, the messages and the year at a glance, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from activities.services.rhythm import load_rhythm
from nss_portal.core.time import today
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, Any], Page]
Check = Callable[..., None]


def test_from_the_account_to_a_calendar_and_back(
    page: Page, phone: Page, login_as: Login, check_page: Check
) -> None:
    load_rhythm()
    login_as(page, Cast().person("team").user).goto("/account/")
    page.get_by_role("link", name="Activiteiten in je eigen agenda").click()
    page.get_by_role("button", name="Maak mijn agenda-adres").click()
    address = page.locator("code").first
    expect(address).to_contain_text("/agenda/mijn/")
    first = address.inner_text()
    check_page(page)
    page.get_by_role("button", name="Vervang mijn adres").click()
    expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_contain_text("nieuw adres")
    assert address.inner_text() != first
    page.goto("/account/berichten/")
    page.get_by_label("nooit; ik kijk zelf in het portaal").check()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_label("nooit; ik kijk zelf in het portaal")).to_be_checked()
    check_page(page)
    phone.goto(f"/agenda/jaar/{today().year}/")
    phone.get_by_role("link", name=str(today().year + 1)).click()
    check_page(phone)
