"""A joint pilot in a real browser: proposed, a city asked, followed, agreed, looked back on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from activities.models import Pilot, Twinning
from activities.services.pilots import pilots, twinnings
from tests.access.cast import Cast, make_city
from tests.activities.test_pilots import TERMS, running
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_proposal_to_a_lesson(page, new_page, without_script, login_as, check_page):
    cast = Cast()
    lead, guest = cast.person("team"), cast.person("team")
    make_city(name="Gemeente Lutjebroek")
    login_as(page, lead.user).goto("/programmas/pilots/")
    check_page(page)
    page.get_by_role("link", name="Pilot voorstellen").first.click()
    check_page(page)
    page.get_by_label("Wat proberen jullie, in één regel?").fill("Koele pleinen")
    page.get_by_role("button", name="Voorstel bewaren").click()
    expect(page.get_by_role("heading", name="Voordat de pilot kan starten")).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Steden en partners vragen").click()
    page.get_by_label("Zoek organisaties").fill("Lutjebroek")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.get_by_label("Lutjebroek").check()
    check_page(page)
    page.get_by_role("button", name="Vraag ze").click()
    expect(page.get_by_text("1 is per mail gevraagd")).to_be_visible()
    assert Pilot.objects.get().parts.count() == 2
    pilot = running(lead, make_city(), sharing="published")
    login_as(without_script, guest.user).goto(pilot.get_absolute_url())
    without_script.get_by_role("link", name="Deze pilot volgen").click()
    without_script.get_by_label("Wat wil je leren?").fill("Hoe begon het?")
    without_script.get_by_label(lead.own.name).check()
    without_script.get_by_role("button", name="Vragen om te volgen").click()
    expect(without_script.get_by_text("Hoe begon het?")).to_be_visible()
    twinning = Twinning.objects.get()
    phone = login_as(new_page(viewport={"width": 390, "height": 844}), lead.user)
    phone.goto(f"{twinning.get_absolute_url()}afspraak/")
    check_page(phone)
    twinnings.agree(actor=lead.user, twinning=twinning, values=TERMS)
    twinnings.look_back(actor=guest.user, twinning=twinning, learned="Bel aan", applied="yes")
    seeker = login_as(new_page(), guest.user)
    for address in (
        twinning.get_absolute_url(),
        f"{twinning.get_absolute_url()}terugblik/",
        pilot.get_absolute_url(),
    ):
        seeker.goto(address)
        check_page(seeker)
    seeker.goto(twinning.get_absolute_url())
    seeker.get_by_role("button", name="Maak hier een les van").click()
    expect(seeker.get_by_text("De conceptles is gemaakt")).to_be_visible()
    pilots.move_pilot(actor=lead.user, pilot=pilot, step="complete", reason="Het werkt")
    visitor = new_page()
    visitor.goto(pilot.get_absolute_url())
    expect(visitor.get_by_text("Het werkt")).to_be_visible()
    check_page(visitor)


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/programmas/pilots/nieuw/", "Wat proberen jullie, in één regel?"),
        ("/agenda/voorstellen/nieuw/", "Wat stel je voor, in één regel"),
        ("/agenda/nieuw/thema/", "Titel"),
        ("/signalen/nieuw/", "Het signaal in één regel"),
    ],
)
def test_enter_saves_and_among_the_words_to_look_for_it_looks(
    without_script: Page, login_as: Callable[[Page, Any], Page], address: str, title: str
) -> None:
    person = Cast().person("team", leads=True)
    make_bottleneck(person.own, "network", title="Net vol")
    page = login_as(without_script, person.user)
    page.goto(address)
    page.get_by_label(title, exact=True).fill("Koele pleinen")
    page.get_by_label(re.compile("^Zoek een knelpunt")).fill("Net vol")
    page.get_by_label(re.compile("^Zoek een knelpunt")).press("Enter")
    page.get_by_role("checkbox", name="Net vol").check()
    expect(page.get_by_label(title, exact=True)).to_have_value("Koele pleinen")
    page.get_by_label(title, exact=True).press("Enter")
    expect(page.get_by_text(re.compile("is opgeslagen|is bewaard"))).to_be_visible()
    assert not page.url.endswith(address)
