"""Emissions, indicators, comparison and what coordinators fetch, walked in a browser."""

import re

from playwright.sync_api import expect

from cities.services.reference import load_reference as load_cities
from contracts.models import DataFetch
from contracts.services.reference import load_reference
from tests.access.cast import Cast
from tests.contracts.make import make_contract, make_version


def test_a_visitor_reads_why_sources_differ_and_compares_cities(page, phone, check_page, transactional_db):
    load_cities()
    load_reference()
    page.goto("/gemeenten/GM0599/")
    page.get_by_role("link", name="Alle jaren, en waarom bronnen verschillen").click()
    expect(page.get_by_role("heading", name="2019: 12.104 of 29.000 kiloton?")).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Vergelijk met gemeenten zoals deze").click()
    expect(page.get_by_role("row", name=re.compile("^Rotterdam"))).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("combobox", name="Volgorde").select_option(label="minste per inwoner eerst")
    page.get_by_role("button", name="Vergelijken").click()
    page.get_by_role("link", name="De som van alle contracten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("De som van alle contracten")
    check_page(page)
    phone.goto("/gemeenten/GM0363/uitstoot/")
    check_page(phone)


def test_a_team_enters_figures_and_follows_an_indicator(page, check_page, login_as, transactional_db):
    person = Cast().person("team")
    contract = make_contract(person.own)
    make_version(contract)
    place = person.own.municipality
    login_as(page, person.user)
    page.goto(f"/gemeenten/{place.code}/uitstoot/")
    page.get_by_role("link", name="Cijfers invullen").click()
    check_page(page)
    page.get_by_label("Bron", exact=True).fill("CO₂-monitor")
    page.get_by_label("Waar staat het?").fill("gemeente.example/monitor")
    page.get_by_label("Jaar", exact=True).fill("2022")
    page.get_by_label("Totaal, zoals de bron het geeft").fill("512,4")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("De cijfers zijn bewaard.")).to_be_visible()
    check_page(page)
    page.goto(contract.get_absolute_url())
    page.get_by_role("link", name="Voeg een indicator toe").click()
    check_page(page)
    for label, value in {
        "Indicator": "Woningen van het aardgas",
        "Eenheid": "woningen",
        "Eerste jaar": "2019",
        "Waarde in het eerste jaar": "1000",
        "Doeljaar": "2030",
        "Doel": "12000",
        "Waar de waarden vandaan komen": "Register",
    }.items():
        page.get_by_role("textbox", name=re.compile(f"^{label}$")).fill(value)
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("textbox", name="Jaar").fill("2025")
    page.get_by_role("textbox", name="Waarde").fill("7000,5")
    page.get_by_role("button", name="Bewaar de waarde").click()
    expect(page.get_by_text("De waarde is bewaard.")).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Indicatoren", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("Woningen van het aardgas"))).to_be_visible()
    check_page(page)


def test_a_coordinator_tries_a_file_out(page, check_page, login_as, transactional_db, tmp_path):
    file = tmp_path / "matrix.csv"
    file.write_text('"Gemeenten";"Totaal bekende CO2-uitstoot|2019"\n"Atlantis";1\n')
    login_as(page, Cast().person("coordinator").user)
    page.goto("/beheer/uitstoot/")
    check_page(page, dark=True)
    page.get_by_label("Bestand", exact=True).set_input_files(file)
    page.get_by_label("Wat voor bestand is het?").select_option("klimaatmonitor-matrix")
    page.get_by_role("button", name="Proef met dit bestand").click()
    expect(page.get_by_text("geen gemeente heet Atlantis")).to_be_visible()
    check_page(page, dark=True)
    assert DataFetch.objects.get().state == "tried"
