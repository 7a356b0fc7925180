"""The roadmap and the comparison in a real browser: with and without script, wide and narrow."""

import re

import pytest
from playwright.sync_api import expect

from cities.models import Municipality, Progress
from tests.access.cast import Cast, make_city
from tests.activities.matrix import make_lesson
from tests.cities.matrix import make_bottleneck
from tests.cities.matrix_roadmap import make_roadmap, make_steps, tell

pytestmark = pytest.mark.django_db(transaction=True)


def named(organisation, name, population=100_000):
    values = {"common_name": name, "population": population, "population_year": 2024}
    Municipality.objects.filter(organisation=organisation).update(**values)
    return Municipality.objects.get(organisation=organisation)


def test_a_visitor_reads_the_roadmap_and_looks_for_similar_ones_without_script(without_script, page, check_page):
    blocks = make_steps()
    delft, gouda = named(make_city(name="Gemeente Delft"), "Delft"), named(make_city(), "Gouda", 75_000)
    roadmap = make_roadmap(gouda.organisation, "published")
    tell(roadmap, blocks[0], "under-way", days_ago=90, note="Begonnen in twee wijken")
    make_bottleneck(delft.organisation, "published", step=blocks[0].step)
    for browser in (page, without_script):
        browser.goto("/routekaart/")
        browser.get_by_role("link", name="Stap 1").click()
        expect(browser.get_by_role("heading", level=1)).to_have_text("Stap 1")
        if browser is page:
            check_page(page, dark=True)
        browser.get_by_role("link", name="Volgende stap").click()
        browser.goto("/routekaart/vergelijkbaar/")
        browser.get_by_label("Gemeente", exact=True).fill("delft")
        browser.get_by_role("button", name="Vergelijkbare gemeenten tonen").click()
        expect(browser.get_by_role("heading", level=1)).to_have_text("Wat steden zoals Delft daarna deden")
        expect(browser.get_by_text("Begonnen in twee wijken")).to_be_visible()
    check_page(page, dark=True)
    assert page.get_by_role("button", name="opslaan").count() == 0


def test_a_city_says_how_far_it_is_by_keyboard_alone(page, login_as, check_page):
    person = Cast().person("team")
    city = named(person.own, "Delft")
    make_steps()
    login_as(page, person.user).goto("/routekaart/")
    check_page(page)
    page.get_by_role("link", name="Aangeven hoe ver jullie zijn").click()
    check_page(page, dark=True)
    page.get_by_label("Blok 1.1: hoe ver zijn jullie?").focus()
    with page.expect_response("**/bewaren/"):
        page.keyboard.type("k")
        page.keyboard.press("Tab")
        page.keyboard.type("Vastgesteld door de raad")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    assert str(Progress.objects.get()) == "Blok 1.1: klaar"
    page.get_by_role("button", name="Onze voortgang opslaan").click()
    expect(page.get_by_text("zo ver zijn jullie")).to_be_visible()
    expect(page).to_have_url(re.compile(f"/routekaart/gemeente/{city.code}/$"))
    check_page(page, dark=True)
    page.goto(city.get_absolute_url())
    check_page(page)


def test_the_form_and_its_errors_on_a_phone_without_script(new_page, login_as, check_page):
    person = Cast().person("member")
    city = named(person.own, "Delft")
    make_steps()
    phone = login_as(new_page(viewport={"width": 390, "height": 844}), person.user)
    phone.goto(f"/routekaart/gemeente/{city.code}/bijwerken/stap1/")
    check_page(phone)
    bare = login_as(new_page(java_script_enabled=False), person.user)
    bare.goto(f"/routekaart/gemeente/{city.code}/bijwerken/stap1/")
    bare.get_by_label("Blok 1.1: hoe ver zijn jullie?").select_option("not-for-us")
    bare.get_by_label("Blok 1.2: toelichting").fill("Blijft staan")
    bare.get_by_role("button", name="Onze voortgang opslaan").click()
    expect(bare.locator("#error-summary")).to_contain_text("Schrijf op waarom dit niets voor jullie is")
    expect(bare.get_by_label("Blok 1.2: toelichting")).to_have_value("Blijft staan")
    bare.get_by_label("Blok 1.1: toelichting").fill("De regio doet dit")
    bare.get_by_role("button", name="Onze voortgang opslaan").click()
    expect(bare.get_by_text("De regio doet dit").first).to_be_visible()


def test_two_who_fill_in_at_once_see_both(page, new_page, login_as, check_page):
    person = Cast().person("team")
    city = named(person.own, "Delft")
    make_steps()
    first, second = login_as(page, person.user), login_as(new_page(java_script_enabled=False), person.user)
    for browser in (first, second):
        browser.goto(f"/routekaart/gemeente/{city.code}/bijwerken/")
    with first.expect_response("**/bewaren/"):
        first.get_by_label("Blok 1.1: toelichting").fill("Tekst van de een")
        first.get_by_label("Blok 1.1: hoe ver zijn jullie?").select_option("done")
    second.get_by_label("Blok 1.1: hoe ver zijn jullie?").select_option("under-way")
    second.get_by_label("Blok 1.1: toelichting").fill("Tekst van de ander")
    second.get_by_role("button", name="Onze voortgang opslaan").click()
    expect(second.get_by_text("Tekst van de een")).to_be_visible()
    expect(second.get_by_label("Blok 1.1: toelichting")).to_have_value("Tekst van de ander")


