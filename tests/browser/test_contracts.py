"""A contract made, filled and published in a browser, and the pages of the published ones, with axe on each."""

import re

import pytest
from playwright.sync_api import expect

from cities.services.reference import load_reference as load_cities
from contracts.demo.published import load_published
from contracts.models import ClimateContract
from contracts.services.reference import load_reference
from governance.models.membership import Function
from tests.access.cast import Cast, join, make_user

SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def published(transactional_db):
    """The four published contracts."""
    load_cities()
    load_reference()
    load_published("small", 1)


@pytest.mark.usefixtures("published")
def test_reading_a_contract(page, check_page):
    page.goto("/")
    page.get_by_role("link", name="Klimaatcontracten", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Klimaatcontracten")
    check_page(page, dark=True)

    page.get_by_label("Gemeente of titel").fill("helmond")
    page.get_by_role("button", name="Toon").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Klimaatcontract Eindhoven en Helmond").click()
    expect(page.get_by_role("heading", name="Nog 58 kiloton tot het doel")).to_be_visible()
    check_page(page, dark=True)

    page.get_by_text("Cijfers per sector").click()
    expect(page.get_by_role("cell", name="570")).to_be_visible()
    page.get_by_role("link", name="Alle acties").click()
    expect(page.locator("#acties tbody tr")).to_have_count(12)
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Gegevens downloaden (JSON)").click()
    assert download.value.suggested_filename.endswith("-versie-1.json")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("code", ["ccc-rotterdam", "ccc-amsterdam", "ccc-groningen"])
def test_contradictions_on_a_phone(phone, check_page, code):
    contract = ClimateContract.objects.get(publication__code=code)
    phone.goto(contract.get_absolute_url())
    expect(phone.get_by_role("heading", name="Waar de publicatie zichzelf tegenspreekt")).to_be_visible()
    for summary in phone.locator("details.fold > summary").all():
        summary.click()
    check_page(phone)


def sign_in_two_ways(page, phone, check_page, login_as, lead):
    """A party on paper, recorded by the lead; the city by its alderman, on a phone."""
    page.get_by_role("link", name="Laat de partijen ondertekenen").click()
    check_page(page, dark=True)
    page.get_by_role("link", name="Handtekeningen op papier vastleggen").click()
    page.get_by_label("Warmtebedrijf Noord").check()
    page.get_by_label("Plaats").fill("Stadhuis")
    page.get_by_label("Scan van wat is ondertekend").set_input_files(
        {"name": "getekend.pdf", "mimeType": "application/pdf", "buffer": SCAN}
    )
    check_page(page)
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("1 van 2 partijen heeft ondertekend")).to_be_visible()
    page.get_by_role("link", name="Vraag om de handtekening").click()
    check_page(page)
    page.get_by_role("link", name="Terug").click()
    signatory = make_user()
    join(signatory, lead.own, Function.SIGNATORY)
    login_as(phone, signatory).goto("/")
    phone.get_by_role("link", name=re.compile("Lezen en ondertekenen|Onderteken versie 1")).first.click()
    expect(phone.locator("code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    check_page(phone, dark=True)
    phone.get_by_label("Je functie").fill("Wethouder")
    phone.get_by_label("Ik heb deze versie gelezen").check()
    phone.get_by_role("button", name="Ondertekenen").click()
    expect(phone.get_by_text("2 van 2 partijen hebben ondertekend")).to_be_visible()
    check_page(phone)


def compare_and_check(page, check_page):
    """The next version beside the one in force; and a file of somebody else."""
    page.goto(ClimateContract.objects.get().get_absolute_url())
    page.get_by_role("button", name="Een nieuwe versie beginnen").click()
    page.locator("a[href$='/basis/']").click()
    page.locator("[name=summary]").fill("Wij doen allemaal mee.")
    page.get_by_role("button", name="Bewaren").click()
    page.get_by_role("link", name="Vergelijken met een andere versie").click()
    expect(page.locator("ins", has_text="Wij doen allemaal mee.")).to_be_visible()
    check_page(page, dark=True)
    page.goto("/rapporten/controleren/")
    page.get_by_label("Bestand").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": SCAN})
    page.get_by_role("button", name="Controleer").click()
    expect(page.get_by_text("Het portaal kent dit bestand niet")).to_be_visible()
    check_page(page, dark=True)


def test_making_filling_signing_and_publishing(page, phone, check_page, login_as, transactional_db):
    load_reference()
    lead = Cast().person("team", leads=True)
    login_as(page, lead.user).goto("/klimaatcontracten/")
    check_page(page)
    page.get_by_role("link", name="Een klimaatcontract beginnen").first.click()
    check_page(page)
    page.get_by_label("Vorm van het contract").select_option(label="NetZeroCities, sjabloon 2")
    page.get_by_role("button", name="Concept maken").click()
    expect(page.get_by_role("status").or_(page.locator(".alert")).first).to_be_visible()

    page.get_by_role("link", name="Partij toevoegen").click()
    page.get_by_label("Naam", exact=True).fill("Warmtebedrijf Noord")
    page.get_by_label("Soort organisatie").select_option("company")
    check_page(page)
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Warmtebedrijf Noord", exact=True)).to_be_visible()

    page.get_by_role("link", name="Actie toevoegen").click()
    page.get_by_label("Actie", exact=True).fill("Warmtenet aanleggen")
    page.get_by_label("Daling in het doeljaar").fill("veel")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#error-summary, .error-summary, [role=alert]").first).to_be_visible()
    expect(page.get_by_label("Actie", exact=True)).to_have_value("Warmtenet aanleggen")
    check_page(page)
    page.get_by_label("Daling in het doeljaar").fill("12,5")
    page.get_by_label("Investering").fill("60,4")
    page.get_by_label("Verantwoordelijk").select_option(label="Warmtebedrijf Noord")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.locator("#acties tbody tr")).to_contain_text("12,5")

    page.get_by_role("link", name="Afspraak toevoegen").click()
    page.get_by_label("Wie belooft").select_option(label="Warmtebedrijf Noord")
    page.get_by_label("Belofte").fill("De prijs blijft onder die van gas.")
    check_page(page)
    page.get_by_role("button", name="Bewaren").click()
    check_page(page)

    for step in ("Voor interne toets aanbieden", "Deze versie vaststellen"):
        page.get_by_role("link", name=step).click()
        check_page(page)
        page.get_by_role("button", name=step).click()
    sign_in_two_ways(page, phone, check_page, login_as, lead)
    page.goto(ClimateContract.objects.get().versions.get().get_absolute_url())
    page.get_by_role("link", name="Deze versie publiceren").click()
    page.get_by_role("button", name="Deze versie publiceren").click()
    expect(page.locator(".status").first).to_have_text(re.compile("versie 1 · gepubliceerd"))
    expect(page.locator("code").first).to_have_text(re.compile("^[0-9a-f]{64}$"))
    check_page(page)
    compare_and_check(page, check_page)


def test_everything_works_without_script(without_script, login_as, transactional_db):
    load_reference()
    lead = Cast().person("team", leads=True)
    login_as(without_script, lead.user).goto("/klimaatcontracten/nieuw/")
    without_script.get_by_label("Vorm van het contract").select_option(index=1)
    without_script.get_by_role("button", name="Concept maken").click()
    without_script.get_by_role("link", name="Actie toevoegen").click()
    without_script.get_by_label("Actie", exact=True).fill("Warmtenet")
    without_script.get_by_role("button", name="Bewaren").click()
    expect(without_script.locator("#acties tbody tr")).to_contain_text("Warmtenet")
