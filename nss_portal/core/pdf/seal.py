"""The portal's seal: an invisible signature on a PDF, made with a key from the settings.

Sealing adds to the file and changes nothing in it, so that a changed byte shows. Being invisible it breaks no rule
of PDF/UA. pyHanko is loaded when the first file is sealed or checked.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

T = TypeVar("T")
FIELD = "Zegel"
# A PDF that somebody else made is read no further than this when it is checked.
MOST_CHECKED = 60_000_000
SELF_SIGNED_FOR = timedelta(days=3650)


class Seal(StrEnum):
    """What the seal on a file says."""

    NONE = "none"
    INTACT = "intact"
    BROKEN = "broken"


@dataclass(frozen=True)
class Key:
    """The private key with its certificates, the own one first; as cryptography has them."""

    private: Any
    chain: tuple[x509.Certificate, ...]


def _pem(value: str) -> bytes:
    """Give PEM that stands in a setting itself, or in the file that it names."""
    if value.lstrip().startswith("-----BEGIN"):
        return value.encode()
    try:
        return Path(value).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"{value} with (part of) the seal cannot be read: {error.strerror}") from error


@cache
def sealing_key() -> Key:
    """Read the key; raises ImproperlyConfigured where there is none, or none that can be used."""
    if settings.NSS_SEAL_KEY:
        private, chain = _pem(settings.NSS_SEAL_KEY), _pem(settings.NSS_SEAL_CERTIFICATE or settings.NSS_SEAL_KEY)
    elif settings.NSS_SEAL_FOLDER is None:
        raise ImproperlyConfigured("NSS_SEAL_KEY is not set: contracts cannot be sealed (docs/settings.md).")
    else:
        private = chain = self_signed(Path(settings.NSS_SEAL_FOLDER)).read_bytes()
    password = settings.NSS_SEAL_KEY_PASSWORD.encode() or None
    try:
        key = serialization.load_pem_private_key(private, password)
        certificates = tuple(x509.load_pem_x509_certificates(chain))
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"NSS_SEAL_KEY or NSS_SEAL_CERTIFICATE cannot be used: {error}") from error
    if certificates[0].public_key() != key.public_key():
        raise ImproperlyConfigured("The first certificate of NSS_SEAL_CERTIFICATE is not that of NSS_SEAL_KEY.")
    return Key(key, certificates)


def self_signed(folder: Path) -> Path:
    """Give the file with a key and a certificate of its own, made when it is not there: for demonstrations."""
    path = folder / "self-signed.pem"
    if path.exists():
        return path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "NSS-portaal (zelf ondertekend)")])
    usage = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(timezone.now() - timedelta(days=1))
        .not_valid_after(timezone.now() + SELF_SIGNED_FOR)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    with NamedTemporaryFile("wb", dir=folder) as written:
        written.write(key.private_bytes(serialization.Encoding.PEM, kind, plain))
        written.write(certificate.public_bytes(serialization.Encoding.PEM))
        written.flush()
        # Several processes may come here at once: the file appears complete, and the first one stays.
        with suppress(FileExistsError):
            os.link(written.name, path)
    return path


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


@cache
def _signer() -> Any:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    held = sealing_key()
    encoding, kind = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    private = held.private.private_bytes(encoding, kind, serialization.NoEncryption())
    certificates = [asn1.Certificate.load(_der(one)) for one in held.chain]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificates)
    return signers.SimpleSigner(
        signing_cert=certificates[0], signing_key=keys.PrivateKeyInfo.load(private), cert_registry=store
    )


def sealed(pdf: bytes, *, reason: str) -> bytes:
    """Seal a PDF with the portal's key; `reason` says in words what it is.

    Raises ImproperlyConfigured where the portal has no key.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=reason[:200],
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    # PDF/A wants it printed, PDF/UA wants it hidden or off the page: so it is printed off the page.
    place = fields.SigFieldSpec(FIELD, invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True))
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    # pyHanko would note the day in the metadata, and write the claim to PDF/UA in a way that PDF/A forbids.
    writer._update_meta = lambda: None  # type: ignore[method-assign]
    sealer = signers.PdfSigner(metadata, signer=_signer(), new_field_spec=place)
    return bytes(_apart(lambda: sealer.sign_pdf(writer)).getbuffer())


def _apart(work: Callable[[], T]) -> T:
    """Do what pyHanko does in an event loop of its own, also where one runs in this thread already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return work()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def ours() -> frozenset[bytes]:
    """Give the certificates (DER) of the seal, former ones included; none where the portal has no key."""
    found = set()
    with suppress(ImproperlyConfigured):
        found.add(_der(sealing_key().chain[0]))
    if settings.NSS_SEAL_FORMER:
        found |= {_der(one) for one in x509.load_pem_x509_certificates(_pem(settings.NSS_SEAL_FORMER))}
    return frozenset(found)


def fingerprint() -> str:
    """Give the SHA-256 of the present certificate, which people can compare; '' where there is none."""
    try:
        return sealing_key().chain[0].fingerprint(hashes.SHA256()).hex()
    except ImproperlyConfigured:
        return ""


def seal_of(content: bytes) -> Seal:
    """Say whether a file bears our seal, and whether it is still what was sealed, to the last byte.

    Made for files of strangers: whatever cannot be read bears no seal.
    """
    if b"/ByteRange" not in content or not content.startswith(b"%PDF") or len(content) > MOST_CHECKED:
        return Seal.NONE
    logger = logging.getLogger("pyhanko")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        return _apart(lambda: _checked(content))
    except Exception:  # pyHanko raises many kinds for files that are none
        return Seal.NONE
    finally:
        logger.setLevel(level)


def _checked(content: bytes) -> Seal:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    known = ours()
    signatures = PdfFileReader(BytesIO(content), strict=False).embedded_regular_signatures
    for signature in signatures:
        certificate = signature.signer_cert
        if certificate is None or certificate.dump() not in known:
            continue
        context = ValidationContext(trust_roots=[certificate], allow_fetching=False)
        try:
            status = validate_pdf_signature(signature, context)
        except Exception:  # as above: a seal of ours that cannot be worked out is broken
            return Seal.BROKEN
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        return Seal.INTACT if status.intact and status.valid and whole else Seal.BROKEN
    return Seal.NONE


def forget() -> None:
    """Read the settings anew the next time: for tests and for a key that changed."""
    sealing_key.cache_clear()
    _signer.cache_clear()
