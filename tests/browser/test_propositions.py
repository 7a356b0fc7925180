"""Propositions in a real browser: put on the agenda, joined, sent on; with and without script."""

import re

import pytest
from playwright.sync_api import expect

from cities.models.proposition import Proposition
from tests.access.cast import Cast
from tests.cities.matrix_propositions import make_proposition, make_task

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_draft_to_the_agenda(page, login_as, check_page):
    person = Cast().person("team")
    make_task()
    login_as(page, person.user).goto("/proposities/")
    check_page(page)
    page.get_by_role("link", name="Iets op de agenda zetten").first.click()
    check_page(page)
    page.get_by_label("Wat zet je op de agenda").fill("Eén loket voor warmtenetten")
    page.get_by_role("button", name="Als concept opslaan").click()
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Waar het over gaat").fill("Elke stad zoekt het zelf uit.")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    page.get_by_label("Stedelijke opgave").select_option("mobility")
    page.get_by_label("Opnieuw bekijken op").fill("2030-01-01")
    page.get_by_role("button", name="Op de agenda zetten").click()
    expect(page.get_by_text("De propositie staat op de agenda")).to_be_visible()
    check_page(page, dark=True)
    assert Proposition.objects.get().state == "open"


def test_others_join_and_leave_without_script(without_script, new_page, login_as, check_page):
    cast = Cast()
    proposition = make_proposition(cast.other, "open")
    address = proposition.get_absolute_url()
    ministry = login_as(without_script, cast.person("ministry").user)
    ministry.goto(address)
    expect(ministry.get_by_role("link", name="Wijzigen")).to_have_count(0)
    ministry.get_by_role("link", name="Meedoen met deze propositie").click()
    ministry.get_by_label("Wat je inbrengt").fill("Een jurist")
    ministry.get_by_label("Waarom je meedoet").fill("Wij zoeken hetzelfde uit")
    ministry.get_by_role("button", name="Meedoen met deze propositie").click()
    expect(ministry.get_by_text("Een jurist")).to_be_visible()
    visitor = new_page()
    visitor.goto(address)
    expect(visitor.get_by_text("Een jurist")).to_be_visible()
    expect(visitor.get_by_role("link", name="Meedoen met deze propositie")).to_have_count(0)
    check_page(visitor)
    ministry.get_by_role("link", name=re.compile("Eruit stappen")).click()
    ministry.get_by_label("Reden").fill("Geen tijd")
    ministry.get_by_role("button", name="Uit deze propositie stappen").click()
    expect(ministry.get_by_text("Wie eerder meedeed")).to_be_visible()
    editor = login_as(new_page(), cast.person("publisher").user)
    assert editor.goto(f"{address}steunen/").status == 403
    assert editor.goto(f"{address}bewerken/").status == 403


def test_a_coordinator_sends_it_on_its_way(page, login_as, check_page):
    cast = Cast()
    proposition = make_proposition(cast.other, "open")
    login_as(page, cast.person("coordinator").user).goto(proposition.get_absolute_url())
    page.get_by_role("link", name="Gaat op in lopend beleid").click()
    check_page(page)
    page.get_by_label("Reden").fill("Het nieuwe woonakkoord")
    page.get_by_role("button", name="Gaat op in lopend beleid").click()
    expect(page.get_by_text("Het nieuwe woonakkoord").first).to_be_visible()
    check_page(page)
