"""From a snapshot to the bytes of a file."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from nss_portal.core import exports, pdf
from nss_portal.core.models import ReportFormat
from nss_portal.core.pdf.assets import BASE, static_file
from nss_portal.core.reports.registry import ReportKind, Snapshot


def make(kind: ReportKind, snapshot: Snapshot, *, format: str, language: str, digest: str) -> bytes:
    """Make the file of a report: PDF (PDF/UA-1, or sealed PDF/A-3), XLSX, JSON, or HTML that stands by itself."""
    with translation.override(language):
        return _MAKERS[format](kind, snapshot, language, digest)


def _pdf(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    context = context_of(kind, snapshot, digest)
    if not kind.is_sealed:
        return pdf.render(kind.template, context, language=language, title=snapshot.title)
    unsealed = pdf.render(
        kind.template,
        context,
        language=language,
        title=snapshot.title,
        variant=pdf.archive.VARIANT,
        attached=kind.attached(snapshot.data),
    )
    return pdf.seal.sealed(unsealed, reason=f"{snapshot.title}, {snapshot.version}")


def _html(kind: ReportKind, snapshot: Snapshot, language: str, digest: str) -> bytes:
    context = {**context_of(kind, snapshot, digest), "style_sheet": _style_with_fonts()}
    page = pdf.page_html(kind.template, context, language=language, title=snapshot.title, for_pdf=False)
    return page.encode()


def _style_with_fonts() -> SafeString:
    """Give the style sheet with its fonts inside, so that the document needs nothing beside itself."""

    def inside(match: re.Match[str]) -> str:
        content = base64.b64encode(static_file(f"{BASE}fonts/{match[1]}").read_bytes()).decode()
        return f"url(data:font/woff2;base64,{content})"

    sheet = static_file(f"{BASE}css/report.css").read_text()
    return mark_safe(re.sub(r"url\(\.\./fonts/([\w.-]+)\)", inside, sheet))  # noqa: S308 our own style sheet


def context_of(kind: ReportKind, snapshot: Snapshot, digest: str) -> dict[str, Any]:
    """Give the template of a report what it needs, with the marks that go into the file."""
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
