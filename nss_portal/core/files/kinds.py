"""What a file really is: read from its first bytes, never taken from its name or from the browser."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Kind:
    """A kind of file that the portal takes: its content type, endings of names, whether browsers show it."""

    content_type: str
    endings: tuple[str, ...]
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("application/pdf", ("pdf",), inline=True)
PNG = Kind("image/png", ("png",), inline=True)
JPEG = Kind("image/jpeg", ("jpg", "jpeg"), inline=True)
WEBP = Kind("image/webp", ("webp",), inline=True)
DOCX = Kind(f"{_OFFICE}wordprocessingml.document", ("docx",))
XLSX = Kind(f"{_OFFICE}spreadsheetml.sheet", ("xlsx",))
PPTX = Kind(f"{_OFFICE}presentationml.presentation", ("pptx",))
ODT = Kind("application/vnd.oasis.opendocument.text", ("odt",))
ODS = Kind("application/vnd.oasis.opendocument.spreadsheet", ("ods",))
ODP = Kind("application/vnd.oasis.opendocument.presentation", ("odp",))
JSON = Kind("application/json", ("json",))
CSV = Kind("text/csv; charset=utf-8", ("csv",))
TEXT = Kind("text/plain; charset=utf-8", ("txt", "md", "ics"))

# What the portal itself makes; nobody sends it.
ZIP = Kind("application/zip", ("zip",))

KINDS = (PDF, PNG, JPEG, WEBP, DOCX, XLSX, PPTX, ODT, ODS, ODP, JSON, CSV, TEXT)
# What an office document may hold: parts, and bytes when unpacked.
MOST_PARTS = 10_000
LARGEST_UNPACKED = 250_000_000
TEXTUAL = (JSON, CSV, TEXT)
_OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}


def detect(content: bytes, name: str) -> Kind | None:
    """Give the kind of a file, or None when the portal does not take it.

    `content` is the whole file. The bytes decide; among kinds of plain text, which look alike, the ending does.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _textual(content, name)


def is_bomb(content: bytes) -> bool:
    """Say whether an archive (an office document is one) would unpack to more than a computer can bear.

    What the table of contents says decides first, so that nothing large is unpacked; then each part is read as far
    as it says, and a part that says something else than it holds counts as one too.
    """
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
            too_much = len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or packed > len(content)
            return too_much or archive.testzip() is not None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False  # broken or locked: not of any kind that is taken


def ending(name: str) -> str:
    """Give the lower-case ending of a file's name, without the dot."""
    return PurePosixPath(name).suffix.lstrip(".").lower()


def _office(content: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            mimetype = _start_of(archive, "mimetype") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return None
    for kind in (ODT, ODS, ODP):
        if mimetype == kind.content_type:
            return kind
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    if has_macros or "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in names), None)


def _start_of(archive: zipfile.ZipFile, name: str) -> str:
    """Read the beginning of one part; a part may claim to be many gigabytes."""
    with archive.open(name) as part:
        return part.read(100).decode("ascii", "replace")


def _textual(content: bytes, name: str) -> Kind | None:
    if b"\x00" in content:
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return next((kind for kind in TEXTUAL if ending(name) in kind.endings), None)
