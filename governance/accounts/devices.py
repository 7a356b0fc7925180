"""What a browser calls itself, in words for people."""

import re

from django.utils.translation import gettext as _

# In this order: many browsers name others too.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def describe(user_agent: str) -> str:
    """Give 'Firefox, Windows' for a browser's User-Agent line; 'unknown device' where neither is known."""
    found = [
        next((name for name, mark in names if re.search(mark, user_agent)), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or _("unknown device")
