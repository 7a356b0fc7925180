"""Lessons in a real browser: from a city's draft to a page that one reads, prints and uses."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from activities.models import LessonVersion
from tests.access.cast import Cast, make_city
from tests.activities.matrix import make_lesson, make_news, make_product

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
    editor.goto(f"/lessen/{lesson.public_id}/")
    editor.get_by_role("link", name="Beginnen met redigeren").click()
    editor.get_by_role("button", name="Beginnen met redigeren").click()
    # The words that are selected are those that the comment is about.
    editor.get_by_text("We begonnen te laat.").dblclick(position={"x": 40, "y": 8})
    editor.get_by_role("link", name=re.compile("Opmerking bij alinea 1")).click()
    expect(editor.get_by_label("Over deze woorden")).to_have_value(re.compile(r"^\w+$"))
    check_page(editor)
    editor.get_by_label("Opmerking", exact=True).fill("Hoeveel te laat?")
    editor.get_by_role("button", name="Opmerking toevoegen").click()
    check_page(editor)
    editor.get_by_role("button", name="Afgehandeld").click()
    editor.get_by_role("link", name="Les publiceren").click()
    check_page(editor)
    editor.get_by_role("button", name="Les publiceren").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Eén aanbesteding")

    reader = new_page()
    reader.goto("/lessen/")
    check_page(reader)
    reader.get_by_role("link", name="Eén aanbesteding").click()
    expect(reader.get_by_text("We begonnen te laat.")).to_be_visible()
    check_page(reader, dark=True)


def test_paper_shows_whole_addresses_and_nothing_to_press(page, login_as):
    cast = Cast()
    lesson = make_lesson(cast.other, "published", title="Op papier")
    product = make_product(cast.other, "published")
    product.lessons.add(lesson)
    login_as(page, cast.person("publisher").user).goto(f"/lessen/{lesson.public_id}/")
    take_down = page.get_by_role("link", name="Van de site halen")
    expect(take_down).to_be_visible()
    page.emulate_media(media="print")
    expect(take_down).to_be_hidden()
    link = page.get_by_role("link", name=product.title)
    after = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert after == f'" ({settings.NSS_BASE_URL}{product.get_absolute_url()})"'


def test_what_a_city_does_with_a_lesson(page, login_as, check_page):
    cast = Cast()
    member = cast.person("member")
    lesson = make_lesson(cast.other, "published", title="Begin met de prijs", edition=2, what_failed="Te laat.")
    for number, text in ((1, "Eerst vroegen wij."), (2, "Eerst rekenden wij.")):
        LessonVersion.objects.create(lesson=lesson, number=number, title=lesson.title, what_worked=text)
    product = make_product(cast.other, "published")
    product.lessons.add(lesson)
    news = make_news(cast.other, "published")
    login_as(page, member.user).goto(f"/lessen/{lesson.public_id}/")
    page.get_by_role("button", name="Wij passen dit toe").click()
    page.get_by_role("link", name="Nu al vertellen").click()
    check_page(page)
    page.get_by_label("We hebben het deels toegepast").check()
    page.get_by_label("Want …").fill("Alleen bij scholen.")
    page.get_by_role("button", name="Antwoord opslaan").click()
    expect(page.get_by_text("Alleen bij scholen.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Wat er tussen versies veranderde").click()
    check_page(page)
    for address in ("/lessen/voor-ons/", product.get_absolute_url(), news.get_absolute_url(), "/nieuws/"):
        page.goto(address)
        check_page(page)
    page.goto("/lessen/kennisproducten/nieuw/")
    check_page(page)


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


def test_the_newsletter(page, login_as, check_page):
    cast = Cast()
    make_news(cast.other, "published", title="Gids uit")
    login_as(page, cast.person("publisher").user).goto("/nieuws/nieuwsbrief/")
    check_page(page)
    page.get_by_role("button", name="De volgende nieuwsbrief beginnen").click()
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Inleiding").fill("Een mooie maand.")
    check_page(page)
    page.get_by_role("button", name="Opslaan en voorbeeld tonen").click()
    expect(page.get_by_text("Een mooie maand.").first).to_be_visible()
    page.get_by_text("Kopiëren", exact=True).click()
    check_page(page)
    page.get_by_role("link", name="Noteren dat hij is verstuurd").click()
    check_page(page)
    page.get_by_role("button", name="Hij is verstuurd").click()
    expect(page.get_by_text("Genoteerd.")).to_be_visible()
