"""Signals in a real browser: from a bottleneck to what became of it, for who may and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cities.models import NamingDuty, Signal
from cities.services.signals.sending import lead_of
from nss_portal.core.time import today
from tests.access.cast import Cast, Person
from tests.cities.matrix import make_bottleneck
from tests.cities.signals import add_cosigner, ask_for_room, make_ministry, make_signal

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, Any], Page]
Check = Callable[..., None]


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def team(cast: Cast) -> Person:
    return cast.person("team", leads=True)


@pytest.fixture
def ministry(cast: Cast) -> Person:
    return cast.person("ministry", leads=True)


def at(signal: Signal, part: str = "") -> str:
    return f"/signalen/{signal.public_id}/{part}"


def test_from_a_bottleneck_to_a_signal_that_is_sent(
    page: Page, login_as: Login, check_page: Check, team: Person, ministry: Person
) -> None:
    bottleneck = make_bottleneck(team.own, "network", title="Net vol")
    make_bottleneck(team.cast.other, "network", title="Warmtenet ligt stil")
    login_as(page, team.user).goto(bottleneck.get_absolute_url())
    page.get_by_role("link", name="Van dit knelpunt een signaal maken").click()
    expect(page.get_by_role("checkbox", name="Net vol")).to_be_checked()
    check_page(page, dark=True)
    page.get_by_label("Het signaal in één regel").fill("Voorrang op het net")
    page.get_by_label(re.compile("^Zoek een knelpunt")).fill("warmtenet")
    page.get_by_role("button", name="Knelpunten zoeken").click()
    page.get_by_role("checkbox", name="Warmtenet ligt stil").check()
    with page.expect_response("**/bewaren/"):
        page.get_by_label(re.compile("^Wat vragen jullie")).fill("Maak voorrang mogelijk.")
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    page.get_by_role("button", name="Opslaan en nalezen").click()
    expect(page.get_by_role("heading", name="Dit ontbreekt nog")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Aanvullen wat ontbreekt").click()
    page.get_by_label(re.compile("^Aan wie")).select_option(ministry.own.public_id)
    page.get_by_label(re.compile("^Antwoord gevraagd")).fill((today() + timedelta(days=40)).isoformat())
    page.get_by_label(re.compile("^Contactpersoon")).fill("beleidsadviseur klimaat")
    page.get_by_label(re.compile("^E-mailadres")).fill("klimaat@stad.example")
    page.get_by_role("button", name="Opslaan en nalezen").click()
    check_page(page)
    page.get_by_role("button", name="Signaal versturen").click()
    expect(page.get_by_text("Het signaal is verstuurd.")).to_be_visible()
    check_page(page)
    signal = Signal.objects.get()
    assert (signal.state, signal.bottlenecks.count(), lead_of(signal).organisation) == ("sent", 2, ministry.own)


def test_a_signal_is_written_and_answered_without_script(
    without_script: Page, login_as: Login, team: Person, ministry: Person, new_page: Callable[..., Page]
) -> None:
    make_bottleneck(team.own, "network", title="Net vol")
    city = login_as(without_script, team.user)
    city.goto("/signalen/nieuw/")
    city.get_by_label(re.compile("^Zoek een knelpunt")).fill("net")
    city.get_by_role("button", name="Knelpunten zoeken").click()
    city.get_by_role("checkbox", name="Net vol").check()
    city.get_by_label("Het signaal in één regel").fill("Voorrang op het net")
    city.get_by_label(re.compile("^Wat vragen jullie")).fill("Maak voorrang mogelijk.")
    city.get_by_label(re.compile("^Aan wie")).select_option(ministry.own.public_id)
    city.get_by_label(re.compile("^Antwoord gevraagd")).fill((today() + timedelta(days=40)).isoformat())
    city.get_by_label(re.compile("^Contactpersoon")).fill("beleidsadviseur klimaat")
    city.get_by_label(re.compile("^E-mailadres")).fill("klimaat@stad.example")
    city.get_by_role("button", name="Opslaan en nalezen").click()
    city.get_by_role("button", name="Signaal versturen").click()
    desk = login_as(new_page(java_script_enabled=False), ministry.user)
    desk.goto(at(Signal.objects.get(), "beantwoorden/"))
    desk.get_by_label("Wij wijzen dit af").check()
    desk.get_by_label("Antwoord", exact=True).fill("De wet laat dit niet toe.")
    desk.get_by_role("button", name="Antwoord geven").click()
    expect(desk.get_by_text("De wet laat dit niet toe.")).to_be_visible()


def test_two_who_edit_at_once_see_both_texts(
    page: Page, new_page: Callable[..., Page], login_as: Login, check_page: Check, team: Person
) -> None:
    draft = make_signal(team.own, state="draft")
    first, second = login_as(page, team.user), login_as(new_page(java_script_enabled=False), team.user)
    second.goto(at(draft, "bewerken/"))
    first.goto(at(draft, "bewerken/"))
    for browser, text in ((first, "Tekst van de een"), (second, "Tekst van de ander")):
        browser.get_by_label(re.compile("^Wat vragen jullie")).fill(text)
        browser.get_by_role("button", name="Als concept opslaan").click()
    expect(second.get_by_text("Tekst van de een")).to_be_visible()
    expect(second.get_by_label(re.compile("^Wat vragen jullie"))).to_have_value("Tekst van de ander")


def test_another_city_cosigns_and_takes_it_back(
    page: Page, new_page: Callable[..., Page], login_as: Login, check_page: Check, cast: Cast, team: Person
) -> None:
    draft, other = make_signal(team.own, make_ministry(), state="draft"), cast.person("team")
    login_as(page, team.user).goto(at(draft, "medeondertekenaars/"))
    check_page(page)
    page.get_by_label(other.own.name, exact=True).check()
    page.get_by_role("button", name="Deze steden vragen").click()
    expect(page.get_by_text(f"{other.own.name}: gevraagd")).to_be_visible()
    colleague = login_as(new_page(), other.user)
    colleague.goto("/")
    colleague.get_by_role("link", name="Concept lezen").click()
    colleague.get_by_role("link", name="Meetekenen", exact=True).click()
    check_page(colleague)
    colleague.get_by_role("button", name="Meetekenen").click()
    expect(colleague.get_by_text("Jullie organisatie tekent mee.")).to_be_visible()
    colleague.get_by_role("link", name="Onze handtekening intrekken").click()
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Onze handtekening intrekken")
    check_page(colleague)
    colleague.get_by_label("Reden").fill("Toch niet")
    colleague.get_by_role("button", name="Onze handtekening intrekken").click()
    expect(colleague.get_by_text("niet meer mee")).to_be_visible()


def test_a_ministry_answers_from_its_work_with_room_to_experiment(
    page: Page, phone: Page, login_as: Login, check_page: Check, team: Person, ministry: Person
) -> None:
    signal = make_signal(team.own, ministry.own)
    ask_for_room(signal)
    login_as(page, ministry.user).goto("/")
    page.get_by_role("link", name="Signaal beantwoorden").click()
    check_page(page, dark=True)
    login_as(phone, ministry.user).goto(at(signal, "beantwoorden/"))
    check_page(phone)
    page.get_by_label("Wij pakken dit op").check()
    page.get_by_label("Antwoord", exact=True).fill("We passen de regel aan.")
    page.get_by_label("Ja, onder voorwaarden").check()
    page.get_by_role("button", name="Antwoord geven").click()
    expect(page.get_by_role("link", name="Voorwaarden")).to_be_visible()
    check_page(page)
    page.get_by_label(re.compile("^Voorwaarden")).fill("Elk jaar meten.")
    page.get_by_role("button", name="Antwoord geven").click()
    expect(page.get_by_text("gegeven onder voorwaarden")).to_be_visible()
    check_page(page)


def test_a_ministry_refers_on(
    page: Page, login_as: Login, check_page: Check, team: Person, ministry: Person
) -> None:
    signal, other = make_signal(team.own, ministry.own), make_ministry("Ministerie van Wegen")
    login_as(page, ministry.user).goto(at(signal, "doorverwijzen/"))
    check_page(page)
    page.get_by_label("Aan wie?").select_option(other.public_id)
    page.get_by_label("Waarom?").fill("Gaat over wegen")
    page.get_by_role("button", name="Doorverwijzen").click()
    expect(page.get_by_role("heading", name="Lag eerder bij")).to_be_visible()
    expect(page.get_by_role("link", name="Signaal beantwoorden")).to_have_count(0)
    check_page(page)


@pytest.mark.parametrize("who", ["ministry", "coordinator"])
def test_an_owner_is_named(
    page: Page, login_as: Login, check_page: Check, cast: Cast, team: Person, ministry: Person, who: str
) -> None:
    NamingDuty.objects.create(organisation=ministry.own, valid_from=today(), days=21)
    make_signal(team.own, ministry.own, task="name", no_owner=True)
    owner = make_ministry("Ministerie van Net")
    person = ministry if who == "ministry" else cast.person(who)
    login_as(page, person.user).goto("/")
    page.get_by_role("link", name="Eigenaar aanwijzen").click()
    check_page(page)
    page.get_by_label("Aan wie?").select_option(owner.public_id)
    page.get_by_label("Waarom?").fill("Gaat over het net")
    page.get_by_role("button", name="Als eigenaar aanwijzen").click()
    expect(page.get_by_text("eigenaar aangewezen: Ministerie van Net")).to_be_visible()


def test_from_the_answer_to_what_became_of_it(
    page: Page, new_page: Callable[..., Page], login_as: Login, check_page: Check, team: Person, ministry: Person
) -> None:
    signal = make_signal(team.own, ministry.own, state="answered")
    login_as(page, team.user).goto("/")
    page.get_by_role("link", name="Op het antwoord reageren").click()
    check_page(page)
    page.get_by_label("dit helpt ons deels verder").check()
    page.get_by_label("Waarom?").fill("Nu de gemeenten nog.")
    page.get_by_role("button", name="Reactie plaatsen").click()
    page.get_by_role("link", name="Stap afspreken").click()
    check_page(page)
    page.get_by_label("Wat gebeurt er?").fill("Werksessie")
    page.get_by_label("Wie doet het?").select_option(str(ministry.own.pk))
    page.get_by_label("Wanneer is het klaar?").fill((today() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Stap toevoegen").click()
    check_page(page)
    desk = login_as(new_page(), ministry.user)
    desk.goto(at(signal))
    desk.get_by_role("link", name=re.compile("^Dit is klaar")).click()
    check_page(desk)
    desk.get_by_label("Wat heeft het opgeleverd?").fill("Een maatstaf.")
    desk.get_by_role("button", name="Melden dat het klaar is").click()
    page.goto(at(signal))
    page.get_by_role("link", name="Signaal afronden").click()
    check_page(page)
    page.get_by_label("Wat is ervan geworden?").fill("De regel is aangepast.")
    page.get_by_role("button", name="Signaal afronden").click()
    expect(page.get_by_role("heading", name="Wat ervan geworden is")).to_be_visible()
    check_page(page, dark=True)


@pytest.mark.parametrize("state", ["sent", "answered", "closed", "withdrawn"])
def test_a_visitor_reads_the_register_and_a_record(
    page: Page, phone: Page, check_page: Check, team: Person, state: str
) -> None:
    signal = make_signal(team.own, make_ministry(), make_ministry(), state=state, days_ago=50)
    add_cosigner(signal, team.cast.other, "signed")
    for window in (page, phone):
        window.goto("/signalen/")
        check_page(window)
        window.get_by_role("link", name="Voorrang op het net").click()
        expect(window.get_by_role("heading", level=1)).to_have_text("Voorrang op het net")
        check_page(window)
    for name in ("Signaal beantwoorden", "Signaal afronden", "Signaal intrekken", "Stap afspreken"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)


@pytest.mark.parametrize("role", ["member", "signatory", "advisor", "partner", "desk", "publisher", "steering"])
def test_who_only_reads_sees_no_button(
    page: Page, login_as: Login, check_page: Check, cast: Cast, team: Person, role: str
) -> None:
    signal = make_signal(team.own, make_ministry(), state="answered")
    login_as(page, cast.person(role).user).goto(at(signal))
    expect(page.get_by_role("heading", level=1)).to_have_text("Voorrang op het net")
    expect(page.locator(".button--primary")).to_have_count(0)
    assert page.goto(at(signal, "afronden/")).status == 403  # type: ignore[union-attr]
    check_page(page)


def test_filters_and_downloads(page: Page, check_page: Check, team: Person) -> None:
    make_signal(team.own, make_ministry(), title="Warmtenet", days_ago=50)
    make_signal(team.own, make_ministry(), title="Stroomnet", state="answered")
    page.goto("/signalen/")
    page.get_by_label(re.compile("^Stand")).select_option("te-laat")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("20 dagen te laat")).to_be_visible()
    check_page(page)
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"downloaden ({kind})").click()
        assert download.value.suggested_filename == f"signalen.{kind.lower()}"
    page.get_by_role("link", name=re.compile("Stand: ")).click()
    expect(page.get_by_text("2 signalen")).to_be_visible()


def test_response_times_and_the_board(
    page: Page, phone: Page, login_as: Login, check_page: Check, cast: Cast, team: Person
) -> None:
    make_signal(team.own, make_ministry("Ministerie van Net"), state="answered", days_ago=20)
    make_signal(team.own, make_ministry(), days_ago=50)
    for window in (page, phone):
        window.goto("/signalen/reactietijden/")
        check_page(window)
    login_as(page, cast.person("coordinator").user).goto("/signalen/bord/")
    check_page(page, dark=True)
