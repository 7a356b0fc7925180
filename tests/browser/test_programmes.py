"""A programme in a real browser: from a name to the list, partners, the covenant, the page for newcomers."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import Programme
from activities.services.programmes.reference import load_reference
from tests.access.cast import Cast, make_city
from tests.activities.programmes import make_outcome, programme_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_name_to_partners_who_are_asked(page, login_as, check_page):
    load_reference()
    cast = Cast()
    lead, ministry = cast.person("team"), cast.person("ministry").own
    make_city(name="Gemeente Lutjebroek")
    login_as(page, lead.user).goto("/programmas/")
    check_page(page)
    page.get_by_role("link", name="Programma beginnen").first.click()
    page.get_by_label("Naam van het programma").fill("Koele routes naar school")
    page.get_by_label("De opgave").fill("Op hete dagen is de weg naar school te heet.")
    page.get_by_role("button", name="Begin het programma").click()
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Beleidsterreinen waar het overheen gaat").fill("groen, verkeer")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.get_by_role("heading", name="Om verder te gaan naar verkenning")).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Partners vragen").click()
    check_page(page)
    page.get_by_label(ministry.name).check()
    page.get_by_label("Andere gemeenten").fill("Lutjebroek")
    page.get_by_role("button", name="Vraag ze").click()
    expect(page.get_by_text("Gevraagd, nog geen antwoord")).to_be_visible()
    assert Programme.objects.get().partners.filter(answer="asked").count() == 2


def test_a_running_programme_is_read_by_everybody_without_script(without_script, new_page, login_as, check_page):
    load_reference()
    programme = programme_in("scaling")
    make_outcome(programme)
    without_script.goto(programme.get_absolute_url())
    expect(without_script.get_by_text("Stcrt. 2024, 1234")).to_be_visible()
    without_script.get_by_role("link", name="Lees het convenant").click()
    expect(without_script.get_by_text("Tien straten aardgasvrij").first).to_be_visible()
    desk = new_page()
    desk.goto(programme.get_absolute_url())
    check_page(desk)
    coordinator = login_as(new_page(), Cast().person("coordinator").user)
    for part in ("", "nieuwkomers/", "convenant/"):
        coordinator.goto(f"/programmas/{programme.public_id}/{part}")
        check_page(coordinator)
