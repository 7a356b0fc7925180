"""Lessons in a real browser: from a city's draft to a page that one reads and prints."""

import re

import pytest
from playwright.sync_api import expect

from tests.access.cast import Cast, make_city
from tests.activities.matrix import make_lesson

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_draft_to_reader(page, new_page, login_as, check_page):
    cast = Cast()
    lead = cast.person("team", leads=True)
    lesson = make_lesson(lead.own, title="Eén aanbesteding", what_worked="", origin_label="Herijking 2025")
    city = login_as(page, lead.user)
    city.goto(f"/lessen/{lesson.public_id}/")
    check_page(city)
    city.get_by_role("link", name="Concept afmaken").click()
    with city.expect_response("**/bewaren/"):
        city.get_by_label("Wat werkte niet?").fill("We begonnen te laat.")
    expect(city.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    check_page(city)
    city.get_by_role("button", name="Les opslaan").click()
    city.get_by_role("link", name="Les vrijgeven").click()
    check_page(city)
    city.get_by_role("button", name="Les vrijgeven").click()
    expect(city.get_by_text("vrijgegeven door de stad").first).to_be_visible()

    editor = login_as(new_page(), cast.person("publisher").user)
    for button in ("Beginnen met redigeren", "Les publiceren"):
        editor.goto(f"/lessen/{lesson.public_id}/")
        editor.get_by_role("link", name=button).click()
        editor.get_by_role("button", name=button).click()

    reader = new_page()
    reader.goto("/lessen/")
    check_page(reader)
    reader.get_by_role("link", name="Eén aanbesteding").click()
    expect(reader.get_by_text("We begonnen te laat.")).to_be_visible()
    check_page(reader, dark=True)


def test_writing_a_new_one(page, login_as, check_page):
    person = Cast().person("team")
    login_as(page, person.user).goto("/lessen/nieuw/")
    check_page(page)
    page.get_by_label("De les in één zin").fill("Begin met de prijs")
    page.get_by_role("button", name="Les opslaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin met de prijs")


def test_a_lesson_on_a_phone(phone, check_page):
    lesson = make_lesson(make_city(name="Gemeente Delft"), "published", what_failed="Te laat. " * 60)
    phone.goto(f"/lessen/{lesson.public_id}/")
    check_page(phone, dark=True)
