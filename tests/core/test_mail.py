"""Writing mails: one row, one job and one Message-ID per key, in the portal's letter."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import transaction
from pytest_django import Settings

from nss_portal.core import jobs
from nss_portal.core.access import NotAllowed
from nss_portal.core.jobs import run
from nss_portal.core.jobs.handlers import handler_for
from nss_portal.core.mail import Mail, mend, queue_mail, queue_mails, send
from nss_portal.core.mail.suppression import allow_again, suppress
from nss_portal.core.models import AuditEvent, Job, OutgoingMail, SuppressedAddress
from nss_portal.core.workflow import TransitionRefused
from tests.access.cast import Cast, make_city, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "team@eindhoven.example"


@pytest.fixture(autouse=True)
def no_connection_left() -> Iterator[None]:
    """The worker's connection to the mail server belongs to one test."""
    send.close_post()
    yield
    send.close_post()


def write(key: str = "one", **values: str) -> OutgoingMail:
    texts = {"to": ADDRESS, "subject": "Herijking 2027", "body": "De herijking is open."} | values
    return queue_mail(key=key, **texts)


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_written_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        write()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_undone_leaves_no_mail() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert not Job.objects.exists()


def test_a_mail_goes_once_with_its_message_id() -> None:
    mail = write()
    assert jobs.run_all_here() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sending_by) == ("sent", 1, "")
    assert isinstance(mail.sent_at, datetime)
    assert [message.extra_headers["Message-ID"] for message in outbox.outbox] == [mail.message_id]
    assert outbox.outbox[0].to == [ADDRESS]
    assert outbox.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_same_key_twice_is_one_mail() -> None:
    first, second = write(subject="first"), write(subject="second")
    assert first.pk == second.pk
    assert second.subject == "first"
    assert jobs.run_all_here() == 1
    write()
    assert jobs.run_all_here() == 0
    assert len(outbox.outbox) == 1


def test_many_mails_leave_what_one_by_one_would(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    coordinator = Cast().person("coordinator").user
    suppress(address="weg@eindhoven.example", reason="asked for", actor=coordinator)
    earlier = write("2")
    mails = [
        Mail(key=str(n), to=to, subject=f"Herijking {n}", body="De herijking is open.", about=coordinator)
        for n, to in enumerate([ADDRESS, "Weg@Eindhoven.example", ADDRESS, ADDRESS])
    ]
    with django_assert_num_queries(5):
        rows = queue_mails([*mails, mails[0]])
    assert [row.key for row in rows] == ["0", "1", "2", "3", "0"]
    assert [row.state for row in rows] == ["queued", "suppressed", "queued", "queued", "queued"]
    assert rows[2].message_id == earlier.message_id, "the key was used before"
    assert rows[0].pk == rows[4].pk
    assert OutgoingMail.objects.count() == 4
    assert sorted(Job.objects.values_list("title", flat=True)) == ["Herijking 0", "Herijking 2027", "Herijking 3"]
    alone = write("alone", subject="Herijking 0", to=ADDRESS)
    same = ("recipient", "subject", "text", "html", "language", "state", "rounds")
    assert [getattr(rows[0], name) for name in same] == [getattr(alone, name) for name in same]
    assert (rows[0].about_type, rows[0].about_id) == ("governance.user", str(coordinator.pk))
    assert jobs.run_all_here() == 4
    assert len(outbox.outbox) == 4


def test_of_many_mails_with_one_wrong_address_none_is_written() -> None:
    mails = [Mail(key=to, to=to, subject="x", body="y") for to in (ADDRESS, "geen adres")]
    with pytest.raises(ValidationError):
        queue_mails(mails)
    assert not OutgoingMail.objects.exists()
    assert queue_mails([]) == []


def test_what_it_is_about_is_noted() -> None:
    city = make_city(name="Eindhoven")
    mail = queue_mail(key="one", to=ADDRESS, subject="x", body="y", about=city)
    assert (mail.about_type, mail.about_id, mail.about_label) == (
        "governance.organisation",
        str(city.pk),
        "Eindhoven",
    )


@pytest.mark.parametrize(
    ("language", "name"),
    [("nl", "Nationale Samenwerkingsstructuur"), ("en", "National Cooperation Structure")],
)
def test_the_letter_speaks_the_readers_language(language: str, name: str, settings: Settings) -> None:
    settings.NSS_BASE_URL = "https://portaal.example"
    mail = write(language=language, html="<p>De herijking is open.</p>")
    assert mail.text.startswith("De herijking is open.\n\n-- \n")
    assert name in mail.text
    assert mail.text.rstrip().endswith("https://portaal.example")
    assert f'<html lang="{language}">' in mail.html
    assert name in mail.html
    assert mail.message_id.endswith("@portaal.example>")
    jobs.run_all_here()
    assert name in str(outbox.outbox[0].from_email)
    assert outbox.outbox[0].alternatives[0].content == mail.html


def test_plain_text_stays_plain() -> None:
    mail = write(body="Kosten < 3 & baten > 2 'netto'")
    assert "Kosten < 3 & baten > 2 'netto'" in mail.text
    assert mail.html == ""


@pytest.mark.parametrize(
    "line", ["A\nBcc: x@y.example", "A\r\nBcc: x@y.example", "A\u2028Bcc: x@y.example", "A\x00\x0bB"]
)
def test_a_subject_adds_no_header(line: str) -> None:
    mail = write(subject=line)
    assert len(mail.subject.splitlines()) == 1
    assert mail.subject.isprintable()
    jobs.run_all_here()
    message = outbox.outbox[0].message()
    assert message["Bcc"] is None
    assert message["To"] == ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Naam <a@b.example>",
        "a@b.example\x00",
    ],
)
def test_an_address_is_one_address(address: str) -> None:
    with pytest.raises(ValidationError):
        write(to=address)
    assert not OutgoingMail.objects.exists()


