"""Assessments in a real browser: held, answered on a phone by keyboard and without script, and the result."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from governance.models import AnswerSheet, Assessment, User
from governance.services.assessments import holding
from governance.services.assessments.links import current_token
from governance.services.assessments.reference import load_instruments
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.governance.making_assessments import answered, ask, make_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def link_of(participant) -> str:
    return f"/sturing/zelfbeoordeling/link/{current_token(participant)}/"


def test_a_coordinator_holds_one_and_reads_the_result(page, login_as, check_page):
    person = Cast().person("coordinator")
    load_instruments()
    login_as(page, person.user).goto("/sturing/zelfbeoordeling/")
    check_page(page)
    page.get_by_role("link", name="Zelfbeoordeling houden").first.click()
    check_page(page)
    page.get_by_label("Waar gaat het over").select_option("nss|")
    page.get_by_role("button", name="Verder: wie vraag je?").click()
    page.get_by_label("E-mailadressen").fill("\n".join(f"p{n}@b.example" for n in range(5)))
    page.get_by_role("button", name="Deze mensen toevoegen").click()
    check_page(page)
    page.get_by_role("link", name="Verder: zelfbeoordeling openen").click()
    check_page(page)
    page.get_by_role("button", name="Openen en per mail uitnodigen").click()
    expect(page.get_by_text("0 van 5")).to_be_visible()
    check_page(page)
    assert Assessment.objects.get().state == "open"
    made = answered(person.own, [1, 2, 3, 4, 5, 5], closes_on=today() - timedelta(days=400))
    made = answered(person.own, [3, 3, 3, 4, 5, 5])
    page.goto(made.get_absolute_url())
    expect(page.get_by_role("img", name=re.compile("Nationale")).first).to_be_visible()
    check_page(page, dark=True)
    for part in ("delen/", "punten/nieuw/", "gesprek/"):
        page.goto(made.get_absolute_url() + part)
        check_page(page)


def test_three_minutes_on_a_phone_by_keyboard(page, check_page):
    made = make_assessment(Cast().coordinating, "open")
    participant = ask(made, 6)[0]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(link_of(participant))
    check_page(page)
    page.locator("#id_s1 input").first.focus()
    with page.expect_response("**/bewaren/"):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Mijn antwoorden versturen").press("Enter")
    expect(page.get_by_text("uw antwoorden tellen mee")).to_be_visible()
    check_page(page)
    assert AnswerSheet.objects.get().scores == {"1": 2}


def test_without_script_and_too_late(without_script, check_page):
    coordinating = Cast().coordinating
    made = make_assessment(coordinating, "open")
    participant = ask(made, 6)[0]
    without_script.goto(link_of(participant))
    without_script.get_by_role("radio", name="4").first.check()
    without_script.get_by_role("button", name="Mijn antwoorden versturen").click()
    expect(without_script.get_by_text("uw antwoorden tellen mee")).to_be_visible()
    without_script.goto(link_of(participant))
    without_script.get_by_role("radio", name="5").first.check()
    holding.close_assessment(actor=User.objects.system(), assessment=made)
    without_script.get_by_role("button", name="Wijzigingen versturen").click()
    expect(without_script.get_by_text("Dit is niet bewaard")).to_be_visible()
