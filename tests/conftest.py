"""Servers for the suite: those that DATABASE_URL and REDIS_URL name, else embedded ones in a temporary folder."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.utils import translation

from nss_portal.core import translations
from nss_portal.supervisor.layout import Layout
from nss_portal.supervisor.leases import leases, needed
from tests import emptying, leftovers
from tests.figures import figures_fixture, pytest_addoption, pytest_terminal_summary

__all__ = ["figures_fixture", "pytest_addoption", "pytest_terminal_summary"]

# A busy machine is no fault, and the suite finds the same thing twice.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")

_held = pytest.StashKey[contextlib.ExitStack]()


def _is_worker(config: pytest.Config) -> bool:
    """Say whether this process is one of several that run the suite side by side."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Bring up what the suite needs before the first test."""
    emptying.install()
    layout = Layout(Path(os.environ["NSS_TEST_DATA_DIR"]))
    held = config.stash[_held] = contextlib.ExitStack()
    if not _is_worker(config):
        leftovers.remove_leftovers(Path(tempfile.gettempdir()))
        held.callback(shutil.rmtree, layout.data_dir, ignore_errors=True)
        held.callback(leftovers.hold(layout.data_dir).close)
        translations.compile_all()
    if not config.option.collectonly:
        held.enter_context(leases(layout, needed(), throwaway=True))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, in whatever order the rest is: else all would wait for it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _in_dutch() -> Iterator[None]:
    """A test begins in Dutch, also after one that asked for an English page: a request leaves its language on."""
    with translation.override("nl"):
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was brought up, and remove it."""
    held = config.stash.get(_held, None)
    if held is not None:
        held.close()


@pytest.fixture(autouse=True)
def broker_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget that an earlier test found no broker: the next one would not try it for ten seconds."""
    monkeypatch.setattr("nss_portal.core.jobs.queue._away_until", 0.0)
    monkeypatch.setattr("nss_portal.core.cache.SharedCache.away_until", 0.0)
