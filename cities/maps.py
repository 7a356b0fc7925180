"""The map of municipalities, drawn once for the same dots: its markup is kept per process."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cities.models import MunicipalityBoundary
from cities.models.involvement import Level
from cities.presenting import map_label
from cities.selectors import MunicipalityRow, places
from nss_portal.core.geo import Place, drawing


class Surface(NamedTuple):
    """A municipality's area on the map: the path of its outline, its level and its name."""

    outline: str
    level: str
    name: str


def map_of(rows: Iterable[MunicipalityRow], *, table_url: str) -> SafeString:
    """Give the map of these municipalities as markup; `table_url` leads to the same as a table.

    Once boundaries are loaded, these municipalities are areas in place of the outlines of provinces.
    """
    rows = list(rows)
    loaded = rows[0].boundaries if rows else None
    levels = tuple((row.code, row.level) for row in rows) if loaded else ()
    return _markup(tuple(places(rows)), map_label(rows), table_url, get_language() or "nl", loaded, levels)


@lru_cache(maxsize=64)
def _markup(
    dots: tuple[Place, ...],
    label: str,
    table_url: str,
    language: str,
    loaded: datetime | None,
    levels: tuple[tuple[str, str], ...],
) -> SafeString:
    """Draw the map; `language` is part of the key, since its legend is in words."""
    context = {"map": drawing(dots), "label": label, "table_url": table_url, "land": "", "areas": [], "source": ""}
    if loaded:
        surfaces, source = _surfaces(loaded)
        shown = dict(levels)
        areas = [
            Surface(surface.outline, shown[code], surface.name)
            for code, surface in surfaces.items()
            if shown.get(code, Level.OTHER) != Level.OTHER
        ]
        land = "".join(surface.outline for surface in surfaces.values())
        context |= {"land": land, "areas": areas, "source": source}
    return render_to_string("components/map.html", context)


@lru_cache(maxsize=2)
def _surfaces(loaded: datetime) -> tuple[dict[str, Surface], str]:
    """Give the outlines that were loaded at a moment per code, and whose they are; read once per process.

    The area of a municipality that went on in another one is part of that one.
    """
    rows = MunicipalityBoundary.objects.values_list(
        "municipality__code",
        "municipality__successor__code",
        "municipality__common_name",
        "municipality__successor__common_name",
        "outline",
        "source",
    )
    found: dict[str, Surface] = {}
    source = ""
    for code, successor, name, new_name, outline, whose in rows:
        source = whose
        key, label = (successor, new_name) if successor else (code, name)
        before = found[key].outline if key in found else ""
        found[key] = Surface(before + outline, "", label)
    return found, source
