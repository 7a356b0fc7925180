"""Coming in: from invitation to second factor, by keyboard, on a phone, without script."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from governance.models import Membership, Organisation
from governance.models.membership import Function
from governance.services.invitations import make_invitation
from governance.services.people import make_account
from governance.services.reference import load_reference
from tests.access.cast import Cast, Person

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "een zin die alleen ik ken"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def lead() -> Person:
    return Cast().person("team", leads=True)


def link_for(lead: Person, function: Function) -> str:
    _invitation, token = make_invitation(
        actor=lead.user, email="nieuw@voorbeeld.example", organisation=lead.own, function=function
    )
    return f"/account/uitnodiging/{token}/"


def accept(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Naam").fill("Nieuwe Collega")
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_label("Wachtwoord nog eens").fill(PASSWORD)
    page.get_by_role("button", name="Account maken").click()


def test_from_invitation_to_second_step_and_back_in(page: Page, check_page, lead: Person, settings) -> None:
    settings.NSS_SECOND_FACTOR = True
    url = link_for(lead, Function.SIGNATORY)
    page.goto(url)
    check_page(page, dark=True)
    accept(page, url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap instellen")
    check_page(page)
    page.get_by_text("Ik kan niet scannen").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code uit je app").fill("000000")
    page.get_by_role("button", name="Tweede stap aanzetten").click()
    expect(page.get_by_role("alert")).to_contain_text("Deze code klopt niet")
    check_page(page)
    page.get_by_label("Code uit je app").fill(code_of(secret))
    page.get_by_role("button", name="Tweede stap aanzetten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    assert page.locator("main code").count() == 10
    check_page(page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    expect(page.get_by_text("tweede stap aan")).to_be_visible()
    check_page(page)
    log_out(page)
    cache.clear()
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("De tweede stap")
    check_page(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.locator(".menu--account")).to_contain_text("Nieuwe Collega")


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/account/inloggen/")
    page.get_by_label("E-mailadres").fill("nieuw@voorbeeld.example")
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("main").get_by_role("button", name="Inloggen").click()


def log_out(page: Page) -> None:
    page.locator(".menu--account summary").click()
    page.get_by_role("button", name="Uitloggen").click()


def test_by_keyboard_alone(page: Page, check_page) -> None:
    make_account(email="nieuw@voorbeeld.example", name="Nieuwe Collega", password=PASSWORD)
    page.goto("/account/inloggen/")
    check_page(page)
    reach(page, "E-mailadres")
    page.keyboard.type("nieuw@voorbeeld.example")
    page.keyboard.press("Tab")
    page.keyboard.type("fout")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mailadres")).to_have_value("nieuw@voorbeeld.example")
    check_page(page)
    reach(page, "Wachtwoord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".menu--account")).to_contain_text("Nieuwe Collega")
    focus_on(page, ".menu--account summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mijn account")


def reach(page: Page, label: str) -> None:
    """Press Tab until the field has the focus."""
    field = page.get_by_label(label)
    for _press in range(30):
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{label} is not reached by Tab")


def focus_on(page: Page, selector: str) -> None:
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.locator(selector).evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_without_script_and_on_a_phone(without_script: Page, phone: Page, check_page, lead: Person) -> None:
    accept(without_script, link_for(lead, Function.TEAM))
    expect(without_script.get_by_text("Welkom. Je account is klaar.")).to_be_visible()
    without_script.goto("/account/sessies/")
    expect(without_script.get_by_text("dit apparaat")).to_be_visible()
    log_in(phone)
    for url in ("/account/", "/account/sessies/", "/account/gegevens/", "/account/wachtwoord/"):
        phone.goto(url)
        check_page(phone)
    without_script.goto("/account/sessies/")
    without_script.get_by_role("button", name=re.compile("Daar uitloggen")).click()
    expect(without_script.get_by_text("Je bent daar uitgelogd.")).to_be_visible()
    phone.goto("/account/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Inloggen")


def test_a_lead_invites_and_lets_go(page: Page, check_page, login_as, lead: Person) -> None:
    colleague = Membership.objects.create(
        user=make_account(email="weg@voorbeeld.example", name="Vertrekkende Collega"),
        organisation=lead.own,
        function=Function.TEAM,
        valid_from="2024-01-01",
    )
    login_as(page, lead.user)
    page.goto("/account/")
    page.get_by_role("link", name="Mensen en uitnodigingen").click()
    check_page(page)
    page.get_by_role("link", name="Iemand uitnodigen").click()
    check_page(page)
    page.get_by_label("E-mailadres").fill("nieuw@voorbeeld.example")
    page.get_by_role("button", name="Uitnodiging versturen").click()
    expect(page.get_by_text("is onderweg")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name=re.compile("Beëindigen.*Vertrekkende Collega")).click()
    check_page(page)
    page.get_by_label("Nu meteen beëindigen").check()
    page.get_by_role("button", name="Lidmaatschap beëindigen").click()
    expect(page.get_by_text("Het lidmaatschap van Vertrekkende Collega eindigt.")).to_be_visible()
    colleague.refresh_from_db()
    assert colleague.ended_at is not None


def test_the_coordinator_takes_off_a_lost_second_step(page: Page, phone: Page, check_page, login_as) -> None:
    cast = Cast()
    user = make_account(email="kwijt@voorbeeld.example", name="Zonder Telefoon")
    Membership.objects.create(
        user=user, organisation=cast.other, function=Function.SIGNATORY, valid_from="2024-01-01"
    )
    TOTP.activate(user, generate_totp_secret())
    coordinator = cast.person("coordinator").user
    for each in (phone, page):
        login_as(each, coordinator)
        each.goto(f"/sturing/organisaties/{cast.other.public_id}/mensen/")
        check_page(each)
        each.get_by_role("link", name="Tweede stap kwijt? Zonder Telefoon").click()
        check_page(each)
    page.get_by_label("Hoe weet je dat het deze persoon is?").fill("Gebeld op het nummer van het stadhuis")
    page.get_by_role("button", name="Tweede stap eraf halen").click()
    expect(page.get_by_text("De tweede stap van Zonder Telefoon is eraf")).to_be_visible()
    check_page(page)


def test_governance_is_read_by_everybody(page: Page, phone: Page, check_page) -> None:
    load_reference()
    Cast()
    organisation = Organisation.objects.get(code="vro")
    for url in (
        "/sturing/",
        "/sturing/varianten/",
        "/sturing/organisaties/",
        organisation.get_absolute_url(),
        "/en/sturing/varianten/",
        "/demo/",
        "/account/wachtwoord/nieuw/",
        "/account/uitnodiging/nooit-gemaakt/",
    ):
        page.goto(url)
        check_page(page, dark=True)
    phone.goto("/sturing/varianten/")
    check_page(phone)


def test_the_log_for_coordinators(page: Page, check_page, login_as) -> None:
    cast = Cast()
    login_as(page, cast.person("coordinator").user)
    cast.person("team")
    make_account(email="iemand@voorbeeld.example", name="Iemand")
    page.goto("/beheer/logboek/")
    expect(page.get_by_role("row", name=re.compile("Iemand"))).to_be_visible()
    check_page(page)
    page.get_by_label("Wat er gebeurde").select_option("login")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_text("Niets gevonden")).to_be_visible()
    check_page(page)
