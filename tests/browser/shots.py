"""`make shots`: pictures of the main pages with demo data, wide, on a phone, in the dark and on paper.

They land in build/shots/ as NAME-wide.png, NAME-phone.png, NAME-dark.png and NAME-print.pdf, to be looked at.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, WIDE

OUT = Path(settings.BASE_DIR) / "build" / "shots"
VISITOR = ""
# Name, who looks (a role of the demonstration), and the way there: an address, then links to follow.
PAGES: list[tuple[str, str, tuple[str, ...]]] = [
    ("home", VISITOR, ("/",)),
    ("municipalities", VISITOR, ("/gemeenten/",)),
    ("municipality", VISITOR, ("/gemeenten/GM0772/",)),
    ("take-part", VISITOR, ("/gemeenten/meedoen/",)),
    ("bottlenecks", VISITOR, ("/knelpunten/",)),
    ("lessons", VISITOR, ("/lessen/",)),
    ("lesson", VISITOR, ("/lessen/", "main tbody a")),
    ("governance", VISITOR, ("/sturing/",)),
    ("variants", VISITOR, ("/sturing/varianten/",)),
    ("demo", VISITOR, ("/demo/",)),
    ("login", VISITOR, ("/account/inloggen/",)),
    ("components", VISITOR, ("/beheer/componenten/",)),
    ("work-team", "team", ("/",)),
    ("work-coordinator", "coordinator", ("/",)),
    ("bottleneck-form", "team", ("/knelpunten/nieuw/",)),
    ("account", "team", ("/account/",)),
    ("jobs", "coordinator", ("/beheer/taken/",)),
]


def log_in(page: Page, role: str) -> None:
    """Become somebody of the demonstration."""
    page.goto("/demo/")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    page.request.post(
        "/demo/inloggen/", form={"role": role, "csrfmiddlewaretoken": token}, headers={"Referer": page.url}
    )


def picture(page: Page, name: str, way: tuple[str, ...]) -> None:
    """Go to a page and keep what it looks like."""
    answer = page.goto(way[0])
    assert answer is not None
    assert answer.ok, f"{way[0]}: {answer.status}"
    for link in way[1:]:
        page.locator(link).first.click()
    page.screenshot(path=OUT / f"{name}-wide.png", full_page=True)
    page.pdf(path=OUT / f"{name}-print.pdf", format="A4")
    page.set_viewport_size(NARROW)
    page.screenshot(path=OUT / f"{name}-phone.png", full_page=True)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=OUT / f"{name}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")


@pytest.mark.django_db(transaction=True)
def test_shots(new_page: Callable[..., Page]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    for role in sorted({role for _name, role, _way in PAGES}):
        page = new_page()
        if role:
            log_in(page, role)
        for name, who, way in PAGES:
            if who == role:
                picture(page, name, way)
