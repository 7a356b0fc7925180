"""Widgets drawn without a template: one for each of very many fields takes most of a page's time.

What they draw is what the templates of forms draw (`templates/django/forms/widgets/`); a test holds both together.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# These two have places of their own.
ELSEWHERE = ("class", "unit")
# What Django calls the choice of nothing.
DASHES = "---------"


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Draw the attributes of a widget, but for its class and its unit."""
    parts = [
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False and name not in ELSEWHERE
    ]
    return mark_safe("".join(parts))  # noqa: S308 - made of escaped parts


def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Draw the options of a `<select>` from its widget's `optgroups`."""
    drawn: list[str] = []
    for name, choices, _index in groups:
        lines = "".join([_option(str(one["value"]), _label(one["label"]), one["selected"]) for one in choices])
        drawn.append(f'<optgroup label="{escape(name)}">{lines}</optgroup>' if name else lines)
    return mark_safe("".join(drawn))  # noqa: S308 - made of escaped parts


def _label(label: Any) -> str:
    """Give the words of a choice; Django's row of dashes says nothing."""
    return _("Make a choice") if label == DASHES else str(label)


# With the types: a text that is safe already is equal to the same one that is not.
@lru_cache(maxsize=4096, typed=True)
def _option(value: str, label: str, selected: bool) -> str:
    return f'\n<option value="{escape(value)}"{" selected" if selected else ""}>{escape(label)}</option>'


class PlainSelect(forms.Select):
    """A `<select>` in a form of very many."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw it."""
        widget = self.get_context(name, value, attrs)["widget"]
        rest, groups = attributes(widget["attrs"]), options(widget["optgroups"])
        return format_html('<select name="{}" class="select"{}>{}\n</select>', name, rest, groups)


class PlainTextInput(forms.TextInput):
    """A line of text in a form of very many."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw it."""
        widget = self.get_context(name, value, attrs)["widget"]
        given = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
        rest = attributes(widget["attrs"])
        return format_html('<input type="text" name="{}" class="textbox"{}{}>', name, given, rest)
