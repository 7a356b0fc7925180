"""What a higher floor adds to a lower one: the app above registers, the one below asks.

A registry holds functions. Each kind of contribution has one registry here, so that adding an app's work to
'my work', say, touches that app only.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

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
class CalendarEntry:
    """Something with a date, for calendar feeds and the year at a glance.

    `key` is unique and never changes. `starts` and `ends` are two moments, or two days that both count.
    `kind` names the sort: of an activity its own kind, else `deadline`, `election`, `nzc` or `review`. `mine` says
    that it asks something of the actor or that the actor takes part. `version` grows with each change;
    `alarm` is how long before the beginning somebody wants to hear of it.
    """

    key: str
    title: str
    starts: datetime | date
    ends: datetime | date
    url: str
    kind: str
    changed_at: datetime
    version: int = 0
    detail: str = ""
    place: str = ""
    mine: bool = False
    tentative: bool = False
    cancelled: bool = False
    alarm: timedelta | None = None


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
class Reading:
    """Something to read about what an organisation did (a lesson), for a page of a lower floor."""

    title: Text
    url: str
    detail: Text = ""


@dataclass(frozen=True)
class Recognised:
    """A file that the portal handed out, by its hash: what it is, and where it is shown."""

    title: str
    url: str


@dataclass(frozen=True)
class ComparedValue:
    """What a comparison says of one municipality: a text, and where it leads; `raw` is what a download holds.

    `note` qualifies the value (its year and source); an empty text means that it is not known.
    """

    text: Text = ""
    url: str = ""
    note: Text = ""
    raw: str = ""


@dataclass(frozen=True)
class ComparedRow:
    """One line of a comparison: a label and one value per municipality, in the order in which they were given.

    `group` is the heading that it stands under, `order` the place of that heading.
    """

    group: Text
    label: Text
    values: Sequence[ComparedValue]
    order: int = 50
    is_number: bool = False
    source: Text = ""


@dataclass(frozen=True)
class ExchangeKind:
    """A kind of thing that organisations bring to the cooperation or take from it: a fact for reciprocity.

    `counted()` gives the records that count, for everybody alike: what left its owner, so never a draft, never
    what a workspace holds; each has its year as `in_year`. Somebody may see those of which `within` is a `model`
    that is visible to them. `organisation`, `ref` and `title` name a field or annotation: whose it is (primary
    key), by which public identifier `page` gives its address, and what it is called. `once` names what is counted
    where several records are one.
    """

    key: str
    label: Text
    is_brought: bool
    counted: Callable[[], Any]
    model: Any
    ref: str
    title: str
    page: Callable[[str], str]
    organisation: str = "organisation"
    within: str = "pk"
    once: str = "pk"
    order: int = 50


@dataclass(frozen=True)
class GivenElsewhere:
    """What an organisation pledged and gave in a year to something that keeps its own account of it: a programme.

    Hours and euros are of that year; `note` holds what is of no one year.
    """

    year: int
    label: Text
    url: str
    hours_pledged: int | None = None
    hours_given: int | None = None
    euros_pledged: int | None = None
    euros_given: int | None = None
    note: Text = ""


@dataclass(frozen=True)
class Promised:
    """What an organisation promised, where that stands, by when, and how it stood in a year."""

    where: str
    what: str
    due_on: date | None
    state: Text = ""


@dataclass(frozen=True)
class SumElsewhere:
    """The same of all organisations: one figure per organisation, which never stands on a page by itself."""

    label: Text
    hours_pledged: Mapping[int, Sequence[int]]
    hours_given: Mapping[int, Sequence[int]]


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
    """An entry of the main navigation; `roles` (of the matrix, by name) empty means everybody.

    `under` is the `url_name` of the entry that this one belongs with: it then stands in the second row, beside
    that entry, or in the first row for who does not see that entry.
    """

    label: Text
    url_name: str
    order: int
    under: str = ""
    members_only: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AssessedKind:
    """A kind of thing that people assess together ('programme'), as the app that has it tells of it.

    `choices(actor)` gives (key, name) of those that the actor may have assessed, `page(key)` the address of one,
    `people(actor, key)` the addresses of those who take part in it and whom the actor may know. `used_in(actor,
    assessment's public id)` gives (name, address) of what began from an assessment, where the actor may see it.
    """

    code: str
    label: Text
    choices: Callable[[Any], Sequence[tuple[str, str]]]
    page: Callable[[str], str]
    people: Callable[[Any, str], Sequence[str]]
    used_in: Callable[[Any, str], Sequence[tuple[str, str]]] = lambda _actor, _key: ()


@dataclass(frozen=True)
class Tied:
    """An organisation (primary key) that has a role in something: a programme, a group that meets.

    `weight` is 0 for who leads, 1 for who takes part. `thing` is the same for all that are in it; `theme` may be
    empty.
    """

    organisation: int
    thing: str
    label: str
    kind: Text
    url: str
    role: Text
    weight: int = 1
    theme: str = ""
    theme_label: str = ""


class MergeHandler(Protocol):
    """What a part of the portal does with its links to a record that is merged into another one of its kind.

    Both run in the transaction of the merger. `move` gives what it moved in a form that JSON can hold, and
    `move_back` gets just that when the merger is undone; links that were made since stay where they are.
    """

    def move(self, *, source: Any, target: Any) -> Any: ...

    def move_back(self, *, source: Any, target: Any, moved: Any) -> None: ...


# (user) -> Iterable[WorkItem]; as `core.gathering.Rows` it costs the page no query of its own
work_items: Registry[Callable[[Any], Any]] = Registry()
# (user) -> Section | Rows[Section] | None: what an app shows under somebody's work
work_sections: Registry[Callable[[Any], Any]] = Registry()
# (user, since: datetime) -> Iterable[NewsItem]; likewise
news_items: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, first: date, last: date) -> Iterable[CalendarEntry]: what people come to in that time, and the actor sees
meeting_sources: Registry[Callable[[Any, date, date], Any]] = Registry()
# the same for days that count: last days, elections
date_sources: Registry[Callable[[Any, date, date], Any]] = Registry()
# the same for what is asked of the actor by a day
own_date_sources: Registry[Callable[[Any, date, date], Any]] = Registry()
# (sha256, actor) -> Recognised | None: data that the portal handed out and the actor may see
file_recognisers: Registry[Callable[[str, Any], Any]] = Registry()
# () -> Iterable[(code, label)]: kinds of entries that have a feed of their own
calendar_kinds: Registry[Callable[[], Any]] = Registry()
# (actor, municipality) -> Section | Rows of one | None
municipality_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, bottleneck) -> Section | None: what came of a bottleneck
bottleneck_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# () -> MergeHandler, a class that is one: moves links to bottlenecks that are merged
merge_handlers: Registry[Callable[[], MergeHandler]] = Registry()
# (actor, knowledge product) -> Section | None: where it is used in other parts
product_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, step of the transition map) -> Section | None: content of a step's page in the roadmap
roadmap_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor) -> Iterable[Tied]: which organisation has which role in what, as far as the actor may see it
ties: Registry[Callable[[Any], Any]] = Registry()
# (actor, organisation primary keys: set[int]) -> dict[int, list[Reading]]: what the actor may read of each
readings: Registry[Callable[[Any, set[int]], dict[int, list[Reading]]]] = Registry()
# (actor, list of municipalities) -> Iterable[ComparedRow]: what puts municipalities beside each other
comparison_rows: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, proposition) -> Reading | None: begins a programme out of a proposition, in the same transaction
programme_starters: Registry[Callable[[Any, Any], Any]] = Registry()
# (organisation primary keys: set[int]) -> dict[int, str]: level of involvement per organisation
level_sources: Registry[Callable[[Any], dict[int, str]]] = Registry()
# () -> Iterable[ExchangeKind]: what organisations bring and take
exchange_kinds: Registry[Callable[[], Any]] = Registry()
# (actor, organisation) -> Iterable[GivenElsewhere]: what it gives to what keeps its own account, as the actor sees
given_elsewhere: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, organisation, year) -> Iterable[Promised]: what it promised, as the actor sees it
promise_sources: Registry[Callable[[Any, Any, int], Any]] = Registry()
# (years: Sequence[int]) -> SumElsewhere: the same of all organisations, of what everybody may know of
sums_elsewhere: Registry[Callable[[Any], SumElsewhere]] = Registry()
# (actor) -> Section | None: what an app shows a visitor on the home page
home_sections: Registry[Callable[[Any], Any]] = Registry()
# (actor) -> Iterable[HomeNumber]
home_numbers: Registry[Callable[[Any], Any]] = Registry()
# () -> Iterable[HomeLink]
home_links: Registry[Callable[[], Any]] = Registry()
# () -> Iterable[NavigationItem]
navigation: Registry[Callable[[], Any]] = Registry()
# () -> AssessedKind: what assessments are about, besides the structure itself
assessed_kinds: Registry[Callable[[], AssessedKind]] = Registry()
# () -> None: writes reference data, repeatable without harm; returns lines for the console
reference_loaders: Registry[Callable[[], Any]] = Registry()
# (scale: str, seed: int) -> lines for the console; demo data after reference data, lowest floor first
demo_loaders: Registry[Callable[[str, int], Any]] = Registry()
# (user, organisation) -> Iterable[core.handing.Held]: what somebody holds for an organisation and can hand over
hand_over_handlers: Registry[Callable[[Any, Any], Any]] = Registry()
# (actor, municipality) -> Section | None: what somebody new has to know
briefing_sections: Registry[Callable[[Any, Any], Any]] = Registry()
# () -> Iterable[core.carrying.Carried]: what an app carries over when a municipality merges into another
merger_handlers: Registry[Callable[[], Any]] = Registry()
# () -> Iterable[core.personal.Personal]: where an app keeps something of or by persons
personal_records: Registry[Callable[[], Any]] = Registry()
# () -> Iterable[core.retention.Kept]: how long an app keeps a kind of record, and what becomes of it then
retention_rules: Registry[Callable[[], Any]] = Registry()
# (user, actor) -> None: what somebody whose account closes for good gives back, so that others can have it
account_endings: Registry[Callable[[Any, Any], None]] = Registry()
# (year: int | None) -> Iterable[core.archive.ArchiveRecord]: what an app hands to the archive
archive_sources: Registry[Callable[[Any], Any]] = Registry()


def lowest_first(registry: Registry[F]) -> list[F]:
    """Give a registry's functions by floor, the lowest first; within an app as registered.

    The apps stand in the settings from the highest floor to the lowest.
    """
    floors = [config.name for config in apps.get_app_configs()]

    def floor(function: F) -> int:
        config = apps.get_containing_app_config(function.__module__)
        return -floors.index(config.name) if config else 0

    return sorted(registry, key=floor)
