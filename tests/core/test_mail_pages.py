"""The pages about mail, and the mailbox of the demonstration."""

import pytest
from django.core import mail as outbox
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from governance.models import User
from nss_portal.core import jobs
from nss_portal.core.mail import queue_mail, send
from nss_portal.core.mail.mailbox import NAME
from nss_portal.core.models import AuditEvent, MailboxMessage, OutgoingMail, SuppressedAddress
from tests.access.cast import Cast

pytestmark = pytest.mark.django_db
LIST = "/beheer/post/"
BOX = "/demo/post/"


@pytest.fixture
def coordinator(client: Client) -> User:
    """A coordinator, logged in."""
    user = Cast().person("coordinator").user
    client.force_login(user)
    return user


def make_mail(key: str, state: str = "sent", **values: str) -> OutgoingMail:
    fields = {
        "recipient": f"{key}@eindhoven.example",
        "subject": f"Onderwerp {key}",
        "text": "geheime link",
    } | values
    return OutgoingMail.objects.create(key=key, message_id=f"<{key}@x>", state=state, **fields)


def test_what_asks_for_a_decision_comes_first(coordinator: User, client: Client) -> None:
    order = ("uncertain", "failed", "suppressed", "queued", "sent")
    for state in ("sent", "failed", "uncertain", "queued", "suppressed"):
        make_mail(state, state)
    text = client.get(LIST).content.decode()
    places = [text.index(f"Onderwerp {state}") for state in order]
    assert places == sorted(places)
    assert "Van 1 mail is onzeker" in text


def test_the_list_is_narrowed_by_its_address(coordinator: User, client: Client) -> None:
    make_mail("a", "failed")
    make_mail("b")
    assert "Onderwerp b" not in client.get(LIST + "?stand=failed").content.decode()
    assert "Onderwerp a" not in client.get(LIST + "?aan=B@eind").content.decode()
    assert "Hier is geen mail" in client.get(LIST + "?aan=nobody").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    coordinator: User, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        make_mail(str(number), "uncertain")
    with django_assert_num_queries(7):
        client.get(LIST)


def test_the_text_of_a_mail_is_its_readers(coordinator: User, client: Client) -> None:
    mail = make_mail("a", "uncertain", last_error="afgebroken")
    for url in (LIST, f"{LIST}{mail.public_id}/"):
        text = client.get(url).content.decode()
        assert "Onderwerp a" in text
        assert "afgebroken" in text
        assert "geheime link" not in text


@pytest.mark.parametrize(("state", "steps"), [("uncertain", 2), ("failed", 1), ("suppressed", 1), ("sent", 0)])
def test_only_what_can_be_done_is_offered(coordinator: User, client: Client, state: str, steps: int) -> None:
    mail = make_mail("a", state)
    text = client.get(f"{LIST}{mail.public_id}/").content.decode()
    assert sum(f"{mail.public_id}/{step}/" in text for step in ("opnieuw", "aangekomen")) == steps


def test_an_uncertain_mail_is_sent_again(coordinator: User, client: Client) -> None:
    mail = make_mail("a", "uncertain")
    response = client.post(f"{LIST}{mail.public_id}/opnieuw/", follow=True)
    assert "wordt opnieuw verstuurd" in response.content.decode()
    assert "verstuurde de mail opnieuw" in response.content.decode()
    jobs.run_all_here()
    assert len(outbox.outbox) == 1
    again = client.post(f"{LIST}{mail.public_id}/opnieuw/", follow=True)
    assert "intussen veranderd" in again.content.decode()


def test_an_uncertain_mail_has_arrived(coordinator: User, client: Client) -> None:
    mail = make_mail("a", "uncertain")
    client.post(f"{LIST}{mail.public_id}/aangekomen/")
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert AuditEvent.objects.filter(actor=coordinator, event="state").count() == 1


