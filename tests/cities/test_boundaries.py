"""`import_boundaries`: GeoJSON and TopoJSON, degrees and the Dutch grid; a bad file is refused as a whole."""

import json
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pyproj import Transformer

from cities.models import Municipality, MunicipalityBoundary
from cities.services import boundary_file
from cities.services.boundaries import import_boundaries
from cities.services.boundary_file import read_boundaries
from cities.services.merging import plan_merger
from governance.models import User
from nss_portal.core.access import NotAllowed
from nss_portal.core.time import today
from tests.access.cast import make_city

pytestmark = pytest.mark.django_db

Point = tuple[float, float]
LEFT: list[Point] = [(5.0, 52.0), (5.5, 52.0), (5.5, 52.3), (5.0, 52.3), (5.0, 52.0)]
RIGHT: list[Point] = [(5.5, 52.0), (6.0, 52.0), (6.0, 52.3), (5.5, 52.3), (5.5, 52.0)]


@pytest.fixture
def towns() -> tuple[Municipality, Municipality]:
    found = []
    for code, level, lon in (("GM0001", "mission", 5.2), ("GM0002", "other", 5.7)):
        town = make_city(level, name=f"Stad {code}").municipality
        Municipality.objects.filter(pk=town.pk).update(code=code, lat=52.1, lon=lon, population=100_000)
        found.append(Municipality.objects.get(pk=town.pk))
    return found[0], found[1]


def feature(code: str, ring: list[Point], **properties: object) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"statcode": code, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write(folder: Path, content: object) -> Path:
    path = folder / "grenzen.json"
    path.write_text(json.dumps(content) if not isinstance(content, str) else content, encoding="utf-8")
    return path


def collection(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def run(path: Path) -> str:
    out = StringIO()
    call_command("import_boundaries", str(path), stdout=out)
    return out.getvalue()


def centre(code: str) -> Point:
    ring = MunicipalityBoundary.objects.get(municipality__code=code).geometry["coordinates"][0]
    return (
        sum(point[0] for point in ring[:-1]) / (len(ring) - 1),
        sum(point[1] for point in ring[:-1]) / (len(ring) - 1),
    )


def test_geojson_in_degrees(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    make_city()
    path = write(tmp_path, collection(feature("GM0001", LEFT), feature("0002", RIGHT)))
    assert run(path).startswith("boundaries 2\nwithout 1\n")
    assert centre("GM0001") == pytest.approx((5.25, 52.15), abs=0.001)
    assert run(path).startswith("boundaries 2\n"), "a second time replaces them"
    assert MunicipalityBoundary.objects.count() == 2


def test_the_dutch_grid_is_turned_into_degrees(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    grid = Transformer.from_crs(4326, 28992, always_xy=True)
    ring = [grid.transform(*point) for point in LEFT]
    run(write(tmp_path, collection(feature("GM0001", ring))))
    assert centre("GM0001") == pytest.approx((5.25, 52.15), abs=0.001)


def test_topojson_with_shared_lines(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    content = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [5.0, 52.0]},
        "arcs": [[[5, 0], [0, 3]], [[5, 3], [-5, 0], [0, -3], [5, 0]], [[5, 0], [5, 0], [0, 3], [-5, 0]]],
        "objects": {
            "provinces": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "PV26"}}],
            },
            "municipalities": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "GM0001"}},
                    {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"code": "GM0002"}},
                ],
            },
        },
    }
    assert run(write(tmp_path, content)).startswith("boundaries 2\n")
    assert centre("GM0001") == pytest.approx((5.25, 52.15), abs=0.001)


def test_the_map_shows_areas_once_they_are_loaded(
    client: Client, tmp_path: Path, towns: tuple[Municipality, Municipality]
) -> None:
    before = client.get("/gemeenten/").content.decode()
    assert 'data-province="ut"' in before
    run(write(tmp_path, collection(feature("GM0001", LEFT), feature("GM0002", RIGHT))))
    page = client.get("/gemeenten/").content.decode()
    assert 'data-province="ut"' not in page
    assert page.count('fill-opacity="0.28"') == 1, "the mission city is an area of its own colour"
    assert "Grenzen: CBS" in page
    narrowed = client.get("/gemeenten/?niveau=other").content.decode()
    assert 'fill-opacity="0.28"' not in narrowed


