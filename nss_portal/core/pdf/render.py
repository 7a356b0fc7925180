"""From a template and its data to a PDF."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from nss_portal.core.pdf import engine
from nss_portal.core.pdf.archive import Attached
from nss_portal.core.pdf.contents import with_contents


def page_html(template: str, context: Mapping[str, Any], *, language: str, title: str, for_pdf: bool) -> str:
    """Fill a report's template in a language, with its table of contents."""
    with translation.override(language):
        words = {
            "meta": {},
            "subtitle": "",
            "portal_name": _("National Cooperation Structure"),
            **context,
            "title": title,
            "language": language,
            "for_pdf": for_pdf,
        }
        return with_contents(render_to_string(template, words))


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    title: str,
    variant: str = "pdf/ua-1",
    attached: Sequence[Attached] = (),
) -> bytes:
    """Make a PDF out of a template that extends `reports/print/base.html`.

    `language` ('nl', 'en') is that of the texts and of the document, `title` its name, `context["meta"]` a mapping
    of names (letters and digits) to values that are kept in the file, `attached` goes along inside a PDF/A-3. The
    same data give the same bytes.
    """
    html = page_html(template, context, language=language, title=title, for_pdf=True)
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    return engine.html_to_pdf(html, variant=variant, identifier=identifier, attached=attached)
