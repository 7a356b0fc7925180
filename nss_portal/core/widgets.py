"""Widgets drawn without a template: one for each of very many fields takes most of a page's time.

What they draw is what the templates of forms draw (`templates/django/forms/widgets/`); a test holds both together.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECTED = mark_safe(" selected")
# These two have places of their own.
ELSEWHERE = ("class", "unit")


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Draw the attributes of a widget, but for its class and its unit."""
    parts = [
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, str(value))
        for name, value in attrs.items()
        if value is not False and name not in ELSEWHERE
    ]
    return mark_safe("".join(parts))  # noqa: S308 - made of escaped parts


def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Draw the options of a `<select>` from its widget's `optgroups`."""
    drawn: list[str] = []
    for name, choices, _index in groups:
        lines = format_html_join(
            "",
            '\n<option value="{}"{}>{}</option>',
            ((one["value"], SELECTED if one["selected"] else "", one["label"]) for one in choices),
        )
        drawn.append(format_html('<optgroup label="{}">{}</optgroup>', name, lines) if name else lines)
    return format_html_join("", "{}", ((part,) for part in drawn))


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
