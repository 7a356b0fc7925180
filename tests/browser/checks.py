"""What every page must be: accessible, quiet in the console, no wider than a phone, with one title and one h1."""

from collections import defaultdict
from pathlib import Path
from weakref import WeakKeyDictionary

from playwright.sync_api import ConsoleMessage, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Where a page is no other than it was but for its colours, only these rules can say something else.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
ALL = {"type": "tag", "values": TAGS}
RUN = """([only, size]) => axe.run(document, {
    runOnly: only, rules: size ? {'target-size': {enabled: true}} : {}, resultTypes: ['violations'],
    elementRef: false, iframes: false, preload: false
})"""

_noises: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Keep what a page logs as an error, so that `check_page` can complain of it."""
    noises = _noises[page] = []

    def on_console(message: ConsoleMessage) -> None:
        # An answer of 403, 404 or 409 that a test asks for is logged by the browser too: that is no fault.
        expected = message.text.startswith("Failed to load resource") and "/static/" not in message.text
        if message.type == "error" and not expected:
            noises.append(f"console: {message.text}")

    # Who leaves a form with typed text is asked by the browser; without an answer the next page never comes.
    page.on("dialog", lambda dialog: dialog.accept())
    page.on("console", on_console)
    page.on("pageerror", lambda error: noises.append(f"script: {error}"))
    page.on(
        "response",
        lambda answer: (
            noises.append(f"{answer.status} {answer.url}")
            if answer.status >= 500 or (answer.status >= 400 and "/static/" in answer.url)
            else None
        ),
    )
    return page


def axe_violations(page: Page, *, colours_only: bool = False) -> list[str]:
    """Run axe-core on the page as it stands; gives one line per rule and element that fails."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, [COLOURS if colours_only else ALL, not colours_only])["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in found
        for node in violation["nodes"]
    ]


def overflow(page: Page, width: int = 390) -> list[str]:
    """Give the elements that stick out of a screen of this width; the page gets its own width back."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": width, "height": before["height"]})
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')]
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 120))
            .slice(0, 5)
            .concat([`wide ${document.documentElement.scrollWidth} px`])"""
    )
    page.set_viewport_size(before)
    return found


def check_page(page: Page, *, dark: bool = False) -> None:
    """Fail when the page is not what every page must be; with `dark` its dark colours are checked too."""
    # After a click the address may be the next page's before the page is there.
    page.wait_for_load_state()
    faults: dict[str, list[str]] = defaultdict(list)
    if not page.title().strip():
        faults["title"].append("the page has no title")
    if (count := page.locator("h1").count()) != 1:
        faults["h1"].append(f"{count} first headings, not one")
    if page.locator("html").get_attribute("lang") not in {"nl", "en"}:
        faults["lang"].append("the page does not say its language")
    faults["accessibility"] += axe_violations(page)
    if dark:
        page.emulate_media(color_scheme="dark")
        faults["accessibility in the dark"] += axe_violations(page, colours_only=True)
        page.emulate_media(color_scheme="light")
    faults["wider than a phone"] += overflow(page)
    faults["noise"] += _noises.get(page, [])
    lines = [f"{kind}: {line}" for kind, found in faults.items() for line in found]
    assert not lines, f"{page.url}\n" + "\n".join(lines)
