"""What is built and committed in static/: fresh, small, complete, and from the public registry only."""

import gzip
import hashlib
import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
DESIGN = ROOT / "nss_portal" / "design"


def test_the_style_sheet_was_built_from_the_sources_as_they_are():
    names = sorted(
        path.relative_to(DESIGN).as_posix()
        for path in DESIGN.rglob("*")
        if path.suffix in {".css", ".js", ".mjs", ".py"} and "__pycache__" not in path.parts
    )
    digest = hashlib.sha256("".join((DESIGN / name).read_text() for name in names).encode()).hexdigest()
    built = re.search(r"/\* sources (\w+) \*/", (STATIC / "css/portal.css").read_text())
    assert built is not None
    assert built[1] == digest, "run npm run build"


def test_the_style_sheet_and_scripts_are_light():
    assert len(gzip.compress((STATIC / "css/portal.css").read_bytes())) < 15_000
    assert len(gzip.compress((STATIC / "js/portal.js").read_bytes())) < 3_000
    assert len(gzip.compress((STATIC / "vendor/htmx.min.js").read_bytes())) < 20_000


def test_what_the_style_sheet_names_is_there():
    named = re.findall(r"url\(([^)]+)\)", (STATIC / "css/portal.css").read_text())
    assert len(named) >= 8
    assert [name for name in named if not (STATIC / "css" / name.strip("\"'")).exists()] == []


def test_what_is_by_others_has_its_licence_beside_it():
    for licence in ["fonts/OFL.txt", "vendor/htmx.LICENSE.txt"]:
        assert (STATIC / licence).stat().st_size > 300
    assert (ROOT / "tests/browser/vendor/axe.LICENSE.txt").stat().st_size > 300


def test_the_lock_file_names_no_registry_but_the_public_one():
    lock = (ROOT / "package-lock.json").read_text()
    hosts = set(re.findall(r'"resolved": "https?://([^/"]+)', lock))
    assert hosts <= {"registry.npmjs.org"}
    assert json.loads(lock)["packages"][""]["license"] == "EUPL-1.2"


def test_the_token_files_give_every_colour_a_dark_one():
    tokens = (DESIGN / "css/00-tokens.css").read_text()
    light, dark = tokens.split("@media (prefers-color-scheme: dark)")
    colours = set(re.findall(r"(--basis-[\w-]+):\s*#", light))
    assert colours == set(re.findall(r"(--basis-[\w-]+):\s*#", dark))
