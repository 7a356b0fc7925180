"""One act confirmed with a passkey at that moment: signing, withdrawing, the emergency role."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from playwright.sync_api import Page, expect

from contracts.models import Signature
from contracts.services.signing.rows import ensure_rows
from governance.models import EmergencyRole
from tests.access.cast import Cast
from tests.browser.passkeys import with_passkey
from tests.contracts.make import fix, make_contract, make_party, make_version

pytestmark = pytest.mark.django_db(transaction=True)
NO_PASSKEY = "Er kwam geen passkey. Probeer het nog eens, of kies een andere manier."


@pytest.fixture(autouse=True)
def _second_factor(settings: Any) -> None:
    settings.NSS_SECOND_FACTOR = True
    cache.clear()


def recovery_code(page: Page) -> str:
    """Give the first code on the page that shows them once."""
    return page.locator("main code").first.inner_text()


def test_a_signatory_signs_and_withdraws_with_a_passkey(
    page: Page, without_script: Page, check_page: Callable[..., None], login_as: Any
) -> None:
    cast = Cast()
    lead, signatory = cast.person("team", leads=True), cast.person("signatory")
    draft = make_version(make_contract(lead.own))
    make_party(draft, signatory.own)
    version = fix(draft)
    row = next(row for row in ensure_rows(version) if row.organisation_id == signatory.own.pk)
    address = f"{version.get_absolute_url()}ondertekenen/{row.public_id}/"
    device = with_passkey(login_as(page, signatory.user))
    page.goto(address)
    check_page(page, dark=True)
    # The browser says what is not filled in before it asks for the passkey.
    page.get_by_role("button", name="Ondertekenen met je passkey").click()
    expect(page.get_by_label("Je functie")).to_be_focused()
    page.get_by_label("Je functie").fill("Directeur")
    page.get_by_label("Ik heb deze versie gelezen").check()
    device.knows_its_owner(False)
    page.get_by_role("button", name="Ondertekenen met je passkey").click()
    expect(page.get_by_role("alert")).to_have_text(NO_PASSKEY)
    expect(page.get_by_label("Je functie")).to_have_value("Directeur")
    device.knows_its_owner(True)
    page.get_by_role("button", name="Ondertekenen met je passkey").click()
    expect(page.get_by_text("Je hebt ondertekend voor")).to_be_visible()
    row.refresh_from_db()
    assert (row.state, row.confirmation, row.position) == ("signed", "passkey", "Directeur")
    # Without script the page says so and asks for a code.
    own = f"{address}zelf-terugtrekken/"
    login_as(without_script, signatory.user).goto(own)
    expect(without_script.get_by_text("Passkeys werken met JavaScript")).to_be_visible()
    expect(without_script.get_by_role("button", name="met je passkey")).to_be_hidden()
    page.goto(own)
    check_page(page, dark=True)
    page.get_by_label("Reden").fill("Wij gaan fuseren.")
    page.get_by_label("Mijn organisatie trekt zich terug").check()
    page.get_by_role("button", name="met de code").click()
    expect(page.get_by_role("alert")).to_contain_text("Typ een code, of gebruik een passkey.")
    expect(page.get_by_label("Reden")).to_have_value("Wij gaan fuseren.")
    check_page(page)
    page.get_by_role("button", name="met je passkey").click()
    expect(page.get_by_text("De terugtrekking is vastgelegd.")).to_be_visible()
    assert Signature.objects.get(pk=row.pk).is_withdrawn


def test_the_steering_group_gives_the_emergency_role_with_a_passkey(
    page: Page, check_page: Callable[..., None], login_as: Any
) -> None:
    cast = Cast()
    steering, somebody = cast.person("steering"), cast.person("partner").user
    TOTP.activate(somebody, generate_totp_secret())
    with_passkey(login_as(page, steering.user))
    code = recovery_code(page)
    page.goto("/sturing/noodtoegang/")
    check_page(page, dark=True)
    page.get_by_label("E-mailadres van de persoon").fill(somebody.email)
    page.get_by_label("Waarom kan geen").fill("Het hele team is ziek")
    # A passkey that the portal does not know, and then a code: the refused answer does not stand in its way.
    page.evaluate("document.querySelector('[name=credential]').value = '{\"id\": \"x\"}'")
    page.get_by_role("button", name="De rol geven met de code").click()
    expect(page.get_by_role("alert")).to_contain_text("Deze passkey is niet herkend.")
    expect(page.get_by_label("Waarom kan geen")).to_have_value("Het hele team is ziek")
    expect(page.locator("[name=credential]")).to_have_value("")
    check_page(page)
    page.get_by_label("Code van je tweede stap").fill(code)
    page.get_by_role("button", name="De rol geven met de code").click()
    page.get_by_role("button", name="Nu beëindigen").click()
    page.get_by_label("E-mailadres van de persoon").fill(somebody.email)
    page.get_by_label("Waarom kan geen").fill("Weer ziek")
    page.get_by_role("button", name="De rol geven met je passkey").click()
    expect(page.get_by_text("coördineert tot").first).to_be_visible()
    assert EmergencyRole.objects.count() == 2
