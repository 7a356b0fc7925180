"""Sections, tables, a paste, a file and the joint demand in a browser, with axe on each page."""

from pathlib import Path

from playwright.sync_api import expect

from contracts.models import ContractStandard
from contracts.services.reference import load_reference
from contracts.services.template_reference import load_templates
from tests.access.cast import Cast
from tests.contracts.make import fix, make_action, make_contract, make_version


def test_filling_a_contract(page, check_page, login_as, transactional_db, tmp_path: Path):
    load_reference()
    load_templates()
    lead = Cast().person("team", leads=True)
    contract = make_contract(lead.own)
    contract.standard = ContractStandard.objects.get(code="nl-1")
    contract.save()
    version = make_version(contract)
    make_action(version, "Warmtenet", measure="warmte-infrastructuur")
    login_as(page, lead.user).goto(version.get_absolute_url())
    page.get_by_role("link", name="Aan onderdelen en tabellen werken").click()
    expect(page.get_by_text("3 van 9 tabellen")).to_be_visible()
    check_page(page, dark=True)

    page.get_by_role("link", name="1 Doel", exact=True).click()
    page.get_by_label("Tekst", exact=False).first.fill("Klimaatneutraal in 2030.")
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    page.get_by_label("Opmerking").fill("Noemen we Helmond ook?")
    page.get_by_role("button", name="Opmerking plaatsen").click()
    check_page(page)

    page.goto(f"{version.get_absolute_url()}tabellen/3.1/")
    check_page(page)
    page.get_by_role("link", name="Rij toevoegen").click()
    page.get_by_label("Jaar", exact=False).fill("20230")
    page.get_by_label("Sector", exact=False).fill("mobiliteit")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("20230")
    check_page(page)
    page.get_by_label("Jaar", exact=False).fill("2018")
    page.get_by_label("Totaal", exact=False).fill("335")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator("tbody tr")).to_contain_text("335")

    page.goto(f"{version.get_absolute_url()}tabellen/3.2/plakken/")
    page.get_by_label("Rijen").fill("Sector\tDoel: daling\nMobiliteit\t100\nHaven\tveel\n")
    page.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    expect(page.get_by_text("B3", exact=True)).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Deze rijen overnemen").click()
    expect(page.locator("tbody tr")).to_contain_text("mobiliteit")
    check_page(page, dark=True)

    _bring_in(page, check_page, version, tmp_path)
    _answer(page, check_page, login_as, lead, version)


def _bring_in(page, check_page, version, tmp_path: Path):
    page.goto(f"{version.get_absolute_url()}invoer/")
    check_page(page)
    file = tmp_path / "knelpunten.csv"
    file.write_text("Belemmering;Soort\nVol stroomnet;capacity\nHuis;maan\n")
    page.get_by_label("Bestand").set_input_files(str(file))
    page.get_by_role("button", name="Bekijk wat er zou gebeuren").click()
    expect(page.get_by_text("knelpunten!B3")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Overnemen: 1 nieuw, 0 gewijzigd").click()
    check_page(page)
    page.goto(f"{version.get_absolute_url()}controle/")
    check_page(page)


def _answer(page, check_page, login_as, lead, version):
    fix(version, "published")
    contract = version.contract
    type(contract).objects.filter(pk=contract.pk).update(sharing="published")
    partner = lead.cast.person("partner")
    type(partner.own).objects.filter(pk=partner.own.pk).update(group="company")
    login_as(page, partner.user).goto("/klimaatcontracten/vraagbundeling/")
    check_page(page, dark=True)
    page.get_by_role("link", name="Warmtenetten aanleggen").click()
    check_page(page)
    page.get_by_role("link", name="Een aanbod doen voor").click()
    page.get_by_label("Wat jullie aanbieden").fill("Leningen voor vijftig jaar")
    page.get_by_label("Wie te bereiken is").fill("loket@bank.example")
    check_page(page)
    page.get_by_role("button", name="Aanbod doen").click()
    expect(page.get_by_text("Leningen voor vijftig jaar")).to_be_visible()
