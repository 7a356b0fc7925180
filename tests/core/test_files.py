"""Files: what comes in, under which name, and who gets it."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from governance.models import User
from governance.models.membership import Function
from nss_portal.core import files
from nss_portal.core.access import LinkActor
from nss_portal.core.files.access import may_open
from nss_portal.core.files.cleanup import clean_up
from nss_portal.core.files.kinds import KINDS, detect
from nss_portal.core.models import AuditEvent, Job, OutgoingMail, StoredFile
from tests.access.cast import Cast, join, make_city, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def office(*parts: str, mimetype: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for part in parts:
            archive.writestr(part, "<x/>")
    return held.getvalue()


CONTENTS: dict[str, bytes] = {
    "pdf": PDF,
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0" + bytes(20),
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "docx": office("[Content_Types].xml", "word/document.xml"),
    "xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": office("[Content_Types].xml", "ppt/presentation.xml"),
    "odt": office(mimetype="application/vnd.oasis.opendocument.text"),
    "ods": office(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "odp": office(mimetype="application/vnd.oasis.opendocument.presentation"),
    "json": b'{"a": 1}',
    "csv": "gemeente;ton CO₂\n".encode(),
    "txt": "Beste collega’s".encode(),
}


@pytest.fixture
def person() -> User:
    user = make_user(name="Transitieteam Eindhoven")
    join(user, make_city(), Function.TEAM)
    return user


@pytest.mark.parametrize("ending", CONTENTS)
def test_each_kind_is_known_by_its_content(ending: str) -> None:
    kind = detect(CONTENTS[ending], f"x.{ending}")
    assert kind is not None
    assert ending in kind.endings


def test_every_kind_is_tried() -> None:
    assert {kind.endings[0] for kind in KINDS} == set(CONTENTS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("program.exe", b"MZ\x90\x00"),
        ("macro.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("archive.zip", office("a.txt")),
        ("broken.docx", b"PK\x03\x04nothing"),
        ("latin.txt", "één".encode("latin-1")),
        ("noname", b"text"),
    ],
)
def test_other_kinds_are_refused(name: str, content: bytes, person: User) -> None:
    with pytest.raises(ValidationError, match="kan hier niet"):
        files.keep(content=content, name=name, actor=person)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("name", ["report.docx", "report.png", "report", "report.html"])
def test_a_name_that_says_something_else_is_refused(name: str, person: User) -> None:
    with pytest.raises(ValidationError, match="iets anders"):
        files.keep(content=PDF, name=name, actor=person)


def test_an_empty_file_is_refused(person: User) -> None:
    with pytest.raises(ValidationError, match="leeg"):
        files.keep(content=b"", name="x.pdf", actor=person)


def test_a_file_that_is_too_large_is_refused(person: User, settings: Settings) -> None:
    settings.NSS_UPLOAD_MAX_BYTES = 2_000_000
    upload = SimpleUploadedFile("x.pdf", PDF + bytes(2_000_000))
    with pytest.raises(ValidationError, match="2 MB"):
        files.keep_upload(upload=upload, actor=person)


def test_a_file_is_kept_with_what_is_known_of_it(person: User) -> None:
    city = make_city()
    upload = SimpleUploadedFile("Actieplan 2027.pdf", PDF, content_type="text/html")
    stored = files.keep_upload(upload=upload, actor=person, owner=city)
    assert stored.content_type == "application/pdf"
    assert (stored.name, stored.size) == ("Actieplan 2027.pdf", len(PDF))
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (stored.uploaded_by, stored.uploaded_by_label) == (person, "Transitieteam Eindhoven")
    assert files.files_of(city) == [stored]
    with files.opened(stored) as content:
        assert content.read() == PDF
    assert AuditEvent.objects.filter(object_type="core.storedfile", event="created", actor=person).exists()


def test_who_came_by_a_link_is_noted_by_name() -> None:
    stored = files.keep(content=PDF, name="x.pdf", actor=LinkActor("Woningcorporatie", None, "review"))
    assert (stored.uploaded_by, stored.uploaded_by_label) == (None, "Woningcorporatie")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\plan.pdf", "plan.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("plan\u202efdp.pdf", "plan fdp.pdf"),
        (".pdf", "bestand.pdf"),
        ("Réduction CO₂.PDF", "Réduction CO₂.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, kept: str, person: User) -> None:
    if given == ".pdf":
        given = " .pdf"
    assert files.keep(content=PDF, name=given, actor=person).name == kept


def test_where_it_lies_says_nothing(person: User) -> None:
    stored = files.keep(content=PDF, name="Geheim plan.pdf", actor=person)
    assert "plan" not in stored.path.lower()


# Who gets it


def owned_by_job(actor: User) -> StoredFile:
    """A file of a record that only its asker and coordinators see."""
    job = Job.objects.create(kind="test.x", key="x", actor=actor)
    return files.keep(content=PDF, name="rapport.pdf", actor=actor, owner=job)


def get(stored: StoredFile, user: User | None) -> object:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(f"/bestanden/{stored.public_id}/")


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_whoever_sees_the_record_gets_the_file(person: User) -> None:
    cast = Cast()
    stored = owned_by_job(person)
    for user in (person, cast.person("coordinator").user):
        response = get(stored, user)
        assert response.status_code == 200
        assert body(response) == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == 'inline; filename="rapport.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "private" in response["Cache-Control"]


def test_for_others_it_does_not_exist(person: User) -> None:
    cast = Cast()
    stored = owned_by_job(person)
    others = [None, *(cast.person(role).user for role in ("member", "team", "ministry", "steering"))]
    assert [get(stored, user).status_code for user in others] == [404] * 5
    missing = StoredFile(public_id="zzzzzz")
    assert get(missing, person).status_code == 404


def test_a_file_without_a_record_is_its_senders(person: User) -> None:
    stored = files.keep(content=PDF, name="x.pdf", actor=person)
    assert body(get(stored, person)) == PDF
    assert get(stored, Cast().person("coordinator").user).status_code == 404
    assert get(stored, None).status_code == 404


def test_a_file_that_came_by_a_link_is_no_visitors(person: User) -> None:
    stored = files.keep(content=PDF, name="x.pdf", actor=LinkActor("x", None, "y"))
    assert get(stored, None).status_code == 404
    assert get(stored, person).status_code == 404


def test_a_record_without_a_rule_or_without_a_model_opens_for_nobody(person: User) -> None:
    stored = owned_by_job(person)
    for label in ("core.heartbeat", "core.nothing"):
        StoredFile.objects.filter(pk=stored.pk).update(owner_type=label)
        stored.refresh_from_db()
        assert not may_open(person, stored)
        assert may_open(User.objects.system(), stored)


def test_what_a_browser_would_not_show_is_saved(person: User) -> None:
    job = Job.objects.create(kind="test.x", key="x", actor=person)
    stored = files.keep(content=CONTENTS["csv"], name="Cijfers CO₂.csv", actor=person, owner=job)
    response = get(stored, person)
    body(response)
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Cijfers%20CO%E2%82%82.csv"


@pytest.mark.parametrize("confidential", [True, False])
def test_reading_what_is_confidential_is_noted(confidential: bool, person: User) -> None:
    job = Job.objects.create(kind="test.x", key="x", actor=person)
    stored = files.keep(content=PDF, name="x.pdf", actor=person, owner=job, is_confidential=confidential)
    body(get(stored, person))
    downloads = AuditEvent.objects.filter(event="downloaded", object_id=str(stored.pk), actor=person)
    assert downloads.exists() == confidential


def test_a_file_that_the_storage_lost_is_a_404(person: User) -> None:
    stored = owned_by_job(person)
    default_storage.delete(stored.path)
    assert get(stored, person).status_code == 404


# To whom it belongs, and how it goes


def test_a_file_sent_first_is_tied_to_its_record(person: User) -> None:
    job = Job.objects.create(kind="test.x", key="x", actor=person)
    stored = files.keep(content=PDF, name="x.pdf", actor=person)
    files.give_to(stored=stored, owner=job, actor=person)
    assert files.files_of(job) == [stored]
    with pytest.raises(ValidationError):
        files.give_to(stored=stored, owner=make_city(), actor=person)


def test_nobody_ties_somebody_elses_file(person: User) -> None:
    stored = files.keep(content=PDF, name="x.pdf", actor=person)
    with pytest.raises(ValidationError):
        files.give_to(stored=stored, owner=make_city(), actor=make_user())
    by_link = files.keep(content=PDF, name="x.pdf", actor=LinkActor("x", None, "y"))
    with pytest.raises(ValidationError):
        files.give_to(stored=by_link, owner=make_city(), actor=LinkActor("other", None, "y"))


def test_a_thrown_away_file_is_gone_when_the_change_is_through(
    person: User, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    stored = files.keep(content=PDF, name="x.pdf", actor=person)
    path = stored.path
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        files.throw_away(stored=stored, actor=person, reason="mistake")
        assert default_storage.exists(path)
    assert not default_storage.exists(path)
    assert AuditEvent.objects.filter(event="deleted", object_type="core.storedfile", reason="mistake").exists()


def later() -> object:
    return timezone.now() + timedelta(days=1, minutes=5)


def test_the_night_takes_what_belongs_to_nothing(person: User) -> None:
    job = Job.objects.create(kind="test.x", key="x", actor=person)
    kept = files.keep(content=PDF, name="kept.pdf", actor=person, owner=job)
    lonely = files.keep(content=PDF, name="lonely.pdf", actor=person)
    gone = files.keep(content=PDF, name="gone.pdf", actor=person, owner=OutgoingMail(pk=987_654))
    left = default_storage.save(f"{timezone.now():%Y/%m}/left.pdf", ContentFile(PDF))
    other = default_storage.save("other/thing.pdf", ContentFile(PDF))

    assert clean_up() == {"files": 0, "contents": 0}, "nothing before a day has passed"
    result = clean_up(later())  # type: ignore[arg-type]
    assert result["files"] == 2
    assert result["contents"] >= 1
    assert list(StoredFile.objects.all()) == [kept]
    present = [default_storage.exists(path) for path in (kept.path, lonely.path, gone.path, left, other)]
    assert present == [True, False, False, False, True]
    default_storage.delete(other)


@pytest.mark.django_db(transaction=True)
def test_content_of_a_change_that_was_undone_is_taken_at_night(person: User) -> None:
    with transaction.atomic():
        stored = files.keep(content=PDF, name="x.pdf", actor=person)
        transaction.set_rollback(True)
    assert default_storage.exists(stored.path)
    clean_up(later())  # type: ignore[arg-type]
    assert not default_storage.exists(stored.path)
