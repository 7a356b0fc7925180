"""Find a date in a real browser, without script where people answer: offered, asked, answered, chosen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from activities.models import Activity, DatePoll
from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.activities.matrix_activity import make_activity

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_moments_to_a_date(page, new_page, without_script, login_as, check_page):
    cast = Cast()
    lead, guest = cast.person("team"), cast.person("ministry")
    activity = make_activity(lead.own, "planned", starts_at=None)
    login_as(page, lead.user).goto(activity.get_absolute_url())
    page.get_by_role("link", name="Samen een datum prikken").click()
    check_page(page)
    for number in (0, 1):
        page.locator(f"[name=m-{number}-day]").fill((today() + timedelta(days=20 + number)).isoformat())
        page.locator(f"[name=m-{number}-begins]").fill("10:00")
        page.locator(f"[name=m-{number}-ends]").fill("12:00")
    page.get_by_label("Laatste dag om te antwoorden").fill((today() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Meer momenten").click()
    expect(page.get_by_text("Moment 8")).to_be_visible()
    page.get_by_role("button", name="Bewaren en kiezen wie je vraagt").click()
    page.get_by_label("Zoek mensen en organisaties").fill(guest.user.name)
    page.get_by_role("button", name="Zoek", exact=True).click()
    check_page(page)
    page.get_by_label(guest.user.name).check()
    page.get_by_role("button", name="Vraag ze").click()
    expect(page.get_by_text("nog geen antwoord")).to_be_visible()
    poll = DatePoll.objects.get()
    login_as(without_script, guest.user).goto("/")
    without_script.get_by_role("link", name="Geef aan wanneer je kunt").first.click()
    without_script.get_by_label("nee").nth(0).check()
    without_script.get_by_label("ja", exact=True).nth(1).check()
    without_script.get_by_role("button", name="Mijn antwoord versturen").click()
    expect(without_script.get_by_text("Je antwoord is bewaard")).to_be_visible()
    phone = login_as(new_page(viewport={"width": 390, "height": 844}), guest.user)
    phone.goto(poll.get_absolute_url())
    check_page(phone, dark=True)
    page.goto(poll.get_absolute_url())
    check_page(page)
    page.get_by_role("link", name="Kies").nth(1).click()
    check_page(page)
    page.get_by_role("button", name="Kies dit moment").click()
    expect(page.get_by_text("De datum is gekozen")).to_be_visible()
    page.get_by_role("link", name="1 deelnemer").click()
    check_page(page)
    page.get_by_role("link", name="Mensen uitnodigen").click()
    check_page(page)
    assert Activity.objects.get().sessions.count() == 1
