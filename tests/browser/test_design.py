"""Goal, choices and what stands around the structure, in a browser."""

from datetime import timedelta

from playwright.sync_api import Page

from governance.models import DesignPosition, Organisation
from governance.services.reference import load_reference
from nss_portal.core.time import today
from tests.access.cast import Cast


def test_from_a_proposal_to_a_position(
    page: Page, without_script: Page, phone: Page, check_page, login_as
) -> None:
    load_reference()
    cast = Cast()
    for url in ("/sturing/keuzes/", "/sturing/ministeries/", "/sturing/aansluiting/", "/sturing/andere-landen/"):
        phone.goto(url)
        check_page(phone)
    login_as(without_script, cast.person("team").user)
    without_script.goto("/sturing/keuzes/")
    without_script.get_by_role("link", name="Uitwisselen →").click()
    without_script.get_by_label("Keuze", exact=True).fill(
        "Programmeren, met twee dagen per jaar om uit te wisselen"
    )
    without_script.get_by_role("radio", name="Dichter bij: Programmeren").check()
    without_script.get_by_label("Waarom").fill("De agenda is vol")
    without_script.get_by_label("Vanaf").fill((today() - timedelta(days=1)).isoformat())
    without_script.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    assert "Deze dag is voorbij" in without_script.content()
    without_script.get_by_label("Vanaf").fill(today().isoformat())
    without_script.get_by_role("button", name="Aan de stuurgroep voorleggen").click()
    login_as(page, cast.person("steering").user)
    page.goto("/")
    page.get_by_role("link", name="Lezen en beslissen").first.click()
    check_page(page)
    page.get_by_role("button", name="Voorstel overnemen").click()
    check_page(page, dark=True)
    page.goto("/sturing/keuzes/")
    check_page(page, dark=True)
    assert DesignPosition.objects.filter(place=3, proposed_by__isnull=False).get().state == "decided"
    assert "plek 4 van 5" in page.content()


def test_a_ministry_keeps_desk_and_money(page: Page, check_page, login_as) -> None:
    load_reference()
    cast = Cast()
    login_as(page, cast.person("coordinator").user)
    page.goto("/sturing/ministeries/")
    page.get_by_role("link", name="Bedrag toevoegen").click()
    check_page(page)
    page.get_by_role("button", name="Bewaren").click()
    check_page(page)
    vro = Organisation.objects.get(code="vro")
    page.goto(f"/sturing/ministeries/{vro.public_id}/loket/")
    check_page(page)
    page.get_by_label("Voor welke vragen").fill("Wonen en ruimte")
    page.get_by_label("E-mailadres").fill("loket@vro.example")
    page.get_by_role("button", name="Bewaren").click()
    check_page(page)
    page.goto("/sturing/ministeries/acties/1/")
    check_page(page)
    page.goto("/sturing/varianten/voorstellen/")
    check_page(page)
