"""Coming in by a passkey and by the login of an organisation, in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from governance.models import User
from governance.models.membership import Function
from governance.services.invitations import make_invitation
from governance.services.people import make_account
from tests.access.cast import Cast, join, make_city
from tests.browser.passkeys import Device
from tests.governance.oidc_provider import Provider, running

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "een zin die alleen ik ken"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def provider(settings: Any, live_server: Any) -> Iterator[Provider]:
    with running() as found:
        settings.NSS_BASE_URL = live_server.url
        settings.SOCIALACCOUNT_PROVIDERS = found.settings()
        yield found


def with_password(page: Page) -> None:
    page.goto("/account/inloggen/")
    page.get_by_label("E-mailadres").fill("jij@stad.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Inloggen", exact=True).click()


def log_out(page: Page) -> None:
    page.locator(".menu--account summary").click()
    page.get_by_role("button", name="Uitloggen").click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_a_passkey_from_first_to_last(
    page: Page, without_script: Page, check_page: Callable[..., None], settings: Any
) -> None:
    settings.NSS_SECOND_FACTOR = True
    user = make_account(email="jij@stad.example", name="Jij van de Stad", password=PASSWORD)
    join(user, make_city(), Function.SIGNATORY)
    device = Device(page)
    with_password(page)
    heading(page, "Tweede stap instellen")
    page.get_by_role("link", name="Passkey toevoegen").click()
    check_page(page, dark=True)
    page.get_by_text("Wat is een passkey?").click()
    page.get_by_label("Naam van de passkey").fill("mijn telefoon")
    page.get_by_role("button", name="Passkey maken").click()
    heading(page, "Herstelcodes")
    assert len(device.credentials) == 1
    page.goto("/account/tweede-stap/")
    check_page(page)
    page.get_by_role("link", name="Je passkeys bekijken en wijzigen").click()
    expect(page.get_by_text("mijn telefoon", exact=True)).to_be_visible()
    check_page(page)
    # The same device a second time.
    page.get_by_role("link", name="Passkey toevoegen").click()
    if page.get_by_label("Wachtwoord").count():
        page.get_by_label("Wachtwoord").fill(PASSWORD)
        page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("button", name="Passkey maken").click()
    expect(page.get_by_role("alert")).to_have_text("Op dit apparaat staat al een passkey van je account.")
    log_out(page)
    # As the way in, without an address.
    page.goto("/account/inloggen/")
    check_page(page)
    page.get_by_role("button", name="Gebruik je passkey").click()
    expect(page.locator(".menu--account")).to_contain_text("Jij van de Stad")
    log_out(page)
    # As the second step, after the device first did not know its owner.
    with_password(page)
    heading(page, "De tweede stap")
    device.knows_its_owner(False)
    page.get_by_role("button", name="Met je passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Er kwam geen passkey. Probeer het nog eens, of kies een andere manier."
    )
    check_page(page)
    device.knows_its_owner(True)
    page.get_by_role("button", name="Met je passkey").click()
    expect(page.locator(".menu--account")).to_contain_text("Jij van de Stad")
    # Without script the page says what works.
    with_password(without_script)
    expect(without_script.get_by_text("Passkeys werken met JavaScript")).to_be_visible()
    expect(without_script.get_by_role("button", name="Met je passkey")).to_be_hidden()
    expect(without_script.get_by_label("Code")).to_be_visible()


def test_the_login_of_an_organisation(
    page: Page, phone: Page, without_script: Page, check_page: Callable[..., None], provider: Provider
) -> None:
    lead = Cast().person("team", leads=True)
    _invitation, token = make_invitation(
        actor=lead.user, email="jij@stad.example", organisation=lead.own, function=Function.TEAM
    )
    page.goto(f"/account/uitnodiging/{token}/")
    check_page(page)
    page.get_by_role("button", name="Inloggen via Stad").click()
    heading(page, "Je bent uitgenodigd")
    check_page(page)
    page.get_by_role("button", name="Account maken").click()
    expect(page.locator(".menu--account")).to_contain_text("Jij van de Stad")
    page.goto("/account/organisatie/")
    check_page(page)
    log_out(page)
    heading(page, "Je bent uitgelogd uit het portaal")
    check_page(page)
    # Without script, on to the page that was asked for.
    without_script.goto("/account/sessies/")
    without_script.get_by_role("button", name="Inloggen via Stad").click()
    expect(without_script).to_have_url(re.compile("/account/sessies/$"))
    # Somebody whom the portal does not know.
    provider.person.update(sub="2002", email="onbekend@stad.example")
    phone.goto("/account/inloggen/")
    check_page(phone)
    phone.get_by_role("button", name="Inloggen via Stad").click()
    heading(phone, "Er is nog geen account voor je")
    check_page(phone)
    assert not User.objects.filter(email="onbekend@stad.example").exists()
