"""The pages about tasks and mail, and a task's progress, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from governance.models import User
from nss_portal.core.mail.mailbox import NAME
from nss_portal.core.models import Job, MailboxMessage, OutgoingMail, SuppressedAddress
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
Login = Callable[[Page, Any], Page]
Check = Callable[..., None]


@pytest.fixture
def coordinator() -> User:
    """A coordinator, and something of everything to look at."""
    for number, state in enumerate(("running", "failed", "queued", "done")):
        Job.objects.create(
            kind="contracts.open_round",
            key=state,
            title=f"Ronde {2021 + number} openen",
            state=state,
            attempts=1,
            progress_done=40,
            progress_total=120,
            last_error="KeyError (reflection.py:12 totals)",
            actor_label="Coördinatieteam",
        )
    for state in ("uncertain", "failed", "sent", "suppressed"):
        OutgoingMail.objects.create(
            key=state,
            message_id=f"<{state}@nss.example>",
            recipient=f"een.vrij.lange.naam.{state}@klimaatneutrale-gemeente.example",
            subject="Herijking 2025: jullie inzet bijwerken",
            state=state,
        )
    SuppressedAddress.objects.create(address="weg@gemeente.example", reason="uit dienst", by_label="Coördinatie")
    user = Cast().person("coordinator").user
    assert isinstance(user, User)
    return user


@pytest.mark.parametrize("path", ["/beheer/taken/", "/beheer/post/", "/beheer/post/adressen/"])
def test_lists(page: Page, phone: Page, login_as: Login, check_page: Check, coordinator: User, path: str) -> None:
    for window in (page, phone):
        login_as(window, coordinator).goto(path)
        check_page(window)


def test_records(page: Page, phone: Page, login_as: Login, check_page: Check, coordinator: User) -> None:
    paths = [f"/beheer/taken/{job.public_id}/" for job in Job.objects.all()]
    paths += [f"/beheer/post/{mail.public_id}/" for mail in OutgoingMail.objects.all()]
    login_as(page, coordinator)
    login_as(phone, coordinator)
    for path in paths:
        page.goto(path)
        check_page(page)
    for path in (paths[0], paths[-1]):
        phone.goto(path)
        check_page(phone)


def test_an_uncertain_mail_is_found_and_noted_as_arrived(
    page: Page, login_as: Login, check_page: Check, coordinator: User
) -> None:
    login_as(page, coordinator).goto("/beheer/post/")
    page.get_by_role("link", name="Bekijk deze mails").click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("button", name="De mail is aangekomen").click()
    expect(page.get_by_text("Genoteerd: de mail is aangekomen.")).to_be_visible()
    expect(page.get_by_text("noteerde dat de mail is aangekomen")).to_be_visible()
    check_page(page)


def test_a_wrong_address_is_said_at_the_top_and_at_the_field(
    page: Page, login_as: Login, check_page: Check, coordinator: User
) -> None:
    login_as(page, coordinator).goto("/beheer/post/adressen/")
    page.get_by_label("E-mailadres").fill("geen adres")
    page.get_by_label("Reden").fill("uit dienst")
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.get_by_role("button", name="Dit adres niet meer mailen").click()
    expect(page.get_by_label("Reden")).to_have_value("uit dienst")
    check_page(page)


def test_progress_renews_itself_until_it_is_done(
    page: Page, login_as: Login, check_page: Check, coordinator: User
) -> None:
    job = Job.objects.get(state="running")
    login_as(page, coordinator).goto(f"/beheer/taken/{job.public_id}/")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    Job.objects.filter(pk=job.pk).update(progress_done=80)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "80")
    check_page(page)
    Job.objects.filter(pk=job.pk).update(state="done")
    expect(page.get_by_text(f"Klaar: {job.title}")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    check_page(page)


def test_progress_without_script_is_one_click_away(
    without_script: Page, login_as: Login, coordinator: User
) -> None:
    job = Job.objects.get(state="running")
    login_as(without_script, coordinator).goto(f"/beheer/taken/{job.public_id}/")
    without_script.get_by_role("link", name="Bekijk hoe ver het is").click()
    expect(without_script.get_by_role("heading", level=1)).to_have_text(job.title)
    expect(without_script.get_by_role("progressbar")).to_have_attribute("value", "40")


def test_the_mailbox(page: Page, phone: Page, check_page: Check, settings: Settings, live_server: Any) -> None:
    settings.EMAIL_BACKEND, settings.NSS_MAIL_LANDS_HERE = NAME, True
    link = f"{live_server.url}/privacy/"
    text = f"Beste collega,\n\nDe herijking is open.\n\n{link}\n"
    MailboxMessage.objects.create(message_id="<a@b>", recipient="a@b.example", subject="Herijking", text=text)
    for window in (page, phone):
        window.goto("/demo/post/")
        check_page(window)
        window.get_by_role("link", name="Herijking").click()
        check_page(window)
    page.get_by_role("link", name=link).click()
    expect(page).to_have_url(link)
