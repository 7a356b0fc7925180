"""The register of bottlenecks in a real browser: by mouse, by keyboard and without script, wide and narrow."""

import re

import pytest
from playwright.sync_api import Page, expect

from cities.models import Bottleneck, BottleneckJoin, TransitionStep
from cities.services.bottleneck_groups import merge_bottlenecks
from tests.access.cast import Cast, make_city
from tests.cities.matrix import make_bottleneck, make_theme

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = re.compile("Wat houdt jullie op")


def answer(page: Page, title: str) -> None:
    """Give the three answers."""
    page.get_by_label(TITLE).fill(title)
    page.get_by_label("Thema").select_option("energy-heat")
    page.get_by_label("blokkerend").check()


@pytest.mark.parametrize("role", ["member", "team"])
def test_three_answers_add_one(page, login_as, check_page, role):
    person = Cast().person(role)
    make_theme()
    login_as(page, person.user).goto("/knelpunten/nieuw/")
    check_page(page, dark=True)
    answer(page, "Net vol")
    page.get_by_role("button", name="Delen met het netwerk").click()
    expect(page.get_by_text("Het knelpunt staat in het register.")).to_be_visible()
    check_page(page)
    made = Bottleneck.objects.get()
    assert (made.organisation, made.state, made.sharing) == (person.own, "open", "network")
    page.goto("/")
    expect(page.get_by_role("heading", name="Beschrijf het knelpunt ‘Net vol’")).to_be_visible()


def test_similar_ones_announce_themselves_and_one_joins_by_keyboard(page, login_as, check_page):
    person = Cast().person("team")
    there = make_bottleneck(person.cast.other, "network", title="Netcongestie houdt woningen tegen")
    login_as(page, person.user).goto("/knelpunten/nieuw/")
    page.get_by_label(TITLE).focus()
    page.keyboard.type("Congestie")
    announced = page.locator("#similar-count")
    expect(announced).to_have_text("1 knelpunt in het register lijkt hierop.")
    assert announced.get_attribute("aria-live") == "polite"
    expect(page.get_by_label(TITLE)).to_be_focused()
    expect(page.get_by_label(TITLE)).to_have_value("Congestie")
    check_page(page, dark=True)
    page.keyboard.press("Tab")
    expect(
        page.get_by_role("link", name=re.compile("Netcongestie houdt woningen tegen.*nieuw tabblad"))
    ).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wij hebben dit ook")
    expect(page.get_by_label("In eigen woorden")).to_have_value("Congestie")
    check_page(page)
    page.get_by_label("flink").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Zet onze stad erachter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Jouw stad staat nu achter dit knelpunt.")).to_be_visible()
    expect(page.get_by_text("2 steden")).to_be_visible()
    check_page(page)
    assert BottleneckJoin.objects.get().bottleneck == there


def test_a_question_that_was_seen_is_not_asked_again(page, login_as):
    person = Cast().person("team")
    make_bottleneck(person.cast.other, "network", title="Netcongestie")
    login_as(page, person.user).goto("/knelpunten/nieuw/")
    answer(page, "Netcongestie in het centrum")
    expect(page.locator("#similar-count")).to_have_text("1 knelpunt in het register lijkt hierop.")
    page.get_by_role("button", name="Delen met het netwerk").click()
    expect(page.get_by_text("Het knelpunt staat in het register.")).to_be_visible()


def test_the_step_before_a_new_one_is_added(page, login_as, check_page):
    person = Cast().person("team")
    make_bottleneck(person.cast.other, "network", title="Netcongestie")
    login_as(page, person.user).goto("/knelpunten/nieuw/")
    page.route("**/vergelijkbaar/**", lambda route: route.abort())
    answer(page, "Congestie bij ons")
    page.get_by_role("button", name="Delen met het netwerk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedoel je een van deze?")
    check_page(page)


def test_without_script_similar_ones_are_a_step(without_script, login_as):
    person = Cast().person("team")
    make_bottleneck(person.cast.other, "network", title="Netcongestie")
    page = login_as(without_script, person.user)
    page.goto("/knelpunten/nieuw/")
    answer(page, "Congestie bij ons")
    page.get_by_role("button", name="Delen met het netwerk").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedoel je een van deze?")
    page.get_by_role("button", name="Terug naar het formulier").click()
    expect(page.get_by_label(TITLE)).to_have_value("Congestie bij ons")
    expect(page.get_by_label("blokkerend")).to_be_checked()
    page.get_by_role("button", name="Delen met het netwerk").click()
    page.get_by_role("button", name="Nee, ons knelpunt is iets anders").click()
    expect(page.get_by_text("Het knelpunt staat in het register.")).to_be_visible()


