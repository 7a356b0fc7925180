"""Terms of records: what is past its term goes, what is not stays, a hold keeps it, and the log tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import DeskQuestion
from governance.models import Assessment, Instrument, Participant, PrivacyRequest
from nss_portal.core import audit, jobs, retention
from nss_portal.core.mail import queue_mail
from nss_portal.core.models import AuditEvent, MailState, OutgoingMail, RetentionHold
from nss_portal.core.models.audit import Event
from nss_portal.core.tasks import ask_for_retention_day
from tests.access.cast import Cast, join, make_city, make_organisation, make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=4000)


def carry_out() -> jobs.Job:
    ask_for_retention_day()
    jobs.run_all_here()
    job = jobs.Job.objects.filter(kind=retention.JOB).latest("pk")
    assert job.state == "done", job.last_error
    return job


def mail(key: str, days: int, state: str = MailState.SENT) -> OutgoingMail:
    with transaction.atomic():
        written = queue_mail(key=key, to=f"{key}@voorbeeld.example", subject=key, body="tekst")
    when = timezone.now() - timedelta(days=days)
    OutgoingMail.objects.filter(pk=written.pk).update(queued_at=when, state=state)
    return written


def test_what_is_past_its_term_goes_and_nothing_else() -> None:
    old, young, waiting = mail("oud", 366), mail("jong", 364), mail("wacht", 4000, MailState.SENDING)
    user = make_user()
    with transaction.atomic():
        login = audit.record(actor=user, event=Event.LOGIN, obj=user)
        change = audit.record(actor=user, event=Event.CHANGED, obj=user)
    with connection.cursor() as cursor:
        # As the log never changes, time is what the test changes: with the table's own rules off.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE core_auditevent SET at = at - interval '400 days', origin = '127.0.0.1'")
        cursor.execute("SET session_replication_role = DEFAULT")
    city = make_organisation()
    instrument = Instrument.objects.create(code="x", label_nl="x", label_en="x")
    closed = Assessment.objects.create(
        instrument=instrument,
        organisation=city,
        subject_label="x",
        closes_on="2020-01-01",
        state="closed",
        closed_at=timezone.now() - timedelta(days=91),
    )
    for number, one in enumerate((None, user)):
        Participant.objects.create(
            assessment=closed, email=f"p{number}@x.example", user=one, link_hash=str(number)
        )
    asked = {"asker_name": "Vrager", "asker_email": "vrager@x.example", "title": "x", "holder": city}
    done = DeskQuestion.objects.create(**asked, state="closed", changed_at=timezone.now() - timedelta(days=366))
    still = DeskQuestion.objects.create(**asked, state="answered", changed_at=timezone.now() - timedelta(days=366))
    jobs.Job.objects.all().delete()
    soon = retention.counted(timezone.now() + timedelta(days=31))
    assert (soon["mails"], soon["logins"], soon["desk-askers"]) == (2, 1, 1)
    job = carry_out()
    old.refresh_from_db()
    assert (old.recipient, old.text, old.subject) == ("vervallen@portaal.invalid", "", "")
    assert OutgoingMail.objects.filter(pk__in=(young.pk, waiting.pk), text__contains="tekst").count() == 2
    assert not AuditEvent.objects.filter(pk=login.pk).exists()
    assert AuditEvent.objects.get(pk=change.pk).origin == ""
    assert list(Participant.objects.values_list("user", flat=True)) == [user.pk]
    done.refresh_from_db()
    still.refresh_from_db()
    assert (done.asker_name, still.asker_name) == ("", "Vrager")
    assert "vrager" not in done.asker_email
    told = AuditEvent.objects.get(event=Event.DELETED, object_type="core.job").changes["retention"]
    assert told["mails"] == told["logins"] == told["desk-askers"] == 1
    assert job.result["gone"] == told
    # The same mail is not written once more because its words have gone.
    assert mail("oud", 366).pk == old.pk
    jobs.Job.objects.all().delete()
    assert carry_out().result["gone"] == {}


def test_a_hold_keeps_a_kind_and_a_term_follows_the_settings(settings: Any) -> None:
    actor = make_user()
    mail("oud", 366)
    retention.hold(actor=actor, kind="mails", reason="Woo-verzoek")
    retention.hold(actor=actor, kind="mails", reason="nog een keer")
    with pytest.raises(LookupError):
        retention.hold(actor=actor, kind="bestaat-niet", reason="x")
    assert carry_out().result["held"] == ["mails"]
    assert OutgoingMail.objects.filter(text__contains="tekst").exists()
    retention.end_hold(actor=actor, kind="mails")
    assert RetentionHold.objects.get().ended_by_label == str(actor)
    settings.NSS_KEEP_DAYS = {"mails": 400}
    jobs.Job.objects.all().delete()
    carry_out()
    assert OutgoingMail.objects.filter(text__contains="tekst").exists()
    settings.NSS_KEEP_DAYS = {}
    jobs.Job.objects.all().delete()
    carry_out()
    assert not OutgoingMail.objects.filter(text__contains="tekst").exists()


def test_who_left_long_ago_gets_a_mail_and_some_days() -> None:
    left, stays, never = make_user(), make_user(), make_user()
    city = make_city()
    for user, days in ((left, 731), (stays, 729)):
        membership = join(user, city)
        membership.valid_to = timezone.localdate() - timedelta(days=days)
        membership.save()
    type(left).objects.filter(pk__in=(left.pk, stays.pk)).update(date_joined=timezone.now() - LONG_AGO)
    carry_out()
    assert list(PrivacyRequest.objects.values_list("user", "state")) == [(left.pk, "waiting")]
    assert OutgoingMail.objects.filter(recipient=left.email).count() == 1
    assert never.is_active
    jobs.Job.objects.filter(kind=retention.JOB).delete()
    carry_out()
    assert PrivacyRequest.objects.count() == 1


def test_every_term_has_words_and_the_coordinator_alone_keeps_them() -> None:
    rules = retention.all_kept()
    assert len({one.key for one in rules}) == len(rules) > 20
    assert all(one.label and one.since and one.why for one in rules)
    page = Client().get("/privacy/bewaartermijnen/").content.decode()
    assert all(row["label"] in page.replace("&#x27;", "'") for row in retention.table())
    cast = Cast()
    addresses = [f"/beheer/bewaren/{part}" for part in ("", "adres/", "vasthouden/", "archief/")]
    for role, status in (("steering", 403), ("team", 403), ("coordinator", 200)):
        client = Client()
        client.force_login(cast.person(role).user)
        assert [client.get(address).status_code for address in addresses] == [status] * 4, role
    for number in (1, 3):
        for one in range(number):
            PrivacyRequest.objects.create(kind="copy", email=f"p{number}{one}@x.example")
        with CaptureQueriesContext(connection) as asked:
            client.get("/beheer/bewaren/")
        assert len(asked) <= 12, [query["sql"][:90] for query in asked]
