"""Contributions in a real browser: pledged with a mistake, confirmed in one click, read on a phone."""

import pytest
from playwright.sync_api import expect

from nss_portal.core.time import today
from tests.access.cast import Cast
from tests.governance.matrix_contributions import make_contribution

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_year_is_pledged_and_the_last_one_confirmed(page, new_page, login_as, check_page):
    person, this = Cast().person("team", leads=True), today().year
    make_contribution(person.own, this - 1, sharing="published")
    there = f"/sturing/bijdragen/{person.own.public_id}/"
    login_as(page, person.user).goto(there)
    check_page(page)
    page.get_by_role("link", name=f"{this - 1} bevestigen (1 minuut)").click()
    check_page(page)
    page.get_by_role("button", name="Ja, zoals toegezegd").click()
    expect(page.get_by_text("Dank je wel, dat was het")).to_be_visible()
    page.get_by_role("link", name=f"Toezegging doen voor {this}", exact=True).click()
    page.get_by_role("button", name="Dit toezeggen").click()
    expect(page.get_by_role("alert").first).to_contain_text("Vul euro’s, uren of iets in natura in")
    check_page(page)
    page.get_by_label("Uren").fill("120")
    page.get_by_label("Iedereen").check()
    page.get_by_role("button", name="Dit toezeggen").click()
    expect(page.get_by_role("row", name=str(this)).first).to_contain_text("120 uur")
    check_page(page, dark=True)
    visitor = new_page(viewport={"width": 390, "height": 844})
    visitor.goto("/sturing/bijdragen/")
    expect(visitor.get_by_role("link", name=person.own.name).first).to_be_visible()
    check_page(visitor)
