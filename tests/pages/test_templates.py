"""Hygiene of templates: they compile, are used, and carry no style, script or handler of their own."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.loader import get_template, render_to_string

from tests.undefined import UndefinedVariable

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PACKAGES = ("nss_portal", "governance", "cities", "activities", "contracts")
# Django looks these up by name.
BY_NAME = {"403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without src": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "an hx-on handler": re.compile(r"\shx-on[:=]", re.I),
    "a javascript address": re.compile(r"=[\"']\s*javascript:", re.I),
}
# Mail programs know no style sheets, and a report brings its own: neither goes through the page's policy.
NOT_PAGES = ("core/mail/", "reports/print/", "activities/newsletter/mail.html")


@cache
def sources() -> str:
    """Give all that may name a template: Python of ours and the templates."""
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return "\n".join(path.read_text() for path in [*files, *TEMPLATES.rglob("*.*ml"), *TEMPLATES.rglob("*.txt")])


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(NOT_PAGES)])
def test_it_has_no_inline_style_script_or_handler(name):
    text = (TEMPLATES / name).read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_form_says_above_it_what_is_wrong(name):
    """`{{ form }}` draws the errors of its fields; those of the form as a whole stand in the summary alone."""
    text = (TEMPLATES / name).read_text()
    for form in re.findall(r"\{\{ ?(\w*form) ?\}\}", text):
        given = "" if form == "form" else f" with form={form}"
        assert f'{{% include "components/error_summary.html"{given}' in text


def test_the_patterns_find_what_they_look_for():
    for bad in [
        '<p style="x">',
        "<style>",
        "<script>",
        '<a onclick="x">',
        '<a hx-on:click="x">',
        '<a href="javascript:x">',
    ]:
        assert any(pattern.search(bad) for pattern in INLINE.values()), bad


def test_every_template_is_used():
    overrides = {
        name
        for name in NAMES
        for app in apps.get_app_configs()
        if not app.path.startswith(str(ROOT)) or ".venv" in app.path
        if (Path(app.path) / "templates" / name).exists()
    }
    unused = [name for name in NAMES if name not in BY_NAME | overrides and name not in sources()]
    assert unused == []


def test_a_variable_that_nobody_gives_is_an_error():
    with pytest.raises(UndefinedVariable, match="title"):
        render_to_string("components/empty.html", {})


def test_a_variable_in_a_template_of_others_is_not():
    assert engines["django"].from_string("[{{ nobody }}]").render({}) == "[]"


def hidden_in(source: str) -> list[int]:
    """Give the lines of f-strings that call for a translation."""
    names = {"_", "gettext", "ngettext", "pgettext"}
    # Walking the tree of a file takes long; only an f-string has such a call after a brace in its own line.
    if not re.search(r"\{.*\b(?:_|gettext|ngettext|pgettext)\(|f\"\"\"", source):
        return []
    return [
        call.lineno
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]


def test_no_text_hides_inside_an_f_string() -> None:
    """What gathers the texts for translation does not look there, so that such a text stays English."""
    assert hidden_in("a = 1\nb = f\"{_('Text')} {a}\"") == [2]
    assert hidden_in('b = f"""{\n_("Text")}"""')
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert [f"{path}:{line}" for path in files for line in hidden_in(path.read_text())] == []