def test_errors_keep_what_was_typed_on_a_phone(phone, login_as, check_page):
    person = Cast().person("team")
    make_theme()
    page = login_as(phone, person.user)
    page.goto("/knelpunten/nieuw/")
    page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    page.get_by_label(TITLE).fill("Net vol")
    page.get_by_role("button", name="Delen met het netwerk").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_text("Kies hoe erg het jullie ophoudt.").first).to_be_visible()
    expect(page.get_by_label(TITLE)).to_have_value("Net vol")
    check_page(page)


def test_a_coordinator_merges_and_undoes_it(page, login_as, check_page):
    cast = Cast()
    into = make_bottleneck(cast.other, "network", title="Netcongestie in de stad")
    gone = make_bottleneck(cast.advised, "network", title="Netcongestie in de wijk")
    login_as(page, cast.person("coordinator").user).goto(into.get_absolute_url())
    page.get_by_role("link", name="Samenvoegen met andere").click()
    check_page(page, dark=True)
    page.get_by_label(re.compile("Netcongestie in de wijk")).check()
    page.get_by_label("Waarom zijn deze hetzelfde?").fill("Zelfde netbeheerder")
    page.get_by_role("button", name="In dit knelpunt samenvoegen").click()
    expect(page.get_by_text("‘Netcongestie in de wijk’")).to_be_visible()
    check_page(page)
    page.goto(gone.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Netcongestie in de stad")
    page.get_by_role("link", name="Samenvoeging terugdraaien").click()
    check_page(page)
    page.get_by_role("button", name="Samenvoeging terugdraaien").click()
    expect(page.get_by_text("elk knelpunt is weer wat het was")).to_be_visible()
    page.goto(gone.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Netcongestie in de wijk")


def test_a_team_merges_its_own_without_script(without_script, login_as):
    person = Cast().person("team")
    into = make_bottleneck(person.own, "network", title="Netcongestie in de stad")
    make_bottleneck(person.own, title="Netcongestie in de wijk")
    page = login_as(without_script, person.user)
    page.goto(f"{into.get_absolute_url()}samenvoegen/")
    page.get_by_label(re.compile("Netcongestie in de wijk")).check()
    page.get_by_label("Waarom zijn deze hetzelfde?").fill("Dubbel")
    page.get_by_role("button", name="In dit knelpunt samenvoegen").click()
    expect(page.get_by_text("1 ander knelpunt gaat in dit verder")).to_be_visible()


def test_who_may_not_sees_no_button_and_reads_why(page, login_as, check_page):
    cast = Cast()
    into, gone = (make_bottleneck(cast.other, "network") for _number in range(2))
    merge_bottlenecks(actor=cast.person("coordinator").user, into=into, bottlenecks=[gone], reason="Dubbel")
    login_as(page, cast.person("ministry").user).goto(into.get_absolute_url())
    expect(page.get_by_text("Dubbel")).to_be_visible()
    for name in ("Wij hebben dit ook", "Samenvoegen met andere", "Samenvoeging terugdraaien", "Wijzigen"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    check_page(page)
    for part, reason in (("ook-wij/", "Alleen steden sluiten aan"), ("samenvoegen/", "Je mag dit bekijken")):
        page.goto(f"{into.get_absolute_url()}{part}")
        expect(page.get_by_text(re.compile(reason))).to_be_visible()
        check_page(page)
    page.goto("/knelpunten/nieuw/")
    expect(page.get_by_text("Alleen gemeenten beschrijven hier knelpunten.")).to_be_visible()


def test_the_register_is_filtered_sorted_and_taken_along(page, check_page):
    step = TransitionStep.objects.create(code="action", order=1, label_nl="Kom in actie", label_en="Take action")
    make_bottleneck(make_city(), "published", title="Net vol", severity="blocking", step=step)
    make_bottleneck(make_city(), "published", title="Geen geld", theme=make_theme("finance"))
    page.goto("/knelpunten/")
    check_page(page, dark=True)
    page.get_by_label("Hoe erg").select_option("blocking")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name=re.compile("Hoe erg: blokkerend")).click()
    page.get_by_role("link", name="Laatst gewijzigd").click()
    expect(page).to_have_url(re.compile("sort=gewijzigd"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Deze selectie downloaden (CSV)").click()
    assert download.value.suggested_filename == "knelpunten.csv"
    page.get_by_role("link", name=re.compile("Welke thema")).click()
    check_page(page, dark=True)
    page.get_by_role("link", name="1: Thema energy-heat, Kom in actie").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Net vol")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden (XLSX)").click()
    assert download.value.suggested_filename == "knelpunten-themas.xlsx"


def test_empty_pages_say_what_belongs_there(page, check_page):
    page.goto("/knelpunten/")
    expect(page.get_by_text("Er is nog geen knelpunt gedeeld")).to_be_visible()
    check_page(page)
    page.goto("/knelpunten/themas/")
    expect(page.get_by_text("Nog geen thema heeft een knelpunt")).to_be_visible()
    check_page(page)
