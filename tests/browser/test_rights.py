"""Rights in a browser: an organisation arrives, a lead looks at its accounts, somebody breaks the glass."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from governance.models import SignUp
from governance.services import sign_up as services
from governance.services.rights_review import open_round
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_organisation_arrives_and_is_invited(page, new_page, login_as, check_page):
    cache.clear()
    cast = Cast()
    page.goto("/account/inloggen/")
    page.get_by_role("link", name="Doet er nog niemand").click()
    page.get_by_label("Organisatie", exact=True).select_option("new")
    page.get_by_label("Naam, als de organisatie").fill("Warmte Coöperatie")
    page.get_by_label("Wat voor organisatie").select_option("company")
    page.get_by_label("Naam", exact=True).fill("Een medewerker")
    page.get_by_label("Functie").fill("Adviseur")
    page.get_by_label("E-mailadres op het werk").fill("iemand@gmail.com")
    page.get_by_label("Wat wil de organisatie").fill("Wij leggen warmtenetten aan.")
    page.get_by_role("button", name="versturen").click()
    expect(page.get_by_text("Iedereen kan een adres bij gmail.com").first).to_be_visible()
    check_page(page)
    page.get_by_label("E-mailadres op het werk").fill("iemand@warmte.example")
    page.get_by_role("button", name="versturen").click()
    check_page(page)
    request = SignUp.objects.get()
    page.goto(f"/sturing/organisaties/meedoen/link/{services.link_token(request)}/")
    check_page(page)
    page.get_by_role("button", name="Ja, adres bevestigen").click()
    coordinator = login_as(new_page(), cast.person("coordinator").user)
    coordinator.goto("/sturing/organisaties/aanvragen/")
    check_page(coordinator)
    coordinator.get_by_role("link", name="Beslis").click()
    check_page(coordinator, dark=True)
    coordinator.get_by_role("button", name="Bevestigen en uitnodigen").click()
    expect(coordinator.get_by_text("De uitnodiging voor iemand@warmte.example")).to_be_visible()


def test_a_lead_looks_and_the_steering_group_breaks_the_glass(page, new_page, login_as, check_page):
    cast = Cast()
    lead = cast.person("partner", leads=True)
    for number in (1, 2):
        join(make_user(name=f"Collega {number}"), lead.own)
    open_round(opened_on=today(), due_on=today() + timedelta(days=30))
    login_as(page, lead.user).goto(f"/sturing/organisaties/{lead.own.public_id}/rechten/")
    check_page(page)
    page.get_by_role("button", name=re.compile("Klopt nog.*Collega 1")).click()
    expect(page.get_by_text("1 account klopt nog.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Klopt nog.*Collega 2")).click()
    expect(page.get_by_text("rondde het af")).to_be_visible()
    steering = login_as(new_page(), cast.person("steering").user)
    steering.goto("/sturing/noodtoegang/")
    check_page(steering)
    steering.get_by_label("E-mailadres van de persoon").fill(lead.user.email)
    steering.get_by_label("Waarom kan geen").fill("Het hele team is ziek")
    steering.get_by_role("button", name="De rol voor deze uren geven").click()
    check_page(steering)
    page.goto("/sturing/rechten/")
    check_page(page)
    page.goto("/sturing/noodtoegang/")
    page.get_by_role("button", name="Nu beëindigen").click()
    expect(page.get_by_text("De noodrol is beëindigd.")).to_be_visible()
