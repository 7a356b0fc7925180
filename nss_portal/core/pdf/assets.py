"""The only files that a report may read: our own static ones, of a few kinds."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation

HOST = "static.invalid"
BASE = f"https://{HOST}{settings.STATIC_URL}"
ENDINGS = frozenset({".css", ".woff2", ".svg", ".png", ".jpg"})


class NotOurs(ValueError):
    """An address that a report asks for is not one of our static files."""


def static_file(url: str) -> Path:
    """Give the static file behind an address that begins with `BASE`; raises NotOurs for anything else.

    No other host or scheme, no query, no way out of the static folders, no kind of file that reports do not need.
    """
    address = urlsplit(url)
    path = unquote(address.path)
    if address.scheme != "https" or address.netloc != HOST or address.query or address.fragment:
        raise NotOurs(url)
    if not path.startswith(settings.STATIC_URL) or "\\" in path or "\x00" in path:
        raise NotOurs(url)
    name = path.removeprefix(settings.STATIC_URL)
    if ".." in name.split("/") or Path(name).suffix not in ENDINGS:
        raise NotOurs(url)
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:
        raise NotOurs(url) from None
    if not found:
        raise NotOurs(url)
    return Path(found)


def content_type(path: Path) -> str:
    """Give the content type of a static file."""
    if path.suffix == ".woff2":
        return "font/woff2"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
