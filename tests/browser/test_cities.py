"""Municipalities, taking part and bottlenecks in a real browser: with and without script, wide and narrow."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from cities.models import InvolvementRequest
from cities.services.demo import load_demo
from cities.services.reference import load_reference
from cities.services.requests import link_token
from tests.access.cast import Cast, make_city
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def country():
    load_reference()
    load_demo("small", 1)


@pytest.mark.usefixtures("country")
def test_the_list_with_its_map_filters_and_pages(page, check_page):
    page.goto("/gemeenten/")
    check_page(page, dark=True)
    page.get_by_label(re.compile("^Naam")).fill("den haag")
    page.get_by_role("button", name="Toon").click()
    expect(page).to_have_url(re.compile(r"q=den\+haag"))
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name=re.compile("Naam: den haag")).click()
    expect(page.get_by_text("342 gemeenten")).to_be_visible()
    page.get_by_role("link", name="Inwoners").click()
    page.get_by_role("link", name="Inwoners").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Amsterdam")
    page.get_by_role("link", name="Volgende").click()
    expect(page).to_have_url(re.compile(r"sort=-inwoners&page=2|page=2&sort=-inwoners"))
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("downloaden")).click()
    assert download.value.suggested_filename == "gemeenten.csv"


@pytest.mark.usefixtures("country")
def test_the_page_of_a_municipality(page, check_page):
    page.goto("/gemeenten/gm0518/")
    expect(page).to_have_url(re.compile("/gemeenten/GM0518/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Den Haag")
    check_page(page, dark=True)


def test_taking_part_from_the_form_to_the_decision_without_script(without_script, new_page, login_as, check_page):
    cache.clear()
    town = make_city("other", name="Delft").municipality
    visitor = without_script
    visitor.goto("/gemeenten/meedoen/")
    visitor.get_by_role("button", name="Aanmelding versturen").click()
    visitor.get_by_label("Gemeente", exact=True).select_option(town.code)
    visitor.get_by_label("Naam", exact=True).fill("Beleid")
    visitor.get_by_label("Functie").fill("adviseur")
    visitor.get_by_label("E-mailadres").fill("beleid@delft.example")
    visitor.get_by_label(re.compile("Waarom wil")).fill("Wij willen leren.")
    visitor.get_by_role("button", name="Aanmelding versturen").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("De aanmelding is ontvangen")
    request = InvolvementRequest.objects.get()
    visitor.goto(f"/gemeenten/meedoen/{link_token(request)}/")
    visitor.get_by_role("button", name="Ja, adres bevestigen").click()
    expect(visitor.get_by_text("Dank u wel")).to_be_visible()

    desk = login_as(new_page(), Cast().person("coordinator").user)
    desk.goto("/gemeenten/aanmeldingen/")
    check_page(desk)
    desk.get_by_role("link", name=re.compile("Beslissen.*Delft")).click()
    check_page(desk)
    desk.get_by_label("Reden").fill("Past bij het netwerk")
    desk.get_by_role("button", name="Bevestigen als").click()
    expect(desk.get_by_text("Delft is vanaf vandaag geïnteresseerde gemeente")).to_be_visible()
    visitor.goto(town.get_absolute_url())
    expect(visitor.get_by_text("Past bij het netwerk")).to_be_visible()


def test_the_form_and_its_errors_on_a_phone(phone, check_page):
    cache.clear()
    make_city("other", name="Delft")
    phone.goto("/gemeenten/meedoen/")
    check_page(phone)
    phone.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    phone.get_by_label("Naam", exact=True).fill("Beleid")
    phone.get_by_label("E-mailadres").fill("geen adres")
    phone.get_by_role("button", name="Aanmelding versturen").click()
    expect(phone.locator("#error-summary")).to_be_focused()
    expect(phone.get_by_label("Naam", exact=True)).to_have_value("Beleid")
    check_page(phone)


def test_the_asker_sees_the_link_page(page, check_page):
    cache.clear()
    town = make_city("other", name="Delft").municipality
    request = InvolvementRequest.objects.create(
        municipality=town, name="Beleid", email="b@delft.example", position="adviseur", motivation="Leren"
    )
    page.goto(f"/gemeenten/meedoen/{link_token(request)}/")
    check_page(page)
    page.goto("/gemeenten/meedoen/verlopen/")
    check_page(page)


def test_a_coordinator_changes_a_level(page, login_as, check_page):
    town = make_city("interested", name="Delft").municipality
    login_as(page, Cast().person("coordinator").user).goto(f"{town.get_absolute_url()}betrokkenheid/")
    check_page(page)
    page.get_by_label("EoI-stad").check()
    page.get_by_label("Reden").fill("Nieuwe oproep")
    page.get_by_role("button", name="Betrokkenheid wijzigen").click()
    expect(page.get_by_text("Delft is nu: EoI-stad.")).to_be_visible()


def test_a_draft_saves_itself_and_is_finished(page, login_as, check_page):
    person = Cast().person("team")
    draft = make_bottleneck(person.own, description="", origin_label="Herijking 2025")
    login_as(page, person.user).goto(f"/knelpunten/{draft.public_id}/bewerken/")
    check_page(page, dark=True)
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Beschrijving").fill("De kabel komt in 2029.")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    draft.refresh_from_db()
    assert draft.description == "De kabel komt in 2029."
    page.get_by_role("button", name="In het register zetten").click()
    expect(page.get_by_text("Het knelpunt staat in het register.")).to_be_visible()
    check_page(page)
    page.goto("/knelpunten/")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Netaansluiting")
    check_page(page)


def test_two_who_edit_at_once_see_both_texts(page, new_page, login_as, check_page):
    person = Cast().person("team")
    bottleneck = make_bottleneck(person.own, "network")
    address = f"/knelpunten/{bottleneck.public_id}/bewerken/"
    first, second = login_as(page, person.user), login_as(new_page(), person.user)
    for browser, text in ((first, "Tekst van de een"), (second, "Tekst van de ander")):
        browser.goto(address)
        browser.get_by_label("Beschrijving").fill(text)
    for browser in (first, second):
        browser.get_by_role("button", name="Wijzigingen opslaan").click()
    expect(second.get_by_text("Tekst van de een")).to_be_visible()
    expect(second.get_by_label("Beschrijving")).to_have_value("Tekst van de ander")
    check_page(second)
