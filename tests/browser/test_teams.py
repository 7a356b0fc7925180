"""Mergers, boundaries, teams and who's who in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cities.models import Theme
from governance.models import Membership
from governance.models.membership import Function
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city, make_user
from tests.cities.matrix import make_bottleneck

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_coordinator_previews_plans_and_calls_a_merger_off(page, login_as, check_page):
    coordinator = Cast().person("coordinator").user
    old, new = make_city("eoi", name="Wijde Plassen"), make_city("interested", name="Gooi")
    make_bottleneck(old, "network")
    login_as(page, coordinator).goto("/gemeenten/")
    page.get_by_role("link", name="Gemeenten samenvoegen").click()
    check_page(page)
    page.get_by_label("Gemeente die ophoudt").select_option(old.municipality.code)
    page.get_by_label("Gaat verder in").select_option(new.municipality.code)
    page.get_by_label("Met ingang van").fill((today() + timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Bekijk wat overgaat").click()
    expect(page.get_by_role("row", name="Knelpunten")).to_contain_text("1")
    check_page(page)
    page.get_by_role("button", name="Samenvoeging bevestigen").click()
    expect(page.get_by_text("Gepland. Het portaal voert dit vanzelf uit")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Afblazen").click()
    page.get_by_label("Reden").fill("De wet is verworpen")
    page.get_by_role("button", name="Afblazen").click()
    expect(page.get_by_text("De samenvoeging is afgeblazen")).to_be_visible()


def test_a_team_finds_no_way_to_merge(page, login_as):
    team = Cast().person("team", leads=True).user
    login_as(page, team).goto("/gemeenten/")
    expect(page.get_by_role("link", name="Gemeenten samenvoegen")).to_have_count(0)
    assert page.goto("/gemeenten/samenvoegen/").status == 404


def test_from_a_bottleneck_to_a_contact_person_and_their_themes(page, new_page, login_as, check_page):
    cast = Cast()
    theme = Theme.objects.create(code="finance", label_nl="Geld", label_en="Money")
    ministry = cast.person("ministry", leads=True)
    team = cast.person("team")
    bottleneck = make_bottleneck(team.own, "network", theme=theme)
    login_as(page, ministry.user).goto("/wie-is-wie/?q=" + ministry.user.name.replace(" ", "+"))
    check_page(page)
    page.get_by_role("link", name="Thema's wijzigen").click()
    check_page(page)
    page.get_by_label("Geld").check()
    page.get_by_role("button", name="Thema's opslaan").click()
    expect(page.get_by_text("zijn opgeslagen")).to_be_visible()
    other = login_as(new_page(), team.user)
    other.goto(bottleneck.get_absolute_url())
    expect(other.get_by_text(ministry.user.name)).to_be_visible()
    other.get_by_role("link", name="Iedereen die je kunt bellen over Geld").click()
    expect(other.get_by_text(ministry.user.name)).to_be_visible()
    expect(other.get_by_role("link", name="Thema's wijzigen")).to_have_count(0)
    check_page(other)


def test_a_lead_hands_over_and_the_newcomer_reads_the_briefing(phone, new_page, login_as, check_page):
    lead = Cast().person("team", leads=True)
    colleague = make_user(name="Nieuw lid")
    Membership.objects.create(user=colleague, organisation=lead.own, function=Function.TEAM, valid_from=today())
    page = login_as(phone, lead.user)
    page.goto(f"/gemeenten/{lead.own.municipality.code}/team/")
    check_page(page)
    page.get_by_role("link", name="Overdragen en vertrekken").click()
    check_page(page)
    page.get_by_role("button", name="Overdragen en beëindigen").click()
    expect(page.get_by_text("is de laatste")).to_be_visible()
    page.get_by_label("Leiding geven aan").select_option(label="Nieuw lid")
    page.get_by_role("button", name="Overdragen en beëindigen").click()
    expect(page.get_by_text("heeft overgedragen")).to_be_visible()
    newcomer = login_as(new_page(), colleague)
    newcomer.goto("/")
    newcomer.get_by_role("link", name="Lees je in").click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Welkom, dit speelt er")
    check_page(newcomer)
