"""Expressions of Interest in a real browser: from call to analysis, with and without script, wide and narrow."""

import json
import re

import pytest
from playwright.sync_api import expect

from cities.models import EoiCall, EoiSubmission, EoiUpdate, EoiVersion
from cities.services.eoi.demo import load_demo
from cities.services.eoi.reference import load_reference
from cities.services.reference import load_reference as load_cities
from nss_portal.core.time import today
from tests.access.cast import Cast, make_city
from tests.cities.eoi import make_submission, usual_call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_a_city_hands_in_and_finds_a_receipt(page, login_as, check_page, cast):
    person = cast.person("team")
    call = usual_call()
    login_as(page, person.user).goto("/")
    expect(page.get_by_role("heading", name="Dien in: Oproep")).to_be_visible()
    page.goto("/gemeenten/eoi/")
    check_page(page, dark=True)
    page.goto(call.get_absolute_url())
    check_page(page)
    page.get_by_role("button", name="Beginnen").click()
    check_page(page)
    page.get_by_role("link", name="Beginnen").click()
    check_page(page, dark=True)
    with page.expect_response("**/bewaren/1/") as saved:
        page.get_by_label("Antwoord rules").check()
    assert saved.value.json()["version"] == 1
    expect(page.get_by_text(re.compile("Opgeslagen om"))).to_be_visible()
    page.get_by_role("button", name="Opslaan en verder").click()
    page.get_by_label("Andere, in eigen woorden").fill("PFAS in de bodem")
    page.get_by_role("button", name="Opslaan en verder").click()
    page.get_by_label("Vraag people").fill("veel")
    page.get_by_role("button", name="Opslaan en alle antwoorden bekijken").click()
    expect(page.locator("#error-summary")).to_be_focused()
    check_page(page)
    page.get_by_label("Vraag people").fill("34.000")
    page.get_by_role("button", name="Opslaan en alle antwoorden bekijken").click()
    expect(page.get_by_text("PFAS in de bodem")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Expression of Interest indienen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bedankt, de Expression of Interest is binnen")
    check_page(page)
    page.get_by_role("link", name="Naar de Expression of Interest").click()
    check_page(page)
    version = EoiVersion.objects.get()
    assert (version.state, version.choices) == ("submitted", {"needs": ["rules"]})
    assert version.texts == {"risks": "PFAS in de bodem", "people": "34000"}
    page.goto("/")
    expect(page.get_by_text("Dien in: Oproep")).to_have_count(0)


def test_two_leads_at_once_see_both_texts(page, new_page, login_as, check_page, cast):
    person = cast.person("team", leads=True)
    version = make_submission(person.own, submitted=False).versions.get()
    address = f"/gemeenten/eoi/{version.submission.public_id}/invullen/2/"
    # Without script nothing is saved by itself in between.
    first = login_as(new_page(java_script_enabled=False), person.user)
    second = login_as(page, person.user)
    second.route("**/bewaren/**", lambda route: route.abort())
    for browser, text in ((first, "Tekst van de een"), (second, "Tekst van de ander")):
        browser.goto(address)
        browser.get_by_label("Andere, in eigen woorden").fill(text)
    first.get_by_role("button", name="Opslaan en verder").click()
    second.get_by_role("button", name="Opslaan en verder").click()
    expect(second.get_by_text("Tekst van de een")).to_be_visible()
    expect(second.get_by_label("Andere, in eigen woorden")).to_have_value("Tekst van de ander")
    check_page(second)
    second.get_by_role("button", name="Opslaan en verder").click()
    version.refresh_from_db()
    assert version.texts == {"risks": "Tekst van de ander"}


def test_after_the_last_day_the_typed_text_stays(phone, login_as, check_page, cast):
    person = cast.person("team")
    version = make_submission(person.own, submitted=False).versions.get()
    address = f"/gemeenten/eoi/{version.submission.public_id}/invullen/2/"
    login_as(phone, person.user).goto(address)
    check_page(phone)
    phone.route("**/bewaren/**", lambda route: route.abort())
    phone.get_by_label("Andere, in eigen woorden").fill("Nog net getypt")
    EoiCall.objects.update(state="closed")
    phone.get_by_role("button", name="Opslaan en verder").click()
    expect(phone.get_by_text("Antwoorden kunnen niet meer worden ingediend").first).to_be_visible()
    expect(phone.get_by_label("Andere, in eigen woorden")).to_have_value("Nog net getypt")
    check_page(phone)


def test_the_yearly_update_without_script(without_script, login_as, cast):
    person = cast.person("team")
    call = usual_call("closed", year=today().year - 1)
    submission = make_submission(person.own, call, choices={"needs": ["money"]}, texts={"words": "Plan"})
    EoiUpdate.objects.create(call=call, year=today().year, due_on=today())
    page = login_as(without_script, person.user)
    page.goto("/")
    page.get_by_role("link", name="Kijk of het gewijzigd is").click()
    page.get_by_role("button", name="Kijk of het gewijzigd is").click()
    page.get_by_role("link", name="Beginnen").click()
    page.get_by_label("Gewijzigd", exact=True).check()
    page.get_by_label("Antwoord rules").check()
    page.get_by_role("button", name="Opslaan en verder").click()
    page.get_by_role("link", name="Terug naar de vorige").click()
    page.get_by_role("link", name="Terug naar het overzicht").click()
    page.get_by_role("button", name="Verder is er niets gewijzigd").click()
    page.get_by_role("button", name="Expression of Interest indienen").click()
    page.goto(submission.get_absolute_url())
    page.get_by_role("link", name=re.compile("Versie 1")).click()
    assert list(EoiVersion.objects.order_by("number").values_list("year", "state")) == [
        (today().year - 1, "submitted"),
        (today().year, "submitted"),
    ]


def test_the_draft_is_thrown_away(page, login_as, check_page, cast):
    person = cast.person("member")
    draft = make_submission(person.own, submitted=False)
    login_as(page, person.user).goto(f"{draft.get_absolute_url()}weggooien/")
    check_page(page)
    page.get_by_role("button", name="Concept weggooien").click()
    expect(page.get_by_text("Het concept is weggegooid.")).to_be_visible()
    assert not EoiSubmission.objects.exists()


def test_a_ministry_reads_and_gets_no_button_to_change(page, login_as, check_page, cast):
    shared = make_submission(make_city("eoi"), sharing="network", texts={"words": "Dit delen wij"})
    login_as(page, cast.person("ministry").user).goto(shared.get_absolute_url())
    expect(page.get_by_text("Dit delen wij")).to_be_visible()
    check_page(page)
    assert page.locator("main form").count() == 0
    answer = page.goto(f"{shared.get_absolute_url()}invullen/")
    assert answer.status == 403
    check_page(page)


@pytest.fixture
def country() -> None:
    load_cities()
    load_reference()
    load_demo("small", 1)


@pytest.mark.usefixtures("country")
def test_the_analysis_of_the_demonstration(page, new_page, phone, login_as, check_page, cast):
    page.goto("/gemeenten/eoi/")
    page.get_by_role("link", name="Bekijk de analyse").click()
    check_page(page, dark=True)
    page.get_by_label("Jaar").select_option("2022")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_text("Meest genoemd, van 12 steden: Klimaatfinanciering (11)").first).to_be_visible()
    page.get_by_text("Tabel met de steden achter elk antwoord").first.click()
    check_page(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden als CSV").click()
    assert download.value.suggested_filename == "eoi-analyse-2022.csv"
    phone.goto("/gemeenten/eoi/analyse/?jaar=2022")
    check_page(phone)
    team = login_as(new_page(), cast.person("team").user)
    team.goto("/gemeenten/eoi/analyse/?jaar=2022")
    team.get_by_text("Tabel met de steden achter elk antwoord").first.click()
    check_page(team)
    team.get_by_role("link", name="Amsterdam").first.click()
    expect(team.get_by_role("heading", level=1)).to_contain_text("Expression of Interest van Gemeente Amsterdam")
    team.goto("/gemeenten/eoi/analyse/2022/capacity/climate-finance/")
    check_page(team)
    team.goto("/gemeenten/eoi/analyse/2022/dilemmas/")
    check_page(team)


def test_no_analysis_is_published_yet(page, login_as, check_page, cast):
    usual_call("closed")
    login_as(page, cast.person("partner").user).goto("/gemeenten/eoi/analyse/")
    expect(page.get_by_text("Er is nog geen analyse gepubliceerd")).to_be_visible()
    check_page(page)


def test_the_coordination_team_runs_a_call(page, login_as, check_page, cast, tmp_path):
    usual_call("closed", name_nl="Vorige oproep")
    login_as(page, cast.person("coordinator").user).goto("/gemeenten/eoi/")
    page.get_by_role("link", name="Oproep voorbereiden").click()
    check_page(page)
    page.get_by_label("Naam in het Nederlands").fill("Nieuwe oproep")
    page.get_by_label("Jaar").fill(str(today().year))
    page.get_by_label("Eerste dag").fill(today().isoformat())
    page.get_by_label("Laatste dag").fill(today().isoformat())
    page.get_by_role("button", name="Oproep voorbereiden").click()
    check_page(page)
    page.get_by_role("link", name="Vragen wijzigen").click()
    check_page(page)
    page.get_by_role("button", name=re.compile("Omlaag ?: Vraag needs")).click()
    page.get_by_role("link", name=re.compile("Wijzigen ?: Vraag needs")).click()
    check_page(page)
    page.get_by_label("Vraag in het Nederlands").fill("Wat is er nodig?")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("heading", name="Wat is er nodig?")).to_be_visible()
    file = tmp_path / "vragen.json"
    file.write_text(json.dumps({"questions": [{"code": "a", "kind": "raar", "label_nl": "A"}]}))
    page.get_by_role("link", name="Vragen uit een bestand").click()
    check_page(page)
    page.get_by_label("Bestand (JSON)").set_input_files(file)
    page.get_by_role("button", name="Vragen vervangen").click()
    expect(page.get_by_text("vraag 1 (a): onbekende soort 'raar'")).to_be_visible()
    check_page(page)
    call = EoiCall.objects.get(name_nl="Nieuwe oproep")
    page.goto(f"{call.get_absolute_url()}merktekens/")
    check_page(page)
    page.get_by_label("NZC voorziet hierin: Antwoord money").first.check()
    page.get_by_role("button", name="Merktekens opslaan").click()
    page.get_by_role("link", name="Oproep openen").click()
    check_page(page)
    page.get_by_role("button", name="Oproep openen").click()
    call.refresh_from_db()
    assert call.takes_answers
    for part in ("vraag-toevoegen/", "vragen/needs/optie-toevoegen/", "publiceren/", "stap/close/"):
        page.goto(f"{call.get_absolute_url()}{part}")
        check_page(page)


def test_a_team_does_not_run_a_call(page, login_as, check_page, cast):
    call = usual_call()
    answer = login_as(page, cast.person("team").user).goto(f"{call.get_absolute_url()}vragen/")
    assert answer.status == 403
    check_page(page)
