"""The map: places fall on the land they lie in, names do not cover each other."""

import csv
import re
from pathlib import Path

import pytest
from django.conf import settings

from nss_portal.core import geo

ROOT = Path(settings.BASE_DIR)
TWELVE = {
    "GM0014": "mission",
    "GM0344": "mission",
    "GM0363": "mission",
    "GM0518": "mission",
    "GM0599": "mission",
    "GM0772": "mission",
    "GM0794": "mission",
    "GM0080": "eoi",
    "GM0193": "eoi",
    "GM0362": "eoi",
    "GM0392": "eoi",
    "GM0546": "eoi",
}
Ring = list[tuple[float, float]]


def municipalities() -> list[dict[str, str]]:
    with (ROOT / "cities/data/municipalities.csv").open() as file:
        return [row for row in csv.DictReader(file) if row["lat"]]


def places() -> list[geo.Place]:
    return [
        geo.Place(
            row["name"],
            float(row["lat"]),
            float(row["lon"]),
            int(row["population"]),
            TWELVE.get(row["cbs_code"], "other"),
            named=row["cbs_code"] in TWELVE,
        )
        for row in municipalities()
    ]


def outlines() -> dict[str, list[Ring]]:
    """Read the provinces as drawn: 'M x y l dx dy … z' per island."""
    text = (ROOT / "templates/components/map_outlines.html").read_text()
    drawn = {}
    for code, path in re.findall(r'data-province="(\w+)" d="([^"]+)"', text):
        drawn[code] = [ring(part) for part in path.split("z") if part]
    return drawn


def ring(part: str) -> Ring:
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", part)]
    x, y = numbers[:2]
    corners = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = x + dx, y + dy
        corners.append((x, y))
    return corners


def inside(x: float, y: float, corners: Ring) -> bool:
    crossings = 0
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            crossings += 1
    return crossings % 2 == 1


def near(x: float, y: float, rings: list[Ring], reach: float) -> bool:
    """Say whether a point lies in one of the rings, or no farther from it than `reach` (seen in 8 directions)."""
    around = [(dx * reach, dy * reach) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return any(inside(x + dx, y + dy, one) for one in rings for dx, dy in around)


def test_every_municipality_lies_in_its_own_province():
    codes = {"PV20": "gr", "PV21": "fr", "PV22": "dr", "PV23": "ov", "PV24": "fl", "PV25": "ge"}
    codes |= {"PV26": "ut", "PV27": "nh", "PV28": "zh", "PV29": "ze", "PV30": "nb", "PV31": "li"}
    drawn = outlines()
    assert len(drawn) == 12
    strays = [
        row["name"]
        for row in municipalities()
        if not near(*geo.project(float(row["lat"]), float(row["lon"])), drawn[codes[row["province_code"]]], 1.5)
    ]
    # The drawing is older than 2019, when Vijfheerenlanden went from Zuid-Holland to Utrecht; the middle of
    # Wijdemeren is a lake on the border of two provinces.
    assert strays == ["Wijdemeren", "Vijfheerenlanden"]


def test_the_projection_gives_the_units_of_the_drawing():
    x, y = geo.project(52.37379, 4.88397)
    assert (round(x, 1), round(y, 1)) == (241.5, 311.3)


def test_names_cover_neither_each_other_nor_a_named_dot():
    named = [dot for dot in geo.drawing(places()).dots if dot.place.named]
    assert len(named) == 12
    boxes = {}
    for dot in named:
        width = len(dot.place.name) * geo.LETTER
        left = dot.label_x - {"start": 0, "end": width, "middle": width / 2}[dot.anchor]
        boxes[dot.place.name] = geo.Box(left, dot.label_y - 13, left + width, dot.label_y + 4)
    for name, box in boxes.items():
        assert box.outside() == pytest.approx(0, abs=1)
        assert [other for other in boxes if other != name and box.overlap(boxes[other]) > 1] == []
        assert [dot.place.name for dot in named if box.overlap(dot.box) > 6] == []


def test_what_matters_is_drawn_last_and_the_rest_as_one_path():
    drawing = geo.drawing(places())
    kinds = [dot.place.kind for dot in drawing.dots]
    assert kinds == ["eoi"] * 5 + ["mission"] * 7
    assert drawing.others.count("M") == 330


def test_a_dot_grows_by_area():
    assert (geo.radius(400_000) - 0.8) == pytest.approx(2 * (geo.radius(100_000) - 0.8))