def test_a_mail_left_by_a_dead_worker_is_uncertain_and_not_sent_again() -> None:
    mail = write()
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sending", attempts=1)
    jobs.run_all_here()
    mail.refresh_from_db()
    assert mail.state == "uncertain"
    assert mail.last_error
    assert outbox.outbox == []
    assert jobs.run_all_here() == 0


def test_a_mail_whose_job_is_given_up_is_shown() -> None:
    waiting, marked = write("a"), write("b")
    OutgoingMail.objects.filter(pk=marked.pk).update(state="sending")
    for mail in (waiting, marked):
        job = run.claim(Job.objects.get(key=f"{mail.public_id}.1").pk)
        assert job is not None
        run.give_up(job, handler_for(job.kind), "too often")
        mail.refresh_from_db()
    assert (waiting.state, marked.state) == ("failed", "uncertain")


def uncertain() -> OutgoingMail:
    mail = write()
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sending")
    jobs.run_all_here()
    mail.refresh_from_db()
    return mail


def test_a_coordinator_sends_an_uncertain_mail_again() -> None:
    coordinator, mail = Cast().person("coordinator").user, uncertain()
    mend.send_again(mail=mail, actor=coordinator)
    assert (mail.state, mail.rounds) == ("queued", 2)
    assert jobs.run_all_here() == 1
    mail.refresh_from_db()
    assert mail.state == "sent"
    assert outbox.outbox[0].extra_headers["Message-ID"] == mail.message_id
    assert AuditEvent.objects.filter(event="state", object_type="core.outgoingmail", actor=coordinator).exists()


def test_pressed_twice_it_is_sent_again_once() -> None:
    coordinator, mail = Cast().person("coordinator").user, uncertain()
    mend.send_again(mail=mail, actor=coordinator)
    with pytest.raises(TransitionRefused):
        mend.send_again(mail=mail, actor=coordinator)
    jobs.run_all_here()
    assert len(outbox.outbox) == 1


def test_the_job_of_an_earlier_round_leaves_the_mail_alone() -> None:
    coordinator, mail = Cast().person("coordinator").user, uncertain()
    mend.send_again(mail=mail, actor=coordinator)
    Job.objects.filter(key=f"{mail.public_id}.1").update(state="queued")
    Job.objects.filter(key=f"{mail.public_id}.2").update(state="done")
    jobs.run_all_here()
    assert outbox.outbox == []


def test_a_coordinator_notes_that_it_arrived() -> None:
    coordinator, mail = Cast().person("coordinator").user, uncertain()
    mend.note_arrived(mail=mail, actor=coordinator)
    assert mail.state == "sent"
    assert mail.sent_at is not None
    assert jobs.run_all_here() == 0
    with pytest.raises(TransitionRefused):
        mend.send_again(mail=mail, actor=coordinator)


@pytest.mark.parametrize("role", ["member", "team", "ministry", "steering", "publisher"])
def test_others_decide_nothing_about_mail(role: str) -> None:
    person, mail = Cast().person(role, leads=True).user, uncertain()
    for step in (mend.send_again, mend.note_arrived):
        with pytest.raises(NotAllowed):
            step(mail=mail, actor=person)
    with pytest.raises(NotAllowed):
        suppress(address=ADDRESS, reason="no", actor=person)
    mail.refresh_from_db()
    assert mail.state == "uncertain"


def test_an_address_on_the_list_gets_no_mail() -> None:
    coordinator = Cast().person("coordinator").user
    early = write("early")
    suppress(address="Team@Eindhoven.example", reason="asked for", actor=coordinator)
    late = write("late")
    assert late.state == "suppressed"
    jobs.run_all_here()
    early.refresh_from_db()
    assert early.state == "suppressed"
    assert outbox.outbox == []
    with pytest.raises(TransitionRefused):
        mend.send_again(mail=early, actor=coordinator)


def test_off_the_list_it_gets_mail_again() -> None:
    coordinator = Cast().person("coordinator").user
    suppressed = suppress(address=ADDRESS, reason="on leave", actor=coordinator)
    mail = write()
    allow_again(suppressed=suppressed, actor=coordinator)
    mend.send_again(mail=mail, actor=coordinator)
    jobs.run_all_here()
    assert len(outbox.outbox) == 1
    events = AuditEvent.objects.filter(object_type="core.suppressedaddress").values_list("event", flat=True)
    assert sorted(events) == ["created", "revoked"]


def test_an_address_is_on_the_list_once() -> None:
    coordinator = Cast().person("coordinator").user
    first = suppress(address=ADDRESS, reason="first", actor=coordinator)
    assert suppress(address=ADDRESS.upper(), reason="second", actor=coordinator) == first
    assert SuppressedAddress.objects.get().reason == "first"
    with pytest.raises(ValidationError):
        suppress(address="no address", reason="x", actor=coordinator)


def test_only_who_may_takes_an_address_off_the_list() -> None:
    suppressed = suppress(address=ADDRESS, reason="x", actor=Cast().person("coordinator").user)
    with pytest.raises(NotAllowed):
        allow_again(suppressed=suppressed, actor=make_user())
    assert SuppressedAddress.objects.exists()
