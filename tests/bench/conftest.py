"""The national data of the benchmarks: loaded once, for all of them."""

import time
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.figures import Figures


@pytest.fixture(autouse=True)
def without_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test client keep no copy of every template's context: that is no work of the portal."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_args, **_kwargs: None)


@pytest.fixture(scope="session")
def national(django_db_setup: None, django_db_blocker: DjangoDbBlocker, figures: Figures) -> Iterator[None]:
    """All 342 municipalities with a contract and reviews each; how long that takes is noted."""
    with django_db_blocker.unblock():
        # Without the mark django_db no test database is made, and the national data would come into, and be
        # flushed out of, the database that DATABASE_URL names.
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_reference", verbosity=0)
        start = time.perf_counter()
        call_command("load_demo", scale="national", verbosity=0)
        figures.record("demo data at national scale, loaded", time.perf_counter() - start, "s")
        yield
        call_command("flush", interactive=False, verbosity=0)
