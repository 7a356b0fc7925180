"""Read a file of boundaries, GeoJSON or TopoJSON, and say what is wrong with it."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from cities.services.municipality_table import BadTable

MOST_BYTES, MOST_FEATURES, MOST_POINTS = 60_000_000, 2_000, 4_000_000
CODE_FIELDS = ("statcode", "gemeentecode", "gm_code", "cbs_code", "code")
# The Netherlands in degrees (WGS 84) and in metres of the Dutch grid (RD, EPSG:28992).
DEGREES = (3.0, 50.5, 7.5, 53.9)
GRID = (-10_000.0, 290_000.0, 300_000.0, 640_000.0)
TO_DEGREES = Transformer.from_crs(28992, 4326, always_xy=True)


@dataclass(frozen=True)
class Area:
    """One municipality's boundary as the file gives it, in degrees (WGS 84)."""

    number: int
    code: str
    geometry: BaseGeometry


def read_boundaries(path: Path) -> list[Area]:
    """Read all boundaries of a file; raises OSError, and BadTable with every problem found."""
    if path.stat().st_size > MOST_BYTES:
        text = _("the file is larger than {size} MB; take the generalised boundaries")
        raise BadTable([text.format(size=MOST_BYTES // 1_000_000)])
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadTable([_("this is not a JSON file: {error}").format(error=str(error)[:200])]) from error
    features = list(_features(data))
    if not features:
        raise BadTable([_("the file has no areas: expected GeoJSON or TopoJSON with municipalities")])
    if len(features) > MOST_FEATURES:
        raise BadTable([_("the file has more than {number} areas").format(number=MOST_FEATURES)])
    return _areas(features)


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _features(data: Any) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Give (properties, geometry) of every municipality in the file; the geometry of GeoJSON or None."""
    if not isinstance(data, dict):
        return
    if data.get("type") == "FeatureCollection" and isinstance(data.get("features"), list):
        for feature in data["features"]:
            properties = feature.get("properties") if isinstance(feature, dict) else None
            yield (properties or {}, feature.get("geometry") if isinstance(feature, dict) else None)
    if data.get("type") == "Topology" and isinstance(data.get("objects"), dict):
        yield from _of_topology(data)


def _of_topology(data: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Any]]:
    try:
        arcs = _arcs(data)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        raise BadTable([_("the lines of this TopoJSON file cannot be read")]) from error
    for thing in data["objects"].values():
        parts = thing.get("geometries") if isinstance(thing, dict) else None
        for part in parts or []:
            properties = part.get("properties") or {}
            code = _code(properties)
            if not code.startswith("GM") and len(data["objects"]) > 1:
                continue  # another layer of the same file: provinces, say
            try:
                yield properties, _geometry(part, arcs)
            except (TypeError, ValueError, KeyError, IndexError):
                yield properties, None


def _arcs(data: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Give the lines of a TopoJSON file with their real coordinates: it keeps differences in steps of a grid."""
    transform = data.get("transform")
    if not transform:
        return [[(float(x), float(y)) for x, y, *_rest in arc] for arc in data["arcs"]]
    (scale_x, scale_y), (left, low) = transform["scale"], transform["translate"]
    lines = []
    for arc in data["arcs"]:
        x = y = 0
        line = []
        for dx, dy, *_rest in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + left, y * scale_y + low))
        lines.append(line)
    return lines


def _geometry(part: Mapping[str, Any], arcs: list[list[tuple[float, float]]]) -> Any:
    def ring(keys: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for key in keys:
            line = arcs[key] if key >= 0 else arcs[~key][::-1]
            points += line[1:] if points else line
        return points

    if part["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [ring(keys) for keys in part["arcs"]]}
    if part["type"] == "MultiPolygon":
        return {"type": "MultiPolygon", "coordinates": [[ring(keys) for keys in one] for one in part["arcs"]]}
    return None


def _code(properties: Mapping[str, Any]) -> str:
    """Give the CBS code of an area as GM with four digits, or what stands there."""
    lower = {str(name).lower(): value for name, value in properties.items()}
    found = next((lower[name] for name in CODE_FIELDS if lower.get(name) not in (None, "")), "")
    text = str(found).strip().upper()
    return f"GM{int(text):04d}" if text.isascii() and text.isdigit() and len(text) <= 4 else text


def _areas(features: list[tuple[Mapping[str, Any], Any]]) -> list[Area]:
    problems: list[str] = []
    seen: dict[str, int] = {}
    found: list[Area] = []
    points = 0
    for number, (properties, raw) in enumerate(features, start=1):
        if str(properties.get("h2o") or properties.get("H2O") or "").upper() == "JA":
            continue  # the file of CBS has the water of a municipality as an area of its own
        code = _code(properties)
        if not (len(code) == 6 and code.startswith("GM") and code[2:].isdigit()):
            text = _("area {number}: no CBS code of a municipality (looked for {fields})")
            problems.append(text.format(number=number, fields=", ".join(CODE_FIELDS)))
            continue
        if code in seen:
            text = _("area {number}: {code} is area {first} already")
            problems.append(text.format(number=number, code=code, first=seen[code]))
            continue
        seen[code] = number
        try:
            geometry = in_degrees(raw)
        except ValueError as error:
            problems.append(_("area {number}, {code}: {error}").format(number=number, code=code, error=error))
            continue
        points += shapely.get_num_coordinates(geometry)
        if points > MOST_POINTS:
            raise BadTable([_("the file has more than {number} points").format(number=MOST_POINTS)])
        found.append(Area(number, code, geometry))
    if problems:
        raise BadTable(problems)
    return found


def in_degrees(raw: Any) -> BaseGeometry:
    """Give a GeoJSON geometry as a valid surface in degrees; metres of the Dutch grid are turned into degrees.

    Raises ValueError with a text for people.
    """
    try:
        geometry = shape(raw)
    except Exception as error:
        raise ValueError(_("its shape cannot be read")) from error
    if geometry.is_empty or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError(_("it is not a surface"))
    if not all(map(math.isfinite, geometry.bounds)):
        raise ValueError(_("its shape cannot be read"))
    if not _inside(geometry.bounds, DEGREES):
        if not _inside(geometry.bounds, GRID):
            raise ValueError(_("it lies outside the Netherlands, in degrees as well as in the Dutch grid (RD)"))
        geometry = shapely.transform(geometry, TO_DEGREES.transform, interleaved=False)
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure")
    if geometry.is_empty or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        raise ValueError(_("its lines cross each other"))
    return geometry


def _inside(bounds: tuple[float, ...], around: tuple[float, ...]) -> bool:
    return bounds[0] >= around[0] and bounds[1] >= around[1] and bounds[2] <= around[2] and bounds[3] <= around[3]


def path_of(geometry: BaseGeometry) -> str:
    """Give a surface as the path of an SVG, in tenths of its units; parts smaller than a point are left out."""
    parts = []
    for polygon in getattr(geometry, "geoms", [geometry]):
        for ring in [polygon.exterior, *polygon.interiors]:
            points = [(round(x, 1), round(y, 1)) for x, y in ring.coords]
            kept = [points[0], *(after for before, after in pairwise(points) if after != before)]
            if len(kept) < 4:
                continue
            steps = "".join(f"{x2 - x1:.1f} {y2 - y1:.1f} " for (x1, y1), (x2, y2) in pairwise(kept[:-1]))
            parts.append(f"M{kept[0][0]} {kept[0][1]}l{steps.rstrip()}z")
    return "".join(parts).replace(".0 ", " ").replace(" -", "-").replace(".0-", "-").replace(".0z", "z")
