"""The desk in a real browser: asked without an account, answered, made public; a call and a joint application."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from activities.models import DeskQuestion
from activities.services.desk.letters import link_token
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.activities.desk import make_entry, make_theme

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_visitors_question_to_a_public_answer(page, new_page, login_as, check_page):
    cache.clear()
    desk = Cast().person("desk")
    make_theme()
    make_entry(name="Subsidie voor warmtenetten", description_nl="Geld voor warmtenetten.")
    page.goto("/loket/?q=warmtenetten")
    expect(page.get_by_text("Subsidie voor warmtenetten")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Een vraag stellen").click()
    page.get_by_label("De vraag in één regel").fill("Welke subsidie is er voor warmtenetten?")
    expect(page.get_by_text("1 antwoord helpt misschien al.")).to_be_visible()
    page.get_by_label("Naam", exact=True).fill("Iemand Elders")
    page.get_by_label("E-mailadres").fill("iemand@elders")
    page.get_by_role("button", name="Vraag versturen").click()
    expect(page.get_by_label("Naam", exact=True)).to_have_value("Iemand Elders")
    check_page(page, dark=True)
    page.get_by_label("E-mailadres").fill("iemand@elders.example")
    page.get_by_role("button", name="Vraag versturen").click()
    expect(page.get_by_role("heading", name="Nog één stap")).to_be_visible()
    check_page(page)
    question = DeskQuestion.objects.get()
    page.goto(f"/loket/vragen/link/{link_token(question)}/")
    check_page(page)
    page.get_by_role("button", name="Ja, vraag versturen").click()
    expect(page.get_by_text("Het loket heeft de vraag nu")).to_be_visible()
    check_page(page)

    keeper = login_as(new_page(), desk.user)
    keeper.goto("/loket/vragen/")
    check_page(keeper)
    keeper.get_by_role("link", name=question.title).click()
    keeper.get_by_role("link", name="De vraag beantwoorden").click()
    keeper.get_by_role("button", name="De vraag beantwoorden").click()
    check_page(keeper)
    keeper.get_by_label("Antwoord").fill("Kijk naar de investeringssubsidie.")
    keeper.get_by_role("button", name="De vraag beantwoorden").click()
    check_page(keeper)
    keeper.get_by_role("link", name="Iedereen laten lezen").click()
    keeper.get_by_label("Uitleg").fill("Gevraagd door Iemand Elders")
    keeper.get_by_role("button", name="Iedereen laten lezen").click()
    expect(keeper.get_by_text(re.compile("wie de vrager is")).first).to_be_visible()
    check_page(keeper)
    keeper.get_by_label("Uitleg").fill("Voor een oude binnenstad.")
    keeper.get_by_role("button", name="Iedereen laten lezen").click()
    visitor = new_page()
    visitor.goto(question.get_absolute_url())
    expect(visitor.get_by_text("Kijk naar de investeringssubsidie.")).to_be_visible()
    check_page(visitor, dark=True)
    visitor.goto("/loket/antwoordtijden/")
    check_page(visitor)


def test_an_entry_a_call_and_a_joint_application(new_page, login_as, check_page):
    cast = Cast()
    desk, team = cast.person("desk"), cast.person("team")
    keeper = login_as(new_page(), desk.user)
    keeper.goto("/loket/wegwijzer/nieuw/?soort=call")
    keeper.get_by_label("Naam", exact=True).fill("Oproep warme wijken")
    keeper.get_by_label("Van wie het is").fill("Voorbeeldfonds")
    keeper.get_by_label("Wat het is", exact=True).fill("Geld voor warme wijken.")
    keeper.get_by_role("button", name="In de wegwijzer zetten").click()
    expect(keeper.get_by_text("Een oproep heeft een sluitingsdatum").first).to_be_visible()
    check_page(keeper)
    keeper.get_by_label(re.compile("^Sluitingsdatum")).fill((today() + timedelta(days=30)).isoformat())
    keeper.get_by_role("button", name="In de wegwijzer zetten").click()
    check_page(keeper)
    make_entry(name="Lang niet nagekeken")
    keeper.goto("/loket/wegwijzer/nakijken/")
    check_page(keeper)
    keeper.get_by_role("button", name="Vandaag nagekeken").click()
    expect(keeper.get_by_text("Alles is onlangs nagekeken")).to_be_visible()
    keeper.goto("/loket/wegwijzer/")
    check_page(keeper)

    city = login_as(new_page(), team.user)
    city.goto("/loket/oproepen/")
    check_page(city)
    city.get_by_role("link", name="Oproep warme wijken").click()
    city.get_by_role("link", name="Wij hebben belangstelling").click()
    check_page(city)
    city.get_by_role("button", name="Wij hebben belangstelling").click()
    city.get_by_role("link", name="Samen aanvragen").click()
    city.get_by_role("button", name="Samen aanvragen").click()
    expect(city.get_by_role("heading", name="Wie meedoet")).to_be_visible()
    check_page(city, dark=True)
