"""WeasyPrint, loaded when the first report is made and kept warm: importing it costs two seconds."""

import atexit
import gc
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from nss_portal.core.pdf import archive, assets

STYLE_SHEET = f"{assets.BASE}css/report.css"


@cache
def _fetcher() -> Any:
    """Give the fetcher that reads our static files and fails the report on anything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class StaticFetcher(URLFetcher):
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            try:
                path = assets.static_file(url)
            except assets.NotOurs as error:
                raise FatalURLFetchingError(f"a report may not read {error}") from None
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": assets.content_type(path)})

    return StaticFetcher()


@cache
def _prepared() -> tuple[Any, Any]:
    """Give the fonts and the style sheet, read once per process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    atexit.register(_prepared.cache_clear)  # it removes its temporary folder, which it cannot at the very end
    return fonts, CSS(url=STYLE_SHEET, url_fetcher=_fetcher(), font_config=fonts)


def html_to_pdf(html: str, *, variant: str, identifier: bytes, attached: Sequence[archive.Attached] = ()) -> bytes:
    """Turn a whole HTML document into a PDF of a variant ('pdf/ua-1', 'pdf/a-3a', or both: `archive.VARIANT`).

    Custom metadata (`<meta name="…">`) goes along. The same HTML gives the same bytes. Raises
    `weasyprint.urls.FatalURLFetchingError` when the document asks for anything but our static files, ReportFault
    when something cannot be drawn or has no text for those who do not see it.
    """
    with _without_collecting(), _strict():
        return _written(html, variant, identifier, attached)


def _written(html: str, variant: str, identifier: bytes, attached: Sequence[archive.Attached]) -> bytes:
    """Lay out and write; what that needed is free again when this returns."""
    from weasyprint import HTML

    fonts, style = _prepared()
    is_both = variant == archive.VARIANT
    document = HTML(string=html, base_url=assets.BASE, url_fetcher=_fetcher())
    pdf: bytes = document.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        finisher=archive.claim_ua if is_both else None,
        pdf_variant=archive.BASE if is_both else variant,
        pdf_identifier=identifier,
        pdf_tags=True,
        custom_metadata=True,
        uncompressed_pdf=variant.startswith("pdf/a"),
        attachments=archive.for_weasyprint(attached) or None,
    )
    return pdf


class ReportFault(RuntimeError):
    """WeasyPrint would have gone on without something that belongs in the report: a chart, a text for a figure."""


class _Faults(logging.Handler):
    """Keeps what WeasyPrint calls an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(record.getMessage())


@contextmanager
def _strict() -> Iterator[None]:
    """Raise ReportFault for what WeasyPrint only notes in its log."""
    logger, faults = logging.getLogger("weasyprint"), _Faults()
    level, propagates = logger.level, logger.propagate
    logger.addHandler(faults)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(faults)
        logger.setLevel(level)
        logger.propagate = propagates
    if faults.found:
        raise ReportFault("; ".join(faults.found[:5]))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Pause garbage collection: it would walk the same living objects again and again, a fifth of the time.

    What came in the meantime is young, so looking through the young afterwards frees the whole document at once;
    left to itself it would wait, and the memory of a worker would grow.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect(1)
