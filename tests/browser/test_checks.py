"""`check_page` complains of what it is there for."""

import pytest

from tests.browser.checks import check_page, watch
from tests.browser.conftest import WIDE

GOOD = (
    '<!doctype html><html lang="nl"><head><title>Goed</title></head>'
    "<body><main><h1>Goed</h1><p>Tekst</p></main></body></html>"
)
FAULTS = {
    "title": ("<title>Goed</title>", "<title></title>"),
    "h1": ("<p>Tekst</p>", "<h1>Nog een</h1>"),
    "lang": ('lang="nl"', 'lang="fr"'),
    "image-alt": ("<p>Tekst</p>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
    "color-contrast": ("<p>Tekst</p>", '<p style="color:#999;background:#aaa">Tekst</p>'),
    "target-size": (
        "<p>Tekst</p>",
        '<p><button style="width:9px;height:9px;padding:0;border:0" aria-label="een"></button>'
        '<button style="width:9px;height:9px;padding:0;border:0" aria-label="twee"></button></p>',
    ),
    "wider than a phone": ("<p>Tekst</p>", '<p style="width:600px">Tekst</p>'),
    "script": ("<p>Tekst</p>", "<script>throw new Error('fout')</script>"),
    "console": ("<p>Tekst</p>", "<script>console.error('fout')</script>"),
}


@pytest.fixture
def page(browser):
    """A page without a server: what it shows is set by the test."""
    context = browser.new_context(viewport=WIDE)
    yield watch(context.new_page())
    context.close()


def test_a_good_page_passes(page):
    page.set_content(GOOD)
    check_page(page, dark=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(page, fault):
    page.set_content(GOOD.replace(*FAULTS[fault]))
    with pytest.raises(AssertionError, match=fault):
        check_page(page)


def test_text_that_vanishes_in_the_dark_is_found(page):
    style = "<style>@media (prefers-color-scheme: dark) { body { background: #111 } }</style>"
    page.set_content(GOOD.replace("</head>", f"{style}</head>"))
    check_page(page)
    with pytest.raises(AssertionError, match="in the dark: color-contrast"):
        check_page(page, dark=True)
