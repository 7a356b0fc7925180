"""From a snapshot to the bytes of a file."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.safestring import mark_safe

from nss_portal.core import exports, pdf
from nss_portal.core.models import ReportFormat
from nss_portal.core.reports.registry import ReportKind, Snapshot


def make(kind: ReportKind, snapshot: Snapshot, *, format: str, language: str, digest: str) -> bytes:
    """Make the file of a report: PDF (PDF/UA-1), XLSX, JSON, or HTML that stands by itself."""
    with translation.override(language):
        return _MAKERS[format](kind, snapshot, language, digest)


def _pdf(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    context = _context(kind, snapshot, digest)
    return pdf.render(kind.template, context, language=language, title=snapshot.title)


def _html(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    path = finders.find("css/report.css")
    with open(str(path), encoding="utf-8") as file:
        style_sheet = mark_safe(file.read())  # noqa: S308 our own style sheet
    context = {**_context(kind, snapshot, digest), "style_sheet": style_sheet}
    page = pdf.page_html(kind.template, context, language=language, title=snapshot.title, for_pdf=False)
    return page.encode()


def _context(kind: ReportKind, snapshot: Snapshot, digest: str) -> dict[str, Any]:
    return {
        **kind.context(snapshot.data),
        "subtitle": snapshot.subtitle,
        "version": snapshot.version,
        "digest": digest,
        "meta": {"nssreport": kind.name, "nssversion": snapshot.version, "nssdata": digest},
    }


def _xlsx(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    return exports.xlsx(kind.sheets(snapshot.data), title=snapshot.title)


def _json(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    return exports.json_bytes(
        {
            "kind": kind.name,
            "title": snapshot.title,
            "version": snapshot.version,
            "language": language,
            "dataSha256": digest,
            "data": snapshot.data,
        }
    )


_MAKERS: Mapping[str, Callable[[ReportKind, Snapshot, str, str], bytes]] = {
    ReportFormat.PDF: _pdf,
    ReportFormat.XLSX: _xlsx,
    ReportFormat.JSON: _json,
    ReportFormat.HTML: _html,
}