def test_after_a_merger_the_area_is_part_of_the_successor(
    client: Client, tmp_path: Path, towns: tuple[Municipality, Municipality]
) -> None:
    run(write(tmp_path, collection(feature("GM0001", LEFT), feature("GM0002", RIGHT))))
    plan_merger(actor=User.objects.system(), old=towns[1], new=towns[0], on=today())
    page = client.get("/gemeenten/").content.decode()
    area = page.split('fill-opacity="0.28"')[1].split("</path>")[0]
    assert area.count("M") >= 2


def test_water_of_a_municipality_is_left_out(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    run(write(tmp_path, collection(feature("GM0001", LEFT), feature("GM0001", RIGHT, h2o="JA"))))
    assert centre("GM0001") == pytest.approx((5.25, 52.15), abs=0.001)


BAD: list[tuple[object, str]] = [
    ("", "JSON"),
    ("{", "JSON"),
    ("[1, NaN]", "NaN"),
    ({"type": "Polygon"}, "geen gebieden"),
    (collection(), "geen gebieden"),
    (collection(feature("", LEFT)), "gebied 1"),
    (collection(feature("GM0001", LEFT), feature("GM0001", RIGHT)), "gebied 2"),
    (collection(feature("GM9999", LEFT)), "GM9999"),
    (collection(feature("GM0001", [(10.0, 10.0), (11.0, 10.0), (11.0, 11.0), (10.0, 10.0)])), "buiten Nederland"),
    (collection({**feature("GM0001", LEFT), "geometry": {"type": "Point", "coordinates": [5, 52]}}), "vlak"),
    (collection({**feature("GM0001", LEFT), "geometry": None}), "gebied 1"),
    (collection({**feature("GM0001", LEFT), "geometry": {"type": "Polygon", "coordinates": [["a"]]}}), "gebied 1"),
    ({"type": "Topology", "objects": {"a": {}}, "arcs": [[["x"]]]}, "TopoJSON"),
]


@pytest.mark.parametrize(("content", "says"), BAD)
def test_a_bad_file_is_refused_and_the_old_boundaries_stay(
    tmp_path: Path, towns: tuple[Municipality, Municipality], content: object, says: str
) -> None:
    run(write(tmp_path, collection(feature("GM0001", LEFT))))
    with pytest.raises(CommandError) as caught:
        run(write(tmp_path, content))
    assert caught.value.returncode == 2
    assert says in str(caught.value)
    assert MunicipalityBoundary.objects.count() == 1


def test_a_code_that_no_longer_exists_is_refused(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    Municipality.objects.filter(code="GM0002").update(valid_to=today().replace(year=2022))
    with pytest.raises(CommandError, match="GM0002"):
        run(write(tmp_path, collection(feature("GM0001", LEFT), feature("GM0002", RIGHT))))
    assert not MunicipalityBoundary.objects.exists()


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary_file, "MOST_BYTES", 50)
    with pytest.raises(CommandError, match="MB") as caught:
        run(write(tmp_path, collection(feature("GM0001", LEFT))))
    assert caught.value.returncode == 2
    with pytest.raises(CommandError, match=r"niets\.json"):
        run(tmp_path / "niets.json")


def test_only_the_portal_itself_loads_boundaries(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    areas = read_boundaries(write(tmp_path, collection(feature("GM0001", LEFT))))
    with pytest.raises(NotAllowed):
        import_boundaries(actor=None, areas=areas, source="")


def test_a_detailed_outline_is_made_simple(tmp_path: Path, towns: tuple[Municipality, Municipality]) -> None:
    north = [(5.0 + 0.5 * step / 5000, 52.3 + 0.0001 * (step % 2)) for step in range(5000, -1, -1)]
    ring: list[Point] = [(5.0, 52.0), (5.5, 52.0), *north, (5.0, 52.0)]
    started = time.perf_counter()
    run(write(tmp_path, collection(feature("GM0001", ring))))
    assert time.perf_counter() - started < 10
    boundary = MunicipalityBoundary.objects.get()
    assert len(boundary.outline) < 500
    assert len(boundary.geometry["coordinates"][0]) < 200
