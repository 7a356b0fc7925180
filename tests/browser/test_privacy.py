"""One's own data in a real browser: a copy, being forgotten and taking that back; terms for everybody."""

import re

import pytest
from playwright.sync_api import expect

from governance.models import PrivacyRequest
from nss_portal.core import jobs
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_gets_a_copy_and_thinks_better_of_being_forgotten(page, login_as, check_page):
    person = Cast().person("member")
    login_as(page, person.user).goto("/account/")
    page.get_by_role("link", name="Je gegevens: een kopie").click()
    page.get_by_role("button", name="Maak een kopie").click()
    expect(page.get_by_text("We maken je kopie")).to_be_visible()
    jobs.run_all_here()
    page.reload()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download je kopie").click()
    assert re.fullmatch(r"mijn-gegevens-\d{4}-\d\d-\d\d\.zip", downloaded.value.suggested_filename)
    check_page(page)
    page.get_by_role("link", name="Lees wat vergeten betekent").click()
    check_page(page)
    page.get_by_role("button", name="Vergeet mij").click()
    expect(page.get_by_text("Je vroeg om vergeten te worden")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Ik blijf toch").click()
    expect(page.get_by_text("Er is niets veranderd")).to_be_visible()
    assert PrivacyRequest.objects.get(kind="erasure").state == "withdrawn"


def test_the_coordination_team_keeps_terms_and_exports(page, login_as, check_page):
    login_as(page, Cast().person("coordinator").user).goto("/beheer/bewaren/")
    page.get_by_role("link", name="Verzoek van iemand zonder account").click()
    check_page(page)
    page.get_by_label("vergeten worden").check()
    page.get_by_label("E-mailadres").fill("vrager@voorbeeld.example")
    page.get_by_label("Hoe ben je nagegaan").fill("Teruggebeld.")
    page.get_by_role("button", name="Uitvoeren").click()
    expect(page.get_by_role("cell", name="vrager@voorbeeld.example", exact=True)).to_be_visible()
    check_page(page, dark=True)
    page.get_by_role("link", name="Export voor het archief").click()
    check_page(page)
    page.goto("/privacy/bewaartermijnen/")
    check_page(page)
