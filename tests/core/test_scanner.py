"""Files that a scanner looks at, that are too large, or that unpack to too much."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from governance.models import User
from nss_portal.core import files
from nss_portal.core.files.early import refuse_too_large
from nss_portal.core.files.kinds import is_bomb
from nss_portal.core.models import StoredFile
from tests.access.cast import make_user
from tests.core.test_files import PDF

pytestmark = pytest.mark.django_db


@contextmanager
def daemon(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Stand in for clamd, as its manual says it speaks: INSTREAM, chunks with their length, a line back."""
    received: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _address = server.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.readline() == b"nINSTREAM\n"
            while size := struct.unpack("!L", stream.read(4))[0]:
                received.append(stream.read(size))
            connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"tcp://127.0.0.1:{server.getsockname()[1]}", received
    thread.join(5)
    server.close()


@pytest.fixture
def person() -> User:
    return make_user()


def send(person: User) -> StoredFile:
    return files.keep_upload(upload=SimpleUploadedFile("x.pdf", PDF), actor=person)


def test_a_clean_file_is_kept(person: User, settings: Settings) -> None:
    with daemon(b"stream: OK\n") as (url, received):
        settings.NSS_SCANNER_URL = url
        assert send(person).name == "x.pdf"
    assert b"".join(received) == PDF


def test_an_infected_file_is_refused(person: User, settings: Settings) -> None:
    with daemon(b"stream: Eicar-Signature FOUND\n") as (url, _received):
        settings.NSS_SCANNER_URL = url
        with pytest.raises(ValidationError, match="virusscanner"):
            send(person)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"nonsense\n", b"INSTREAM size limit exceeded. ERROR\n"])
def test_what_is_not_looked_at_does_not_come_in(person: User, settings: Settings, answer: bytes) -> None:
    with daemon(answer) as (url, _received):
        settings.NSS_SCANNER_URL = url
        with pytest.raises(ValidationError):
            send(person)
    assert not StoredFile.objects.exists()


def test_a_scanner_that_is_away_is_said(person: User, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.NSS_SCANNER_URL = f"tcp://127.0.0.1:{port}"
    with pytest.raises(ValidationError, match="probeer het later"):
        send(person)


def bomb(parts: int = 1, size: int = 300_000_000) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        for number in range(parts):
            with archive.open(f"word/document{number or ''}.xml", "w", force_zip64=True) as part:
                for _block in range(size // 1_000_000):
                    part.write(bytes(1_000_000))
    return held.getvalue()


def test_a_zip_bomb_is_refused(person: User) -> None:
    content = bomb(size=260_000_000)
    assert len(content) < 5_000_000
    with pytest.raises(ValidationError, match="uitgepakt"):
        files.keep(content=content, name="x.docx", actor=person)
    assert not StoredFile.objects.exists()


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = bomb(size=3_000_000)
    told, true = struct.pack("<L", 1000), struct.pack("<L", 3_000_000)
    assert true in content
    assert is_bomb(content.replace(true, told))
    assert not is_bomb(content)


def test_parts_that_lie_over_each_other_are_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a", bytes(100_000))
        for number in range(3):
            archive.filelist.append(archive.filelist[0])
            archive.NameToInfo[str(number)] = archive.filelist[0]
    assert is_bomb(held.getvalue())


class Unread(io.BytesIO):
    """A body that fails the test when somebody reads it."""

    def read(self, *_args: object) -> bytes:
        raise AssertionError("the body was read")


def test_two_hundred_megabytes_are_refused_before_they_are_read(client: Client, person: User) -> None:
    def never(request: HttpRequest) -> HttpResponse:
        raise AssertionError("the page was asked")

    request = RequestFactory().post("/", HTTP_X_REQUESTED_WITH="autosave")
    request.META.update(CONTENT_LENGTH=str(200_000_000))
    assert refuse_too_large(never)(request).status_code == 413
    client.force_login(person)
    answer = client.generic(
        "POST", "/account/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="200000000"
    )
    assert answer.status_code == 413
    assert "25 MB" in answer.content.decode()


def test_a_confidential_name_does_not_reach_the_log(person: User) -> None:
    stored = files.keep(content=PDF, name="geheim.pdf", actor=person, is_confidential=True)
    assert "geheim" not in str(stored)
    assert "geheim" in str(files.keep(content=PDF, name="geheim.pdf", actor=person))
