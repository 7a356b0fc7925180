"""The map of municipalities, drawn once for the same dots: its markup is kept per process."""

from collections.abc import Iterable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cities.presenting import map_label
from cities.selectors import MunicipalityRow, places
from nss_portal.core.geo import Place, drawing


def map_of(rows: Iterable[MunicipalityRow], *, table_url: str) -> SafeString:
    """Give the map of these municipalities as markup; `table_url` leads to the same as a table."""
    rows = list(rows)
    return _markup(tuple(places(rows)), map_label(rows), table_url, get_language() or "nl")


@lru_cache(maxsize=64)
def _markup(dots: tuple[Place, ...], label: str, table_url: str, language: str) -> SafeString:
    """Draw the map; `language` is part of the key, since its legend is in words."""
    return render_to_string("components/map.html", {"map": drawing(dots), "label": label, "table_url": table_url})
