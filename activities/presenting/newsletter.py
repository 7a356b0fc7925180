"""A newsletter as a mail: one page of HTML that needs nothing from elsewhere, and the same as plain text."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from activities.models import Newsletter
from activities.selectors.newsletter import chosen
from nss_portal.core.markdown import rendered
from nss_portal.core.portal_name import portal_name


def letter(newsletter: Newsletter) -> dict[str, Any]:
    """Give what stands in a newsletter: the same for the preview, the HTML and the text. A query per kind."""
    return {
        "newsletter": newsletter,
        "introduction": rendered(newsletter.introduction, heading=2),
        "parts": [{"label": label, "entries": entries} for label, entries in chosen(newsletter.items)],
        "base_url": settings.NSS_BASE_URL,
        "sender": portal_name(),
    }


def html_of(newsletter: Newsletter) -> str:
    """Give the mail as a page of HTML; as it went out for one that was sent. It is Dutch, as its readers are."""
    if newsletter.html:
        return newsletter.html
    with translation.override("nl"):
        return render_to_string("activities/newsletter/mail.html", letter(newsletter))


def text_of(newsletter: Newsletter) -> str:
    """Give the mail as plain text; as it went out for one that was sent."""
    if newsletter.text:
        return newsletter.text
    with translation.override("nl"):
        return render_to_string("activities/newsletter/mail.txt", letter(newsletter)).strip() + "\n"
