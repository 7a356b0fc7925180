"""What the templates of reports need beside `charts` and `formats`."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

from nss_portal.core.pdf.contents import placeholder

register = template.Library()


@register.simple_tag
def contents(depth: int = 2) -> SafeString:
    """Put the table of contents here: `{% contents %}`, or `{% contents depth=1 %}` for the main headings only."""
    return placeholder(depth)


@register.filter
def css_string(value: str) -> SafeString:
    """Write a text as a CSS string, so that nothing in it can end the string or the style element."""
    escaped = re.sub(r"[^\w .,:;·()–-]", lambda match: f"\\{ord(match[0]):06x}", str(value))
    return mark_safe(f'"{escaped}"')  # noqa: S308
