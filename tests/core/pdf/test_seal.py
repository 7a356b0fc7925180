"""The seal: an archived PDF that a screen reader reads, with data inside, and that shows every change."""

import io
from datetime import UTC, datetime

import page
import pytest
from django.core.exceptions import ImproperlyConfigured
from pypdf import PdfReader, PdfWriter

from nss_portal.core.pdf import archive, checks, engine, seal
from nss_portal.core.pdf.seal import Seal

HTML = """<!doctype html><html lang="nl"><head><title>Proef</title><meta name="nssdata" content="abc"></head>
<body><h1>Proef</h1><p>Een zin met een <a href="#deel">koppeling</a>.</p><h2 id="deel">Deel</h2>
<table><thead><tr><th scope="col">Jaar</th></tr></thead><tbody><tr><td>2030</td></tr></tbody></table>
</body></html>"""
DATA = '{"actie":"Warmtenet"}'


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    settings.NSS_SEAL_FOLDER = tmp_path / "seal"
    seal.forget()
    yield
    seal.forget()


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    attached = [archive.Attached("gegevens.json", DATA, "De gegevens", datetime(2026, 3, 1, tzinfo=UTC))]
    return engine.html_to_pdf(HTML, variant=archive.VARIANT, identifier=b"a" * 32, attached=attached)


@pytest.fixture
def sealed(unsealed) -> bytes:
    return seal.sealed(unsealed, reason="Proef, versie 1")


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_it_passes_the_rules_of_both(sealed, profile):
    found = page.validate_pdf_bytes(sealed, profile=profile)
    assert [(failure.rule_id, failure.message) for failure in found.failures] == []
    assert found.is_compliant


def test_the_data_go_along(sealed):
    assert PdfReader(io.BytesIO(sealed)).attachments["gegevens.json"] == [DATA.encode()]
    assert b"/AFRelationship /Data" in sealed


def test_every_change_shows(unsealed, sealed):
    assert (seal.seal_of(unsealed), seal.seal_of(sealed)) == (Seal.NONE, Seal.INTACT)
    assert sealed.startswith(unsealed), "sealing adds and changes nothing"
    for at in (200, len(unsealed) // 2, len(unsealed) - 40):
        changed = bytearray(sealed)
        changed[at] ^= 1
        assert seal.seal_of(bytes(changed)) != Seal.INTACT
    assert seal.seal_of(sealed + b"\n% more\n") == Seal.BROKEN
    saved_anew = PdfWriter(clone_from=io.BytesIO(sealed))
    output = io.BytesIO()
    saved_anew.write(output)
    assert seal.seal_of(output.getvalue()) != Seal.INTACT
    for strange in (b"", b"%PDF-1.7 /ByteRange", b"PK\x03\x04 /ByteRange", sealed[: len(sealed) // 2]):
        assert seal.seal_of(strange) == Seal.NONE


def test_a_former_key_stays_ours_and_a_stranger_s_does_not(settings, tmp_path, sealed):
    former = tmp_path / "seal" / "self-signed.pem"
    settings.NSS_SEAL_KEY = str(seal.self_signed(tmp_path / "new"))
    seal.forget()
    assert seal.seal_of(sealed) == Seal.NONE
    settings.NSS_SEAL_FORMER = former.read_text()
    assert seal.seal_of(sealed) == Seal.INTACT


def test_production_without_a_key_says_so(settings, tmp_path, unsealed):
    settings.NSS_SEAL_FOLDER = None
    with pytest.raises(ImproperlyConfigured, match="NSS_SEAL_KEY"):
        seal.sealed(unsealed, reason="x")
    assert [error.id for error in checks.seal_key()] == ["nss.E010"]
    for value in ("no/such/file.pem", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"):
        settings.NSS_SEAL_KEY = value
        seal.forget()
        assert checks.seal_key()
    settings.NSS_SEAL_KEY = str(seal.self_signed(tmp_path / "given"))
    seal.forget()
    assert checks.seal_key() == []
