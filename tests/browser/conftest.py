"""A browser on a live server: `page` (1280 px), `phone` (390 px), `without_script`, `login_as`, `new_page`."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.checks import check_page as check
from tests.browser.checks import watch

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests in this folder as browser tests."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One Playwright per process. It keeps an event loop in this thread, which Django's ORM must not mind."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium without windows, which is quicker, or with them; else the one that Playwright brought."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    running = playwright.chromium.launch(executable_path=found, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a page of the live server with options of Playwright's; what it logs is watched by `check_page`."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Page:
        options = {"viewport": WIDE, "locale": "nl-NL", "reduced_motion": "reduce", **options}
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return watch(context.new_page())

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A desk: 1280 px wide."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A phone: 390 px wide, with touch."""
    return new_page(viewport=NARROW, has_touch=True, device_scale_factor=2)


@pytest.fixture
def without_script(new_page: Callable[..., Page]) -> Page:
    """A desk whose browser runs no script."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def login_as(live_server: Any) -> Callable[[Page, Any], Page]:
    """Give a page the session of a user: `login_as(page, user)`."""

    def logged_in(page: Page, user: Any) -> Page:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        return page

    return logged_in


@pytest.fixture
def check_page() -> Callable[..., None]:
    """Check what every page must be: `check_page(page)`, see `tests.browser.checks.check_page`."""
    return check
