"""Somebody with something in every model is forgotten: the name stands nowhere but where the law keeps it."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import AutoField, CharField, JSONField, Model, Q, TextField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.models import Membership, PrivacyRequest, PrivacyState, User
from governance.models.membership import Function
from governance.services import Refused
from governance.services.people import change_own_details
from governance.services.privacy import asking, copying
from governance.services.privacy.asking import ask_for_copy, ask_to_be_forgotten, obstacles_of, take_back
from governance.tasks import ask_for_privacy_day
from nss_portal.core import audit, files, jobs, retention
from nss_portal.core.access import NotAllowed
from nss_portal.core.mail import queue_mail
from nss_portal.core.models import AuditEvent, Job, OutgoingMail, StoredFile
from nss_portal.core.models.audit import Event
from nss_portal.core.privacy import Personal, all_personal
from nss_portal.core.privacy.personal import as_text, texts_of
from nss_portal.core.time import today
from tests.access.cast import Cast, join, make_city, make_user

pytestmark = pytest.mark.django_db
NAME, FORMER, EMAIL = "Kwartelnest Zilverreiger", "Kwartelnest Boomvalk", "kwartelnest@zilverreiger.example"
# Checks, exclusions and foreign keys: a planted row needs nothing around it.
RULES = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype IN ('c', 'x', 'f') AND connamespace = 'public'::regnamespace AND conparentid = 0 AND conrelid <> 0
"""


@pytest.fixture
def gone() -> User:
    """Make somebody who left, with a former name."""
    cast = Cast()
    user = make_user(EMAIL, name=FORMER)
    change_own_details(actor=user, name=NAME, language="nl")
    user.refresh_from_db()
    membership = join(user, cast.other, Function.TEAM)
    with_log(user, membership)
    return user


def with_log(user: User, record: Model) -> None:
    audit.record(actor=user, event=Event.CHANGED, obj=record, changes={"by": [str(user), user.email]})


def plant(user: User) -> set[str]:
    """Write name and address of somebody straight into every model that says it knows of persons.

    Gives the names of the models. Triggers, by which the database keeps what is signed or closed, are off while it
    is done and on again when the person is forgotten.
    """
    planted = set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(RULES)
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SET session_replication_role = replica")
        try:
            for personal in all_personal():
                if personal.model != "core.AuditEvent":
                    _plant(personal, user, cursor)
                    planted.add(personal.model)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
    return planted


def has_room(personal: Personal) -> bool:
    """Say whether a row can say who somebody is."""
    texts = [field for field in texts_of(personal.cls) if not isinstance(field, JSONField)]
    room = [field for field in texts if (field.max_length or 999) > 2 * len(NAME + EMAIL)]
    return bool(personal.names or personal.addresses or room)


def _plant(personal: Personal, user: User, cursor: Any) -> None:
    model = personal.cls
    columns, values = [], []
    for field in model._meta.local_concrete_fields:
        if isinstance(field, AutoField) or getattr(field, "generated", False):
            continue
        columns.append(f'"{field.column}"')
        values.append(_value(personal, field, user))
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) VALUES ({marks})',  # noqa: S608 - names of our own tables
        values,
    )


def _value(personal: Personal, field: Any, user: User) -> Any:
    name = field.name
    if name in personal.accounts:
        return user.pk
    if name in personal.addresses:
        return user.email
    if name in (*personal.names, *personal.signed):
        return user.name if not isinstance(field, JSONField) else json.dumps([user.name])
    if field.get_internal_type() == "JSONField":
        known = personal.accounts or personal.names or personal.addresses or name in personal.logs
        return json.dumps({"who": [user.name if known else "x", user.email]})
    is_text = field in set(texts_of(personal.cls))
    if is_text and (field.max_length or 999) > 2 * len(user.name + user.email):
        return f"{user.name} <{user.email}> en {FORMER}" if personal.accounts or personal.names else user.email
    if field.is_relation and (field.primary_key or not field.null):
        return 900_000_001  # nothing has this number
    if field.null:
        return None
    return _filler(field)


def _filler(field: Any) -> Any:
    kind = field.get_internal_type()
    if field.choices:
        return field.choices[0][0]
    if kind in ("DateField",):
        return today()
    if kind == "DateTimeField":
        return timezone.now() - timedelta(days=1)
    if kind == "BooleanField":
        return False
    if kind == "GenericIPAddressField":
        return "127.0.0.1"
    if "Char" in kind or kind in ("TextField", "SlugField", "EmailField", "URLField"):
        return "x"[: field.max_length]
    if kind == "ArrayField":
        return []
    if kind == "UUIDField":
        return "00000000-0000-0000-0000-000000000001"
    return field.get_default() if field.has_default() else 1


