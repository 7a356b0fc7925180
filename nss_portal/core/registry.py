"""What a higher floor adds to a lower one: the app above registers, the one below asks.

A registry holds functions. Each kind of contribution has one registry here, so that adding an app's work to
'my work', say, touches that app only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.utils.functional import Promise

F = TypeVar("F", bound=Callable[..., Any])
Text = str | Promise


class Registry(Generic[F]):
    """An ordered set of functions of one kind; use an instance's `register` as a decorator."""

    def __init__(self) -> None:
        self._functions: dict[str, F] = {}

    def register(self, function: F) -> F:
        """Add a function; the same one twice is one."""
        self._functions[f"{function.__module__}.{function.__qualname__}"] = function
        return function

    def __iter__(self) -> Iterator[F]:
        return iter(self._functions.values())


@dataclass(frozen=True)
class WorkItem:
    """One thing that is asked of somebody: what, for whom, by when, in about how many minutes."""

    title: Text
    url: str
    action_label: Text
    minutes: int
    due: date | None = None
    detail: Text = ""
    on_behalf_of: str = ""
    progress: tuple[int, int] | None = None
    done: bool = False


@dataclass(frozen=True)
class NewsItem:
    """One thing that changed, for 'since your last visit' and for a visitor's home page."""

    when: date
    text: Text
    url: str
    subject: Text = ""


@dataclass(frozen=True)
class Section:
    """A part of another app's page: a heading, a template, and what the template needs."""

    key: str
    title: Text
    template: str
    context: dict[str, Any]
    order: int = 50
    # On the home page: next to the introduction (a map) rather than under it.
    beside: bool = False


@dataclass(frozen=True)
class HomeNumber:
    """A number that tells a visitor how things stand, with where it leads."""

    value: int | str
    label: Text
    url: str
    order: int = 50


@dataclass(frozen=True)
class HomeLink:
    """A thing that a visitor can do from the home page; the first one is the strong button."""

    label: Text
    url: str
    order: int = 50


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the main navigation; `roles` (of the matrix, by name) empty means everybody."""

    label: Text
    url_name: str
    order: int
    members_only: bool = False
    roles: frozenset[str] = frozenset()


# (user) -> Iterable[WorkItem]
work_items: Registry[Callable[[Any], Any]] = Registry()
# (user, since: datetime) -> Iterable[NewsItem]
news_items: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, municipality) -> Section | None
municipality_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# (organisation primary keys: set[int]) -> dict[int, str]: level of involvement per organisation
level_sources: Registry[Callable[[Any], dict[int, str]]] = Registry()
# (actor) -> Section | None: what an app shows a visitor on the home page
home_sections: Registry[Callable[[Any], Any]] = Registry()
# (actor) -> Iterable[HomeNumber]
home_numbers: Registry[Callable[[Any], Any]] = Registry()
# () -> Iterable[HomeLink]
home_links: Registry[Callable[[], Any]] = Registry()
# () -> Iterable[NavigationItem]
navigation: Registry[Callable[[], Any]] = Registry()
# () -> None: writes reference data, repeatable without harm; returns lines for the console
reference_loaders: Registry[Callable[[], Any]] = Registry()
# (scale: str, seed: int) -> lines for the console; demo data after reference data, lowest floor first
demo_loaders: Registry[Callable[[str, int], Any]] = Registry()


def lowest_first(registry: Registry[F]) -> list[F]:
    """Give a registry's functions by floor, the lowest first; within an app as registered.

    The apps stand in the settings from the highest floor to the lowest.
    """
    floors = [config.name for config in apps.get_app_configs()]

    def floor(function: F) -> int:
        config = apps.get_containing_app_config(function.__module__)
        return -floors.index(config.name) if config else 0

    return sorted(registry, key=floor)