def test_what_cities_like_mine_did_next(page, phone, login_as, check_page):
    person = Cast().person("team")
    named(person.own, "Delft")
    one, two, three, *_rest = make_steps()
    mine = make_roadmap(person.own)
    tell(mine, one, "done")
    twin = named(make_city(), "Gouda", 98_000)
    theirs = make_roadmap(twin.organisation, "network")
    for days, block in ((300, one), (200, two), (100, three)):
        tell(theirs, block, "under-way", days_ago=days)
    make_lesson(twin.organisation, "published", title="Begin klein")
    login_as(page, person.user).goto("/routekaart/vergelijkbaar/")
    expect(page.get_by_role("heading", name="Wat ze daarna oppakten")).to_be_visible()
    expect(page.get_by_role("link", name="Blok 1.2")).to_be_visible()
    expect(page.get_by_text("ongeveer even groot: 98.000 inwoners")).to_be_visible()
    expect(page.get_by_role("link", name="Begin klein")).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Delft en Gouda naast elkaar").click()
    expect(page.get_by_role("columnheader", name="Gouda")).to_be_visible()
    check_page(page)
    other = login_as(phone, person.cast.person("partner").user)
    other.goto(f"/routekaart/gemeente/{person.own.municipality.code}/vergelijkbaar/")
    expect(other.get_by_text("Begin klein")).to_have_count(0)
    assert other.goto(f"/routekaart/gemeente/{twin.code}/").status == 404
    assert other.goto(f"/routekaart/gemeente/{twin.code}/bijwerken/").status == 404


def test_a_coordinator_keeps_the_texts_and_a_city_does_not(page, new_page, login_as, check_page):
    cast = Cast()
    make_steps()
    login_as(page, cast.person("coordinator").user).goto("/routekaart/stap1/")
    page.get_by_role("link", name="Teksten wijzigen").click()
    check_page(page)
    page.get_by_label("Eerste zin in het Nederlands").fill("Begin bij het college")
    page.get_by_role("button", name="Wijzigingen opslaan").click()
    expect(page.get_by_text("Begin bij het college")).to_be_visible()
    page.get_by_role("link", name="Bouwsteen toevoegen").click()
    check_page(page)
    city = login_as(new_page(), cast.person("team").user)
    city.goto("/routekaart/stap1/")
    expect(city.get_by_role("link", name="Teksten wijzigen")).to_have_count(0)
    assert city.goto("/routekaart/stap1/teksten/").status == 403


def test_municipalities_are_chosen_in_the_list_and_stand_beside_each_other(page, without_script, check_page):
    one, two = named(make_city(), "Delft"), named(make_city("eoi"), "Gouda")
    make_bottleneck(one.organisation, "published")
    for browser in (page, without_script):
        browser.goto("/gemeenten/")
        for name in ("Delft", "Gouda"):
            browser.get_by_label(f"Vergelijken: {name}").check()
        browser.get_by_role("button", name="Aangevinkte gemeenten vergelijken").click()
        expect(browser.get_by_role("columnheader", name="Gouda")).to_be_visible()
    check_page(page, dark=True)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("downloaden")).click()
    assert download.value.suggested_filename == "vergelijking.csv"
    page.get_by_role("link", name=re.compile("Gouda.*uit de vergelijking")).click()
    expect(page.get_by_role("alert")).to_contain_text("Kies ten minste twee gemeenten")
    expect(page.get_by_label("Gemeente 1")).to_have_value("Delft")
    page.get_by_label("Gemeente 2").fill("gouda")
    page.get_by_role("button", name="Naast elkaar zetten").click()
    expect(page.get_by_role("columnheader", name=two.common_name)).to_be_visible()
    page.goto("/gemeenten/vergelijken/?g=GM0001")
    check_page(page)


def test_the_map_says_the_same_as_the_table(page):
    """Whoever cannot see the map is told what it shows, and goes with the keyboard to a table with every dot."""
    for name, level in (("Delft", "mission"), ("Gouda", "eoi"), ("Ede", "interested")):
        place = named(make_city(level), name)
        Municipality.objects.filter(pk=place.pk).update(lat=52.0, lon=5.0)
    page.goto("/gemeenten/")
    picture = page.get_by_role("img", name=re.compile("Kaart van Nederland met 1 missiesteden"))
    dots = picture.locator("title").all_text_contents()
    assert sorted(dots) == ["Delft", "Ede", "Gouda"]
    link = page.get_by_role("link", name="Als tabel")
    link.focus()
    page.keyboard.press("Enter")
    for name in dots:
        expect(page.locator("#lijst").get_by_role("row", name=re.compile(name))).to_be_visible()
