"""The standard approach in a real browser: read, gone through, and a contract begun with it, with wrong input."""

import re

import pytest
from playwright.sync_api import expect

from contracts.models import ContractVersion, GoingThrough
from tests.access.cast import Cast
from tests.contracts.make_standard import make_change, make_standard_version

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_first_draft_with_a_wrong_turn(page, login_as, check_page):
    member = Cast().person("member")
    make_standard_version()
    login_as(page, member.user).goto("/aanpak/")
    check_page(page, dark=True)
    page.get_by_role("link", name="Hiermee een contract beginnen").click()
    check_page(page)
    page.get_by_role("button", name="Beginnen").click()
    check_page(page)
    page.get_by_label("Doeljaar").fill("2029")
    page.get_by_label(re.compile("^Mobiliteit")).fill("80")
    go_on = page.get_by_role("button", name="Opslaan en verder")
    page.locator("form[data-autosave]").evaluate("form => form.noValidate = true")
    go_on.click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label(re.compile("^Mobiliteit"))).to_have_value("80")
    check_page(page)
    with page.expect_response("**/bewaren/"):
        page.get_by_label("Doeljaar").fill("2040")
    go_on.click()
    expect(page.get_by_role("checkbox", name="Nul-emissiezone")).to_be_checked()
    check_page(page)
    go_on.click()
    check_page(page)
    go_on.click()
    page.get_by_label("Andere partij 1").fill("Buurtcoöperatie")
    go_on.click()
    expect(page.get_by_text("Kies wat voor partij dit is.").first).to_be_visible()
    check_page(page)
    page.get_by_label("Soort partij 1").select_option("civil")
    go_on.click()
    check_page(page)
    go_on.click()
    check_page(page)
    page.get_by_role("button", name="Concept maken").click()
    expect(page.get_by_text("Het eerste concept is er")).to_be_visible()
    check_page(page)
    assert ContractVersion.objects.get().actions.get().effect_kt == 8


def test_a_version_on_its_way_without_script(without_script, new_page, login_as, check_page):
    cast = Cast()
    make_standard_version()
    version = make_standard_version("proposed", 2)
    change = make_change(version, cast.other)
    team = login_as(without_script, cast.person("team").user)
    team.goto("/aanpak/versies/2/doorlopen/")
    team.get_by_role("link", name="Beginnen").click()
    team.get_by_label("Werkt met wijzigingen").check()
    team.get_by_role("button", name="Bewaren, volgende onderdeel").click()
    expect(team.locator(".error-summary")).to_be_visible()
    team.get_by_label(re.compile("Wat moet er veranderen")).fill("Met de regio")
    team.get_by_role("button", name="Bewaren, volgende onderdeel").click()
    assert GoingThrough.objects.get().text == "Met de regio"
    coordinator = login_as(new_page(), cast.person("coordinator").user)
    for path in (
        "/aanpak/versies/2/",
        "/aanpak/versies/2/wijzigingen/",
        "/aanpak/versies/2/doorlopen/uitkomst/",
        "/aanpak/versies/2/deel/onderdeel/opgave/",
        "/aanpak/voorstellen/",
        "/aanpak/voorstellen/nieuw/",
        "/aanpak/voorstellen/nieuw/?soort=maatregel&code=zone",
        change.get_absolute_url(),
        f"{change.get_absolute_url()}besluit/",
    ):
        coordinator.goto(path)
        check_page(coordinator)
    coordinator.get_by_role("button", name="Overnemen in versie 2").click()
    expect(coordinator.get_by_text("Overgenomen in versie 2.").first).to_be_visible()
    visitor = new_page()
    for path in ("/aanpak/maatregelen/", "/aanpak/maatregelen/zone/", "/aanpak/versies/"):
        visitor.goto(path)
        check_page(visitor)
