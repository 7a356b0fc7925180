"""Reports about municipalities, by the people of the matrix."""

from pathlib import Path

import pytest

from nss_portal.core import reports
from nss_portal.core.reports import registry
from tests.access.cast import Cast
from tests.core.reports.kind import MunicipalityReport


@pytest.fixture(autouse=True)
def kind(settings):
    """Register the kind for one test, with its template."""
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], str(Path(__file__).parent / "templates")]}]
    before = dict(registry._kinds)
    registry._kinds.clear()
    reports.kind("municipality", resource="municipality", formats=("pdf", "html", "xlsx", "json"))(
        MunicipalityReport
    )
    yield registry.kind_named("municipality")
    registry._kinds.clear()
    registry._kinds.update(before)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Keep files in a folder of this test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def team(cast):
    return cast.person("team")


def code_of(person) -> str:
    """Give the code of the municipality of somebody's organisation."""
    return person.own.municipality.code
