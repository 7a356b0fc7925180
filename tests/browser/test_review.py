"""The annual review in a browser: a coordinator opens, city and party answer, the coordinator closes, the PDF is
there.

Every page on the way is checked with axe. The jobs are carried out by the runner that a worker uses.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models import Effort, PartyReview, ReviewRound
from contracts.services.review.answers import Answer
from contracts.services.review.links import link_actor, token_for
from contracts.services.review.rounds import close_round
from nss_portal.core import jobs
from nss_portal.core.models import OutgoingMail, Report
from tests.access.cast import Cast, make_city
from tests.contracts.reviewing import YEAR, Contract, hand_in, in_days, make_contract, opened, system

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contract() -> Contract:
    return make_contract(
        title="Klimaatcontract Voorbeeldstad", parties=2, actions=4, commitments=1, sharing="published"
    )


def link(part: PartyReview, rest: str = "") -> str:
    return f"/herijking/{token_for(part)}/{rest}"


def answer(page: Page, status: str, *, then: str = "", **texts: str) -> None:
    """Choose an answer on the screen of one promise, fill in what it asks for and go on."""
    page.get_by_label(status, exact=True).check()
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name=re.compile(then or "Verder|nakijken")).click()


def open_the_round(page: Page, check_page: Any) -> None:
    page.goto("/klimaatcontracten/herijkingen/")
    check_page(page)
    page.get_by_label("Jaar waarop we terugkijken").fill(str(YEAR))
    page.get_by_label("Laatste dag om te antwoorden").fill(in_days(40).isoformat())
    page.get_by_role("button", name="Verder").click()
    check_page(page)
    page.get_by_role("button", name="Ronde openen en uitnodigen").click()
    expect(page.get_by_role("heading", name=f"Herijking {YEAR}", level=1)).to_be_visible()
    check_page(page)
    jobs.run_all_here()
    assert ReviewRound.objects.get().state == "open"


def link_in_the_mail(part: PartyReview) -> str:
    mail = OutgoingMail.objects.get(recipient=part.party.contact_email)
    found = re.search(r"https?://[^/\s]+(/herijking/\S+)", mail.text)
    assert found
    return found[1]


def answer_as_a_party(phone: Page, check_page: Any, address: str) -> None:
    phone.goto(address)
    check_page(phone)
    phone.get_by_role("link", name="Beginnen").click()
    check_page(phone)
    answer(phone, "Geblokkeerd", obstacle="De netaansluiting komt pas in 2029.", expected_kt="62,5")
    answer(phone, "Achter", reason="De vergunning kwam laat.", learned="Vraag eerder aan.", expected_kt="80")
    answer(phone, "Op koers")
    check_page(phone)
    expect(phone.get_by_text("1 tegenslag wordt een concept-les van de stad.")).to_be_visible()
    phone.get_by_role("button", name="Dit deel indienen").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile("Dank je wel"))
    check_page(phone)


def answer_as_the_city(desk: Page, check_page: Any) -> None:
    desk.goto("/")
    desk.get_by_role("link", name=re.compile("Ons deel invullen")).first.click()
    check_page(desk)
    desk.get_by_role("link", name="Beginnen").click()
    answer(desk, "Op koers")
    answer(desk, "Meer dan beloofd", reason="De subsidie kwam vroeg.", expected_kt="120")
    desk.get_by_role("button", name="Dit deel indienen").click()
    desk.get_by_role("link", name="Naar de herijking").click()
    check_page(desk)
    desk.get_by_role("link", name="Herijking indienen").click()
    check_page(desk)
    desk.get_by_label("Wat valt op dit jaar?").fill("Het net bepaalt het tempo.")
    desk.get_by_role("button", name="Herijking indienen").click()
    expect(desk.get_by_text("is ingediend")).to_be_visible()


def close_the_round(page: Page, check_page: Any) -> None:
    page.goto(f"/klimaatcontracten/herijkingen/{YEAR}/?weergave=tabel")
    check_page(page)
    page.get_by_role("link", name="Ronde sluiten").click()
    check_page(page)
    page.get_by_role("button", name="Ronde sluiten").click()
    expect(page.get_by_role("heading", name=f"Herijking {YEAR}", level=1)).to_be_visible()
    jobs.run_all_here()


def test_the_whole_journey(
    page: Page, new_page: Callable[..., Page], login_as: Any, check_page: Any, contract: Contract
) -> None:
    team, phone, desk = contract.team(), new_page(viewport={"width": 390, "height": 844}), new_page()
    login_as(page, Cast().person("coordinator").user)
    open_the_round(page, check_page)
    part = contract.part(1)
    address = link_in_the_mail(part)
    answer_as_a_party(phone, check_page, address)
    assert Effort.objects.get(part=part, status="blocked").expected_kt == Decimal("62.5")
    assert (Lesson.objects.count(), Bottleneck.objects.count()) == (1, 1)
    login_as(desk, team)
    answer_as_the_city(desk, check_page)
    close_the_round(page, check_page)
    page.goto(f"/klimaatcontracten/herijkingen/{YEAR}/")
    page.get_by_role("link", name="Nationale reflectie lezen").click()
    check_page(page)
    expect(page.get_by_text("De netaansluiting komt pas in 2029.")).to_be_visible()
    report = Report.objects.get(language="nl", format="pdf")
    assert report.state == "ready"
    download = page.get_by_role("link", name=re.compile("Downloaden als pdf"))
    expect(download).to_have_attribute("href", f"/rapporten/{report.public_id}/bestand/")
    phone.goto(address)
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"De herijking van {YEAR} is gesloten")
    check_page(phone)


def test_a_draft_saves_itself_and_says_when(phone: Page, check_page: Any, contract: Contract) -> None:
    opened()
    part = contract.part(1)
    phone.goto(link(part, "1/"))
    expect(phone.get_by_label("Wat blokkeert het?")).to_be_hidden()
    phone.get_by_label("Achter", exact=True).check()
    phone.get_by_label("Wat is er gebeurd?").fill("De vergunning kwam laat.")
    phone.locator("[name=expected_kt]").fill("76")
    expect(phone.locator(".autosave")).to_have_text(re.compile(r"Opgeslagen om \d\d\.\d\d"))
    expect(phone.get_by_text(re.compile(r"Het contract komt daarmee op 524"))).to_be_visible()
    check_page(phone)
    effort = part.efforts.all()[0]
    assert (effort.status, effort.reason, effort.expected_kt) == ("behind", "De vergunning kwam laat.", 76)
    phone.reload()
    expect(phone.get_by_label("Wat is er gebeurd?")).to_have_value("De vergunning kwam laat.")


def test_without_script_everything_can_be_answered(without_script: Page, contract: Contract) -> None:
    opened()
    part = contract.part(1)
    without_script.goto(link(part, "1/"))
    answer(without_script, "Gestopt", reason="Het geld was op.", expected_kt="0")
    expect(without_script.get_by_text("2 van 3")).to_be_visible()
    effort = part.efforts.all()[0]
    assert (effort.status, effort.expected_kt) == ("stopped", 0)


def test_what_is_not_right_is_said_at_the_top_and_takes_focus(
    page: Page, check_page: Any, contract: Contract
) -> None:
    opened()
    page.goto(link(contract.part(1), "1/"))
    answer(page, "Gestopt", expected_kt="veertig")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("[name=expected_kt]")).to_have_value("veertig")
    check_page(page)


def test_pages_of_city_and_coordinator_pass(
    page: Page, phone: Page, login_as: Any, check_page: Any, contract: Contract
) -> None:
    opened(YEAR - 1)
    before = contract.part(1, YEAR - 1)
    hand_in(before, link_actor(before), [Answer("blocked", obstacle="Het net is vol.", expected_kt=Decimal(90))])
    opened()
    part = contract.part(1)
    base = f"/klimaatcontracten/{contract.record.public_id}/herijking/{YEAR}/"
    login_as(page, contract.team())
    own = f"deel/{contract.part(0).public_id}/"
    for path in ("", "indienen/", f"deel/{part.public_id}/partij/", own, f"{own}tabel/", "../../geblokkeerd/"):
        page.goto(base + path)
        check_page(page)
    login_as(phone, Cast().person("coordinator").user)
    for path in (
        "",
        f"{YEAR}/",
        f"{YEAR}/?weergave=tabel&hulp=1",
        f"{YEAR}/sluiten/",
        f"{YEAR}/zonder-adres/",
        "beleid/nieuw/",
    ):
        phone.goto(f"/klimaatcontracten/herijkingen/{path}")
        check_page(phone)
    for path in (link(part, "1/"), "/herijking/onzin/"):
        phone.goto(path)
        check_page(phone)


def test_an_obstacle_that_is_known_already_appears_while_it_is_typed(
    phone: Page, check_page: Any, contract: Contract
) -> None:
    opened()
    known = Bottleneck.objects.create(
        organisation=make_city(), title="Netcongestie op bedrijventerreinen", state="open", sharing="published"
    )
    phone.goto(link(contract.part(1), "1/"))
    phone.get_by_label("Geblokkeerd", exact=True).check()
    phone.get_by_label("Wat blokkeert het?").fill("Er is netcongestie op ons terrein.")
    expect(phone.get_by_role("link", name=known.title)).to_be_visible()
    check_page(phone)


def test_what_goes_faster_elsewhere_is_taken_over_without_script(
    page: Page, without_script: Page, login_as: Any, check_page: Any, contract: Contract
) -> None:
    ahead = make_contract(title="Klimaatcontract Voorop", parties=2, actions=2, commitments=0)
    opened(YEAR - 1)
    part = ahead.part(1, YEAR - 1)
    hand_in(part, link_actor(part), [Answer("ahead", reason="De levering kwam eerder.", expected_kt=Decimal(130))])
    close_round(year=YEAR - 1, actor=system())
    jobs.run_all_here("contracts.close_round")
    opened()
    team = contract.team()
    login_as(page, team)
    page.goto(contract.review().get_absolute_url())
    expect(page.get_by_role("heading", name="Wat elders sneller gaat")).to_be_visible()
    check_page(page)
    login_as(without_script, team)
    without_script.goto(contract.review().get_absolute_url())
    without_script.get_by_role("button", name="Overnemen als conceptactie").click()
    expect(without_script.get_by_text("staat nu in conceptversie 2")).to_be_visible()
    expect(without_script.get_by_role("heading", name="Wat elders sneller gaat")).to_be_hidden()
