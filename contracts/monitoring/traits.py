"""How each family of sources counts: facts of `data/emission_traits.csv`, each with where it is told."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent.parent / "data" / "emission_traits.csv"
# In what two sources may differ, in the order in which it matters most.
ASPECTS = ("industry", "ets", "traffic", "territory", "method", "rounding")


@dataclass(frozen=True)
class Trait:
    """One thing that a source does in its own way: `text` goes on after the source's name."""

    aspect: str
    value: str
    text_nl: str
    text_en: str
    citation: str

    @property
    def text(self) -> str:
        """Give the words in the language of the page."""
        return self.text_en if get_language() == "en" else self.text_nl


@cache
def _all() -> dict[str, dict[str, Trait]]:
    found: dict[str, dict[str, Trait]] = {}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            family = row.pop("family")
            found.setdefault(family, {})[row["aspect"]] = Trait(**row)
    return found


def traits_of(source_code: str) -> Mapping[str, Trait]:
    """Give what is known of how a source counts, by aspect.

    Editions of one publication share a family: the longest one that the source's code begins with.
    """
    families = [family for family in _all() if source_code.startswith(family)]
    return _all()[max(families, key=len)] if families else {}