def standing(*sought: str) -> set[str]:
    """Give the columns, as 'app.Model.column', in which one of some texts stands."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        columns = [
            field.attname
            for field in model._meta.local_concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
        ]
        for column in columns:
            wanted = Q()
            for text in sought:
                wanted |= Q(said__icontains=text)
            if model._base_manager.annotate(said=as_text(column)).filter(wanted).exists():
                found.add(f"{model._meta.label}.{column}")
    return found


def contents() -> Iterator[bytes]:
    """Give what lies in the file store."""
    for folder in default_storage.listdir("")[0]:
        for month in default_storage.listdir(folder)[0]:
            for name in default_storage.listdir(f"{folder}/{month}")[1]:
                with default_storage.open(f"{folder}/{month}/{name}") as file:
                    yield file.read()


def forget(user: User) -> PrivacyRequest:
    """Let the days of grace be over and the clock do its work."""
    request = PrivacyRequest.objects.filter(user=user, kind="erasure", state="waiting").get()
    PrivacyRequest.objects.filter(pk=request.pk).update(due_on=today())
    ask_for_privacy_day()
    jobs.run_all_here()
    request.refresh_from_db()
    return request


def test_who_is_forgotten_stands_nowhere_but_where_the_law_keeps_it(gone: User) -> None:
    ask_to_be_forgotten(actor=gone)
    # Something of the portal's own lies in the store, so that there is something to look through.
    mine = ask_for_copy(actor=gone)
    files.keep(content=b"van een ander", name="ander.txt", actor=make_user())
    jobs.run_all_here()
    mine.refresh_from_db()
    assert mine.file is not None
    path = mine.file.path
    planted = plant(gone)
    before = standing(NAME, FORMER, EMAIL)
    holding = {column.rsplit(".", 1)[0] for column in before}
    assert {one.model for one in all_personal() if one.model in planted and has_room(one)} <= holding
    log = AuditEvent.objects.count()
    done = forget(gone)
    assert done.state == PrivacyState.DONE, Job.objects.filter(state="failed").values_list("last_error", flat=True)
    kept = {f"{one.model}.{column}" for one in all_personal() for column in one.signed}
    assert sorted(standing(NAME, FORMER, EMAIL) - kept) == []
    assert not StoredFile.objects.filter(path=path).exists(), "its content goes with the transaction"
    assert b"van een ander" in set(contents())
    assert not [content for content in contents() if EMAIL.encode() in content or NAME.encode() in content]
    gone.refresh_from_db()
    assert gone.name == done.pseudonym
    assert gone.name.startswith("Voormalig deelnemer ")
    assert gone.email.endswith("@portaal.invalid")
    assert not gone.is_active
    assert not gone.has_usable_password()
    real = Membership.objects.filter(user=gone, organisation__group="municipality")
    assert real.count() == 1
    assert not real.current(today()).exists()
    assert AuditEvent.objects.count() > log
    assert AuditEvent.objects.filter(actor_id=gone.pk, actor_label=gone.name).exists()
    assert set(done.result["stayed"]) <= {one.model for one in all_personal() if one.signed}
    # Once more does no harm, also where a run broke off halfway.
    PrivacyRequest.objects.filter(pk=done.pk).update(state=PrivacyState.RUNNING)
    Job.objects.filter(kind=asking.ERASURE_JOB).delete()
    ask_for_privacy_day()
    jobs.run_all_here()
    gone.refresh_from_db()
    assert gone.name == done.pseudonym
    assert standing(NAME, FORMER, EMAIL) == kept


def test_a_run_that_breaks_off_goes_on(gone: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_to_be_forgotten(actor=gone)
    queue_mail(key="test", to=EMAIL, subject="Aan jou", body=f"Beste {NAME}")
    monkeypatch.setattr("governance.services.privacy.erasing._finish", lambda *_args: 1 / 0)
    request = forget(gone)
    assert request.state == PrivacyState.RUNNING
    gone.refresh_from_db()
    assert (gone.name, gone.is_active) == (NAME, False)
    monkeypatch.undo()
    Job.objects.filter(kind=asking.ERASURE_JOB).delete()
    ask_for_privacy_day()
    jobs.run_all_here()
    request.refresh_from_db()
    assert request.state == PrivacyState.DONE
    assert standing(NAME, FORMER, EMAIL) == set()


def test_of_two_people_of_one_name_the_other_keeps_it(gone: User) -> None:
    other = make_user("ander@voorbeeld.example", name=NAME)
    membership = join(other, make_city())
    with_log(other, membership)
    ask_to_be_forgotten(actor=gone)
    forget(gone)
    other.refresh_from_db()
    assert other.name == NAME
    assert AuditEvent.objects.filter(actor_id=other.pk, actor_label=NAME, changes__by__0=NAME).exists()
    assert not AuditEvent.objects.filter(actor_id=gone.pk, actor_label__contains=NAME).exists()
    assert standing(EMAIL) == set()


def test_it_can_be_taken_back_and_waits_for_what_is_handed_over(gone: User) -> None:
    request = ask_to_be_forgotten(actor=gone)
    assert ask_to_be_forgotten(actor=gone) == request
    assert request.due_on == today() + timedelta(days=14)
    with pytest.raises(NotAllowed):
        take_back(actor=make_user(), request=request)
    take_back(actor=gone, request=request)
    with pytest.raises(Refused):
        take_back(actor=gone, request=request)
    membership = Membership.objects.get(user=gone)
    colleague = make_user()
    join(colleague, membership.organisation, Function.TEAM, is_lead=True)
    files.keep_upload(upload=SimpleUploadedFile("plan.txt", b"plan"), actor=gone, owner=membership.organisation)
    assert [one.url for one in obstacles_of(gone)]
    with pytest.raises(Refused, match=r"Draag|Hand"):
        ask_to_be_forgotten(actor=gone)
    # What comes up in the days of grace makes it wait; nothing is lost.
    PrivacyRequest.objects.create(kind="erasure", user=gone, due_on=today())
    waiting = forget(gone)
    assert waiting.state == PrivacyState.WAITING
    assert waiting.obstacle
    gone.refresh_from_db()
    assert gone.is_active
    retention.hold(actor=colleague, kind="accounts", reason="Woo")
    assert retention.is_on_hold("accounts")


def test_the_last_coordinator_finds_somebody_first() -> None:
    coordinator = Cast().person("coordinator").user
    colleague = make_user()
    membership = Membership.objects.get(user=coordinator)
    join(colleague, membership.organisation, Function.STAFF)
    assert obstacles_of(coordinator)
    with pytest.raises(Refused, match=r"coördinator|coordinator"):
        ask_to_be_forgotten(actor=coordinator)
    assert Membership.objects.get(pk=membership.pk).ended_at is None


def test_a_copy_holds_what_is_mine_and_nobody_elses(gone: User) -> None:
    other = make_user(name="Iemand anders")
    queue_mail(key="mine", to=EMAIL.upper(), subject="Aan jou", body="geheime link")
    queue_mail(key="other", to=other.email, subject="Aan een ander", body="tekst")
    request = ask_for_copy(actor=gone)
    assert ask_for_copy(actor=gone) == request
    jobs.run_all_here()
    request.refresh_from_db()
    assert request.state == PrivacyState.READY
    with pytest.raises(NotAllowed):
        copying.open_copy(actor=other, request=request)
    stored = copying.open_copy(actor=gone, request=request)
    assert AuditEvent.objects.filter(event=Event.DOWNLOADED, actor_id=gone.pk).exists()
    with files.opened(stored) as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        data = json.loads(archive.read("gegevens.json"))
        page = archive.read("gegevens.html").decode()
    kinds = {kind["kind"]: kind["records"] for kind in data["kinds"]}
    assert {"governance.Membership", "core.AuditEvent", "core.OutgoingMail"} <= set(kinds)
    assert NAME in page
    text = json.dumps(data)
    assert "Aan jou" in text
    assert "geheime link" not in text
    assert "Aan een ander" not in text
    assert "Iemand anders" not in text
    assert OutgoingMail.objects.filter(key=f"governance.privacy.copy:{request.public_id}").exists()
    # Nobody has it as a file of his or her own to hand over, and after seven days it is gone.
    assert not files.kept_by(gone).exists()
    assert Client().get(f"/bestanden/{stored.public_id}/").status_code == 404
    coordinator = Client()
    coordinator.force_login(make_user(is_superuser=True))
    assert coordinator.get(f"/bestanden/{stored.public_id}/").status_code == 404
    PrivacyRequest.objects.update(
        finished_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1)
    )
    request.refresh_from_db()
    with pytest.raises(Refused):
        copying.open_copy(actor=gone, request=request)
    from nss_portal.core.tasks import ask_for_retention_day

    ask_for_retention_day()
    jobs.run_all_here()
    request.refresh_from_db()
    assert (request.file_id, request.state) == (None, PrivacyState.DONE)


def test_a_request_for_an_address_is_noted_once_while_it_runs() -> None:
    """A button pressed twice sends one copy; another kind, and the same after it was taken back, are new ones."""
    cast = Cast()
    coordinator = cast.person("coordinator").user
    asked = {"email": "Vlinder@Kwartelnest.example", "identity_note": "Gebeld", "language": "nl"}
    first = asking.ask_for_address(actor=coordinator, kind="copy", **asked)
    assert asking.ask_for_address(actor=coordinator, kind="copy", **asked) == first
    erasure = asking.ask_for_address(actor=coordinator, kind="erasure", **asked)
    assert erasure not in (first, None)
    take_back(actor=coordinator, request=erasure)
    assert asking.ask_for_address(actor=coordinator, kind="erasure", **asked) != erasure
    with pytest.raises(NotAllowed):
        asking.ask_for_address(actor=cast.person("team").user, kind="copy", **asked)
    assert PrivacyRequest.objects.filter(email="vlinder@kwartelnest.example").count() == 3


def test_the_page_names_the_days_and_a_shared_account_gets_no_button(client: Client, settings: Any) -> None:
    settings.NSS_ERASURE_GRACE_DAYS = 9
    user = make_user()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    page = client.get(reverse("account_forget")).content.decode()
    assert "nog 9 dagen terugnemen" in page
    assert "Vergeet mij" in page
    User.objects.filter(pk=user.pk).update(is_demo=True)
    page = client.get(reverse("account_forget")).content.decode()
    assert "Vergeet mij" not in page
    assert "Accounts van de demonstratie" in page
    assert client.post(reverse("account_forget")).status_code == 403