@pytest.mark.parametrize("role", ["member", "team", "ministry", "steering", "publisher"])
def test_for_others_the_pages_do_not_exist(client: Client, role: str) -> None:
    client.force_login(Cast().person(role, leads=True).user)
    mail = make_mail("a", "uncertain")
    suppressed = SuppressedAddress.objects.create(address="a@b.example", reason="x", by_label="x")
    for url in (LIST, f"{LIST}{mail.public_id}/", f"{LIST}adressen/"):
        assert client.get(url).status_code == 404
    for url in (
        f"{LIST}{mail.public_id}/opnieuw/",
        f"{LIST}{mail.public_id}/aangekomen/",
        f"{LIST}adressen/",
        f"{LIST}adressen/{suppressed.pk}/weer-mailen/",
    ):
        assert client.post(url, {"address": "c@d.example", "reason": "x"}).status_code == 404
    mail.refresh_from_db()
    assert mail.state == "uncertain"
    assert SuppressedAddress.objects.count() == 1


def test_an_address_is_put_on_the_list_and_taken_off(coordinator: User, client: Client) -> None:
    url = f"{LIST}adressen/"
    assert "Alle adressen krijgen mail" in client.get(url).content.decode()
    client.post(url, {"address": "weg@gemeente.example", "reason": "uit dienst"})
    text = client.get(url).content.decode()
    assert "weg@gemeente.example" in text
    assert "uit dienst" in text
    response = client.post(f"{url}{SuppressedAddress.objects.get().pk}/weer-mailen/", follow=True)
    assert "krijgt weer mail" in response.content.decode()
    assert not SuppressedAddress.objects.exists()


def test_a_wrong_address_keeps_what_was_typed(coordinator: User, client: Client) -> None:
    response = client.post(f"{LIST}adressen/", {"address": "geen adres", "reason": "uit dienst"})
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="geen adres"' in text
    assert 'value="uit dienst"' in text
    assert not SuppressedAddress.objects.exists()


# The mailbox of the demonstration


@pytest.fixture
def mailbox(settings: Settings) -> None:
    """Demo mode without a mail server."""
    settings.EMAIL_BACKEND, settings.NSS_DEMO, settings.NSS_MAIL_LANDS_HERE = NAME, True, True
    send.close_post()


def write(key: str = "one", **values: str) -> None:
    texts = {
        "to": "team@eindhoven.example",
        "subject": "Jullie herijking",
        "body": "Ga naar http://127.0.0.1:8000/klimaatcontracten/ <b>nu</b>",
    }
    queue_mail(key=key, **(texts | values))
    jobs.run_all_here()


def test_a_mail_lands_and_its_links_work(mailbox: None, client: Client) -> None:
    write()
    message = MailboxMessage.objects.get()
    assert OutgoingMail.objects.get().state == "sent"
    assert message.message_id == OutgoingMail.objects.get().message_id
    assert "Jullie herijking" in client.get(BOX).content.decode()
    text = client.get(f"{BOX}{message.public_id}/").content.decode()
    assert '<a href="http://127.0.0.1:8000/klimaatcontracten/"' in text
    assert "&lt;b&gt;nu&lt;/b&gt;" in text
    assert "team@eindhoven.example" in text


def test_the_mailbox_of_one_address(mailbox: None, client: Client) -> None:
    write("a")
    write("b", to="team@helmond.example", subject="Iets anders")
    text = client.get(BOX + "?aan=helmond").content.decode()
    assert "Iets anders" in text
    assert "Jullie herijking" not in text


def test_an_empty_mailbox_says_what_fills_it(mailbox: None, client: Client) -> None:
    assert "Nog geen mail" in client.get(BOX).content.decode()


@pytest.mark.parametrize("setting", ["NSS_DEMO", "NSS_MAIL_LANDS_HERE"])
def test_elsewhere_there_is_no_mailbox(mailbox: None, client: Client, settings: Settings, setting: str) -> None:
    write()
    setattr(settings, setting, False)
    assert client.get(BOX).status_code == 404
    assert client.get(f"{BOX}{MailboxMessage.objects.get().public_id}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_mailboxs_queries_do_not_grow(
    mailbox: None, client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        write(str(number))
    with django_assert_num_queries(2):
        client.get(BOX)
