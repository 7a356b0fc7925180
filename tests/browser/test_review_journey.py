"""The yearly review from start to finish on the published figures, as its people walk it, with axe on each page.

A coordinator opens the round, the work is done, the team of Eindhoven answers for its city, a party without an
account answers by the link in its mail, the city hands in, the coordinator closes, everybody reads the reflection.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from activities.models import Lesson
from cities.models import Bottleneck, Municipality
from cities.services.reference import load_reference as load_cities
from contracts.demo.published import load_published
from contracts.models import AnnualReview, ClimateContract, ReviewRound
from contracts.services.reference import load_reference
from governance.models import User
from governance.models.membership import Function
from nss_portal.core import jobs
from nss_portal.core.models import OutgoingMail
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_user

YEAR = 2025
EINDHOVEN = "GM0772"


@pytest.fixture
def coordinator(transactional_db) -> User:
    """The four published contracts, and somebody who coordinates."""
    load_cities()
    load_reference()
    load_published("small", 1)
    return Cast().person("coordinator").user


@pytest.fixture
def team(coordinator: User) -> User:
    """Somebody who leads the transition team of Eindhoven."""
    user = make_user(name="Transitieteam Eindhoven")
    join(user, Municipality.objects.get(code=EINDHOVEN).organisation, Function.TEAM, is_lead=True)
    return user


@pytest.fixture
def narrow(new_page):
    """Open a phone."""
    return lambda: new_page(viewport={"width": 390, "height": 844}, has_touch=True)


def answer(page: Page, status: str, **texts: str) -> None:
    """Choose how it stands, fill in what that asks for, and go on."""
    page.get_by_role("radio", name=status, exact=True).check()
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("main button[type=submit].button--primary").click()


def opens(desk: Page, check_page) -> None:
    """The coordinator opens the round; the work is done as the worker does it."""
    desk.goto("/klimaatcontracten/herijkingen/")
    check_page(desk)
    desk.get_by_label("Jaar waarop we terugkijken").fill(str(YEAR))
    desk.get_by_label("Laatste dag om te antwoorden").fill((today() + timedelta(days=60)).isoformat())
    desk.get_by_role("button", name="Verder").click()
    check_page(desk)
    desk.locator("main button[type=submit]").click()
    jobs.run_all_here()
    desk.goto(f"/klimaatcontracten/herijkingen/{YEAR}/")
    expect(desk.get_by_text("Klimaatcontract Eindhoven en Helmond").first).to_be_visible()
    check_page(desk, dark=True)
    assert AnnualReview.objects.filter(round__year=YEAR).count() == ClimateContract.objects.count() == 4


def city_answers(phone: Page, check_page) -> None:
    """The team finds its part in 'my work', is told what is missing, and hands it in."""
    phone.goto("/")
    check_page(phone)
    phone.get_by_role("main").locator("a.button", has_text=re.compile("nvullen|eginnen")).first.click()
    phone.get_by_role("link", name="Beginnen").click()
    check_page(phone)
    phone.get_by_role("radio", name="Geblokkeerd").check()
    phone.locator("main button[type=submit].button--primary").click()
    expect(phone.locator(".error-summary")).to_be_focused()
    check_page(phone)
    answer(phone, "Geblokkeerd", obstacle="De netaansluiting komt pas in 2029.")
    answer(phone, "Achter", reason="Niemand schreef zich in.", learned="Vraag eerst drie bedrijven.")
    check_page(phone)
    phone.get_by_role("button", name="Dit deel indienen").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Dank je wel, jullie deel is binnen")
    check_page(phone)
    assert Bottleneck.objects.get(title__contains="netaansluiting komt pas").state == "draft"
    assert Lesson.objects.get(what_worked__contains="eerst drie bedrijven").state == "draft"


def party_answers(phone: Page, check_page) -> str:
    """A party without an account answers by the link in its mail; gives the link."""
    mail = OutgoingMail.objects.get(recipient="woningcorporaties@eindhoven.example")
    found = re.search(r"https?://[^/]+(/herijking/\S+)", mail.text)
    assert found is not None
    phone.goto(found.group(1))
    check_page(phone)
    phone.get_by_role("link", name="Beginnen").click()
    check_page(phone)
    answer(phone, "Meer dan beloofd", reason="De rente daalde.", expected_kt="125,5")
    phone.get_by_role("button", name="Dit deel indienen").click()
    check_page(phone)
    return found.group(1)


def city_hands_in(phone: Page, check_page) -> None:
    """The city hands in for the whole contract, knowing which parties did not answer."""
    review = AnnualReview.objects.get(contract__title__contains="Eindhoven")
    phone.goto(f"{review.get_absolute_url()}indienen/")
    check_page(phone)
    phone.get_by_role("checkbox").check()
    phone.get_by_role("button", name="Herijking indienen").click()
    check_page(phone)
    review.refresh_from_db()
    assert review.state == "submitted"


def closes(desk: Page, check_page) -> None:
    """The coordinator closes the round."""
    desk.goto(f"/klimaatcontracten/herijkingen/{YEAR}/sluiten/")
    check_page(desk)
    desk.get_by_role("button", name="Ronde sluiten").click()
    jobs.run_all_here()
    assert ReviewRound.objects.get(year=YEAR).state == "closed"


def test_a_round_from_start_to_finish(page, new_page, narrow, check_page, login_as, coordinator, team):
    desk, phone, stranger = login_as(page, coordinator), login_as(narrow(), team), narrow()
    opens(desk, check_page)
    city_answers(phone, check_page)
    link = party_answers(stranger, check_page)
    city_hands_in(phone, check_page)
    closes(desk, check_page)
    stranger.goto(link)
    check_page(stranger)
    visitor = new_page()
    visitor.goto(f"/rapporten/nationale-reflectie/{YEAR}/")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text(str(YEAR))
    check_page(visitor, dark=True)
