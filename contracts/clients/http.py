"""Asking a service for JSON: with time-outs, tries again where that helps, and pages followed to the end.

Retries and time-outs are urllib3's. What goes wrong is one of four errors, each with a text for people.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from django.utils.translation import gettext as _

CONNECT_SECONDS, READ_SECONDS = 5.0, 60.0
TRIES = 4
# Wait 0.5, 1, 2, 4 s before the next tries, or as long as the service asks for.
BACKOFF = 0.5
LONGEST_WAIT = 60
WORTH_ANOTHER_TRY = (429, 500, 502, 503, 504)
MOST_BYTES = 50_000_000
MOST_PAGES = 2000


class ServiceError(Exception):
    """A service did not give what was asked; the text is for people and holds no key."""


class ServiceAway(ServiceError):
    """It does not answer, or not now: later it may."""


class ServiceRefused(ServiceError):
    """It does not let us in: the key is missing or not right."""


class NotThere(ServiceError):
    """It does not have this."""


class Garbled(ServiceError):
    """It answers something else than its description says."""


class JsonService:
    """A service at one address; `headers` go along with each question, and to that address only."""

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        read_seconds: float = READ_SECONDS,
        backoff: float = BACKOFF,
    ) -> None:
        self.base = base.rstrip("/") + "/"
        self._headers = {"Accept": "application/json", "User-Agent": "nss-portal", **(headers or {})}
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=read_seconds),
            retries=urllib3.Retry(
                total=TRIES,
                backoff_factor=backoff,
                backoff_max=LONGEST_WAIT,
                status_forcelist=WORTH_ANOTHER_TRY,
                allowed_methods={"GET"},
                # A redirect could take the key elsewhere.
                redirect=0,
                raise_on_redirect=False,
                raise_on_status=False,
                retry_after_max=LONGEST_WAIT,
            ),
        )

    def get(self, path: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Give the JSON object at a path, or at a whole address of this service; raises ServiceError."""
        url = urljoin(self.base, path)
        if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
            raise Garbled(_("the service sends us on to another address: {url}").format(url=_plain(url)))
        status, content = self._fetched(url, fields)
        if status in (401, 403):
            raise ServiceRefused(
                _("the service does not let us in ({status}): is the key right?").format(status=status)
            )
        if status == 404:
            raise NotThere(_("the service does not have {url}").format(url=_plain(url)))
        if status in WORTH_ANOTHER_TRY:
            raise ServiceAway(_("the service answers {status}").format(status=status))
        if status != 200:
            raise Garbled(_("the service answers {status}").format(status=status))
        try:
            found = json.loads(content.decode("utf-8-sig"), parse_float=str)
        except (ValueError, RecursionError):
            raise Garbled(_("the service answers something that is no JSON")) from None
        if not isinstance(found, dict):
            raise Garbled(_("the service answers something that is no JSON object"))
        return found

    def _fetched(self, url: str, fields: Mapping[str, str] | None) -> tuple[int, bytes]:
        try:
            response = self._pool.request(
                "GET", url, fields=fields, headers=self._headers, preload_content=False, redirect=False
            )
            try:
                content = response.read(MOST_BYTES + 1, decode_content=True)
            finally:
                response.release_conn()
        except urllib3.exceptions.HTTPError as error:
            says = _("the service at {host} does not answer ({kind})")
            kind = type(getattr(error, "reason", None) or error).__name__
            raise ServiceAway(says.format(host=urlsplit(url).hostname, kind=kind)) from error
        if len(content) > MOST_BYTES:
            raise Garbled(_("the answer is larger than {size} MB").format(size=MOST_BYTES // 1_000_000))
        return response.status, content

    def rows(self, path: str, fields: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """Give the rows of `value` of all pages, by `@odata.nextLink` or `odata.nextLink`; raises ServiceError."""
        seen: set[str] = set()
        following: str | None = path
        while following is not None:
            if following in seen or len(seen) >= MOST_PAGES:
                raise Garbled(_("the pages of the answer go round in circles"))
            seen.add(following)
            page = self.get(following, fields)
            fields = None  # the address of the next page has them
            value = page.get("value")
            if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
                raise Garbled(_("the answer has no list 'value'"))
            yield from value
            following = page.get("@odata.nextLink") or page.get("odata.nextLink") or None


def _plain(url: str) -> str:
    """Give an address without its query, which may hold what is nobody's business."""
    return url.partition("?")[0]
