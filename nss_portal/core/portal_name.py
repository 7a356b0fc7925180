"""What the structure, and so the portal, is called: data with dates (`data/portal_names.csv`), not code."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from nss_portal.core.time import today

DATA = Path(__file__).parent / "data" / "portal_names.csv"


@dataclass(frozen=True)
class PortalName:
    """The name in both languages, from a day on."""

    valid_from: date
    short_name: str
    name_nl: str
    name_en: str
    tagline_nl: str
    tagline_en: str
    source: str

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name_nl

    @property
    def tagline(self) -> str:
        """What stands beside the name, in the language of the page."""
        return self.tagline_en if get_language() == "en" else self.tagline_nl


@cache
def portal_names() -> tuple[PortalName, ...]:
    """Give all names, the oldest first."""
    with DATA.open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    rows = [
        PortalName(
            valid_from=date.fromisoformat(row["valid_from"]),
            **{key: value for key, value in row.items() if key != "valid_from"},
        )
        for row in found
    ]
    return tuple(sorted(rows, key=lambda row: row.valid_from))


def portal_name(on: date | None = None) -> PortalName:
    """Give the name on a day (today unless given); before the first name, the first."""
    day = on or today()
    names = portal_names()
    return max((name for name in names if name.valid_from <= day), default=names[0], key=lambda n: n.valid_from)
