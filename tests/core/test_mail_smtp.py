"""Handing mails to a real mail server: what it says decides what becomes of them."""

from collections.abc import Iterator
from email.message import Message

import pytest
from pytest_django import Settings

from nss_portal.core import jobs
from nss_portal.core.mail import queue_mail, send
from nss_portal.core.models import Job, OutgoingMail, SuppressedAddress
from tests.core.smtp import Server, Sink, free_port

pytestmark = pytest.mark.django_db
ADDRESS = "team@eindhoven.example"


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """A mail server that the portal is set to use."""
    server = Server(Sink())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    send.close_post()
    yield server.sink
    send.close_post()
    server.stop()


def write(key: str = "one", **values: str) -> OutgoingMail:
    texts = {"to": ADDRESS, "subject": "Herijking 2027: CO₂ daalt", "body": "De herijking is open."} | values
    return queue_mail(key=key, **texts)


def sent(mail: OutgoingMail) -> OutgoingMail:
    """Try to send, and read the mail again."""
    for job in Job.objects.filter(state="queued"):
        jobs.run_here(job)
    mail.refresh_from_db()
    return mail


def test_a_mail_arrives_whole(sink: Sink) -> None:
    mail = sent(write(body="Beste collega’s,\n.een punt vooraan\nCO₂", html="<p>CO₂</p>"))
    assert mail.state == "sent"
    assert sink.recipients == [ADDRESS]
    message = sink.taken[0]
    assert message["Message-ID"] == mail.message_id
    assert message["To"] == ADDRESS
    plain, html = message.get_payload()
    text = plain.get_payload(decode=True).decode().replace("\r\n", "\n")
    assert text == mail.text
    assert "<p>CO₂</p>" in html.get_payload(decode=True).decode()


def test_mails_after_each_other_share_a_connection(sink: Sink) -> None:
    mails = [write(str(number)) for number in range(5)]
    jobs.run_all_here()
    assert len({message["Message-ID"] for message in sink.taken}) == len(mails)
    assert sink.connections == 1


def test_an_address_with_an_international_domain_is_mailed(sink: Sink) -> None:
    assert sent(write(to="team@coöperatie.example")).state == "sent"
    assert sink.recipients == ["team@xn--coperatie-17a.example"]


def test_a_server_that_is_away_leaves_no_doubt(sink: Sink, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()
    mail = sent(write())
    assert (mail.state, mail.attempts) == ("queued", 0)
    assert mail.last_error == "mail server not reached: Connection refused"
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("queued", 1)
    assert sink.taken == []


@pytest.mark.parametrize("reply", ["450 4.2.0 greylisted", "421 4.7.0 too much"])
def test_a_passing_refusal_is_tried_again(sink: Sink, reply: str) -> None:
    sink.on_rcpt = lambda address: reply
    mail = sent(write())
    assert (mail.state, mail.attempts) == ("queued", 1)
    assert reply[:3] in mail.last_error
    sink.on_rcpt = lambda address: "250 OK"
    assert (sent(mail).state, mail.attempts) == ("sent", 2)
    assert len(sink.taken) == 1


def test_a_passing_refusal_of_the_content_is_tried_again(sink: Sink) -> None:
    sink.on_data = lambda message: "451 4.3.0 try later"
    assert sent(write()).state == "queued"


def test_refused_for_days_it_is_given_up_and_shown(sink: Sink) -> None:
    sink.on_rcpt = lambda address: "450 4.2.0 greylisted"
    mail = write()
    for _try in range(20):
        sent(mail)
    assert (mail.state, mail.attempts) == ("failed", len(send.RETRIES) + 1)
    assert "greylisted" in mail.last_error
    assert Job.objects.get().state == "failed"


def test_a_lasting_refusal_fails_at_once(sink: Sink) -> None:
    sink.on_data = lambda message: "554 5.7.1 looks like advertising"
    mail = sent(write())
    assert (mail.state, mail.attempts) == ("failed", 1)
    assert "5.7.1" in mail.last_error
    assert Job.objects.get().state == "done"
    assert not SuppressedAddress.objects.exists()


def test_an_address_that_does_not_exist_is_mailed_no_more(sink: Sink) -> None:
    sink.on_rcpt = lambda address: "550 5.1.1 no such user"
    assert sent(write()).state == "failed"
    suppressed = SuppressedAddress.objects.get()
    assert suppressed.address == ADDRESS
    assert "5.1.1" in suppressed.reason
    assert write("next").state == "suppressed"


def test_a_refusal_does_not_hold_up_the_next_mail(sink: Sink) -> None:
    sink.on_rcpt = lambda address: "550 5.7.0 no" if address == ADDRESS else "250 OK"
    first, second = write("first"), write("second", to="helmond@helmond.example")
    jobs.run_all_here()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "sent")


def test_a_connection_lost_before_the_content_leaves_no_doubt(sink: Sink) -> None:
    sink.on_rcpt = lambda address: None
    mail = sent(write())
    assert mail.state == "queued"
    assert sink.taken == []


def test_a_connection_lost_after_the_content_leaves_it_open(sink: Sink) -> None:
    """The server took the mail, but its answer never came."""
    sink.on_data = lambda message: None
    mail = sent(write())
    assert mail.state == "uncertain"
    assert len(sink.taken) == 1
    assert sent(mail).state == "uncertain"
    assert len(sink.taken) == 1


def test_a_wrong_password_says_nothing_of_it(sink: Sink, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portaal", "hunter2"
    mail = sent(write())
    assert mail.state == "queued"
    assert "hunter2" not in mail.last_error + Job.objects.get().last_error


def test_what_the_server_sees_of_a_subject_is_one_header(sink: Sink) -> None:
    sent(write(subject="Rapport\r\nBcc: iedereen@voorbeeld.example\r\n\r\nHallo"))
    message: Message = sink.taken[0]
    assert message["Bcc"] is None
    assert sink.recipients == [ADDRESS]
