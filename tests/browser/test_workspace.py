"""A workspace in a real browser: prepare, write together, publish after looking."""

import re

import pytest
from playwright.sync_api import expect

from activities.models import WorkspaceNote
from tests.activities.workspace import make_decision, make_ground, make_note, make_point, make_task

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_preparation_to_publication(page, new_page, login_as, check_page):
    ground = make_ground()
    make_task(ground, explanation="Een half uur is genoeg.", minutes=30)
    make_point(ground, decision=make_decision(ground))
    note = make_note(ground, title="Uitkomst", text="## Wat wij leerden\n\nSamen inkopen.")
    partner = login_as(page, ground.partner.user)
    partner.goto(ground.address())
    check_page(partner, dark=True)
    partner.get_by_role("button", name="Dit is klaar").click()
    expect(partner.get_by_text("Genoteerd: gedaan.")).to_be_visible()
    partner.get_by_role("link", name="Uitkomst").click()
    partner.get_by_role("link", name="Verder schrijven").click()
    with partner.expect_response("**/bewaren/"):
        partner.get_by_label("Tekst").fill("## Wat wij leerden\n\nSamen inkopen **werkt**.")
    expect(partner.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    # A colleague saves meanwhile: what is typed now is not lost.
    WorkspaceNote.objects.filter(pk=note.pk).update(version=9, text="Van een collega", changed_by_label="Collega")
    with partner.expect_response("**/bewaren/"):
        partner.get_by_label("Tekst").fill("## Wat wij leerden\n\nMijn woorden.")
    expect(partner.get_by_text(re.compile("apart bewaard"))).to_be_visible()
    partner.get_by_role("button", name="Notitie opslaan").click()
    expect(partner.get_by_text("Van een collega").first).to_be_visible()
    check_page(partner)
    partner.get_by_role("button", name="Notitie opslaan").click()
    partner.get_by_role("link", name="Eerdere versies").click()
    partner.get_by_role("link", name="Bekijken en vergelijken").first.click()
    check_page(partner)

    leader = login_as(new_page(), ground.organiser.user)
    leader.goto(ground.address())
    leader.get_by_role("link", name="Hieruit iets publiceren").click()
    leader.get_by_label("Welke notitie").select_option(index=1)
    check_page(leader)
    leader.get_by_role("button", name="Laat zien hoe het wordt").click()
    expect(leader.locator("#voorbeeld").get_by_text("Mijn woorden.")).to_be_visible()
    check_page(leader)
    leader.get_by_role("button", name="Publiceer dit").click()
    address = leader.url
    reader = new_page()
    reader.goto(address)
    expect(reader.get_by_text("Mijn woorden.")).to_be_visible()
    check_page(reader, dark=True)


def test_a_workspace_on_a_phone_without_script(new_page, login_as, check_page):
    ground = make_ground()
    make_task(ground)
    phone = login_as(new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False), ground.team.user)
    phone.goto(ground.address())
    phone.get_by_role("button", name="Dit is klaar").click()
    expect(phone.get_by_text("Genoteerd: gedaan.")).to_be_visible()
    phone.get_by_role("link", name="Actiepunt afspreken").click()
    phone.get_by_role("button", name="Spreek dit af").click()
    expect(phone.get_by_text("Wat gaat er gebeuren?").first).to_be_visible()
