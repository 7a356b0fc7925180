"""Tags that the components need; `{% load ui %}` in a page gives it breadcrumbs and the rest."""

from typing import Any, TypedDict
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template import Context
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nss_portal.core.registry import WorkItem
from nss_portal.core.time import today
from nss_portal.core.widgets import attributes, options

register = template.Library()
register.simple_tag(attributes)
register.simple_tag(options)
SOON_DAYS = 7


class Crumb(TypedDict):
    """One step of the way to a page; the page itself has no address."""

    label: str | Promise
    url: str


class Chip(TypedDict):
    """One filter in force, with the address of the list without it."""

    label: str
    value: str
    url: str


class Due(TypedDict):
    """When something is due, in words, with the tone of its mark."""

    label: str
    tone: str


@register.inclusion_tag("components/breadcrumbs.html")
def crumbs(*parts: str | Promise) -> dict[str, list[Crumb]]:
    """Draw the way to this page: `{% crumbs label url label url "this page" %}`; the last label has no address.

    Raises TemplateSyntaxError when the number of parts is even, for then the last label is missing.
    """
    if len(parts) % 2 == 0:
        raise template.TemplateSyntaxError("crumbs takes pairs of label and address, and a last label")
    pairs = [Crumb(label=parts[i], url=str(parts[i + 1])) for i in range(0, len(parts) - 1, 2)]
    return {"crumbs": [*pairs, Crumb(label=parts[-1], url="")]}


@register.filter
def full_address(path: str) -> str:
    """Give the whole address of a page of the portal, for who reads it on paper (`data-address`)."""
    return urljoin(str(settings.NSS_BASE_URL), path)


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Give the page numbers to show: first, last and those around the current one, None for a gap."""
    last = page.paginator.num_pages
    near = {1, last, *range(page.number - 1, page.number + 2)}
    numbers: list[int | None] = []
    previous = 0
    for number in sorted(n for n in near if 1 <= n <= last):
        if number - previous > 1:
            numbers.append(previous + 1 if number - previous == 2 else None)
        numbers.append(number)
        previous = number
    return numbers


@register.simple_tag(takes_context=True)
def active_filters(context: Context, filter: Any) -> list[Chip]:
    """Give the filters of a django-filter FilterSet that are in force, for the chips above a table."""
    query = context["request"].GET
    chips = []
    for field in filter.form.visible_fields():
        if not any(query.getlist(field.html_name)):
            continue
        rest = query.copy()
        rest.pop(field.html_name)
        rest.pop("page", None)
        url = f"?{rest.urlencode()}" if rest else context["request"].path
        chips.append(Chip(label=str(field.label), value=_chosen(field, query.getlist(field.html_name)), url=url))
    return chips


def _chosen(field: Any, values: list[str]) -> str:
    """Give the labels of the chosen values of a form field, or the values where it has no choices."""
    labels = {str(value): str(label) for value, label in getattr(field.field, "choices", [])}
    return ", ".join(labels.get(value, value) for value in values if value)


@register.simple_tag(takes_context=True)
def sort_url(context: Context, key: str, parameter: str = "sort") -> str:
    """Give the address that sorts the list by `key`, or the other way round when it is sorted so already."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query[parameter] = f"-{key}" if query.get(parameter) == key else key
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_state(context: Context, key: str, parameter: str = "sort", default: str = "") -> str:
    """Give the value of `aria-sort` for a column: 'ascending', 'descending' or 'none'."""
    current = context["request"].GET.get(parameter) or default
    return {key: "ascending", f"-{key}": "descending"}.get(current, "none")


@register.simple_tag
def due_status(item: WorkItem) -> Due:
    """Say in words when a work item is due: near ones in days, far ones by date."""
    if item.done:
        return Due(label=_("done"), tone="good")
    if item.due is None:
        return Due(label=_("when it suits you"), tone="neutral")
    days = (item.due - today()).days
    if days < 0:
        return Due(label=ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}, tone="bad")
    if days == 0:
        return Due(label=_("today"), tone="bad")
    if days <= SOON_DAYS:
        return Due(label=ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}, tone="bad")
    return Due(label=date_format(item.due, "j F"), tone="neutral")
