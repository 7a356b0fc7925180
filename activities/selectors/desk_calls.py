"""Subsidies and calls beside cities: which fits whom and why, who looks at what, and which days matter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activities.models.desk import MONEY_KINDS, DirectoryEntry, DirectoryQuerySet
from activities.models.desk_call import (
    ApplicationParty,
    ApplicationState,
    CallInterest,
    JointApplication,
    PartyState,
)
from activities.presenting.desk import size_in_words
from cities.models import Bottleneck, Municipality, Theme
from cities.models.bottleneck import BottleneckState
from cities.models.involvement import Level
from nss_portal.core.access import Actor, granted


@dataclass(frozen=True)
class City:
    """What of a municipality a subsidy or call is held against; `themes` are those of its open bottlenecks."""

    organisation: int
    code: str
    name: str
    level: str
    population: int | None
    themes: frozenset[int] = frozenset()


CITY = ("organisation", "code", "common_name", "level", "population")


@dataclass(frozen=True)
class Offer:
    """A subsidy or call as far as it is held against cities."""

    pk: int
    public_id: str
    name: str
    run_by: str
    deadline: date | None
    levels: Sequence[str]
    min_population: int | None
    max_population: int | None
    themes: frozenset[int]
    made_up: bool
    certainty: str
    changed_at: datetime | None = None
    version: int = 0
    looked_at: bool = False

    @property
    def url(self) -> str:
        """Give the address of its page."""
        return reverse("activities:desk_entry", args=[self.public_id])


@dataclass(frozen=True)
class Match:
    """An offer that fits a city, with the reasons; `score` counts them, a shared theme for most."""

    offer: Offer
    city: City
    reasons: list[str] = field(default_factory=list)
    score: int = 0


def offers(entries: DirectoryQuerySet, own: Iterable[int] = ()) -> list[Offer]:
    """Give entries as offers, the first deadline first, and whether an `own` city looks at each. One query."""
    through = DirectoryEntry.themes.through
    themes = through._default_manager.filter(directoryentry=OuterRef("pk")).values_list("theme_id")
    rows = (
        entries.filter(kind__in=MONEY_KINDS)
        .annotate(theme_keys=ArraySubquery(themes), looked_at=_looked_at(own))
        .order_by("deadline", "name", "pk")
        .values_list(
            *("pk", "public_id", "name", "name_en", "run_by", "deadline", "levels", "min_population"),
            *(
                "max_population",
                "theme_keys",
                "is_illustrative",
                "certainty",
                "changed_at",
                "version",
                "looked_at",
            ),
        )
    )
    english = get_language() == "en"
    return [
        Offer(pk, code, (english and en) or name, by, day, levels, least, most, frozenset(keys), *rest)
        for pk, code, name, en, by, day, levels, least, most, keys, *rest in rows
    ]


def _looked_at(own: Iterable[int]) -> Exists | Value:
    there = CallInterest.objects.filter(entry=OuterRef("pk"), organisation__in=list(own)).order_by()
    return Exists(there) if own else Value(value=False)


def cities(
    actor: Actor, organisations: Iterable[int] | None = None, themes: Iterable[int] | None = None
) -> list[City]:
    """Give municipalities of today with the themes of the bottlenecks that the actor may see. Two queries.

    Without `organisations` all that take part; with `themes` only those themes are looked up.
    """
    found = Municipality.objects.current().with_level()
    if organisations is None:
        found = found.exclude(pk__in=Municipality.objects.with_level().at_level(Level.OTHER).values("pk"))
    else:
        found = found.filter(organisation__in=list(organisations))
    rows = list(found.order_by("common_name", "pk").values_list(*CITY))
    visible = Bottleneck.objects.visible_to(actor).filter(
        state=BottleneckState.OPEN, theme__isnull=False, organisation__in=[row[0] for row in rows]
    )
    if themes is not None:
        visible = visible.filter(theme__in=list(themes))
    held: dict[int, set[int]] = defaultdict(set)
    for organisation, theme in visible.order_by().values_list("organisation", "theme").distinct():
        held[organisation].add(theme)
    return [
        City(organisation, code, name, level, people, frozenset(held[organisation]))
        for organisation, code, name, level, people in rows
    ]


def match(offer: Offer, city: City, labels: dict[int, str]) -> Match | None:
    """Hold an offer against a city: None when the city cannot apply, else why it fits.

    Level and size exclude, where the offer names them; themes that the offer and the city's bottlenecks share are
    reasons, two points each. An offer for all without a shared theme fits with no reason.
    """
    reasons, score = [], 0
    if offer.levels:
        if city.level not in offer.levels:
            return None
        reasons.append(_("for {level}").format(level=str(Level(city.level).label)))
        score += 1
    size = size_in_words(offer.min_population, offer.max_population)
    if size:
        if city.population is None or not _fits(city.population, offer):
            return None
        reasons.append(size)
        score += 1
    shared = sorted(labels[key] for key in offer.themes & city.themes if key in labels)
    if shared:
        reasons.append(
            _("{name} has bottlenecks on {themes}").format(name=city.name, themes=", ".join(shared).lower())
        )
        score += 2 * len(shared)
    return Match(offer, city, reasons, score)


def _fits(population: int, offer: Offer) -> bool:
    least, most = offer.min_population or 0, offer.max_population
    return population >= least and (most is None or population <= most)


def matches_for(found: Iterable[Offer], city: City, labels: dict[int, str]) -> list[Match]:
    """Give the offers that fit a city, those with most reasons first, then the first deadline."""
    held = [one for offer in found if (one := match(offer, city, labels)) is not None]
    return sorted(held, key=lambda one: (-one.score, one.offer.deadline or date.max, one.offer.name))


def cities_for(offer: Offer, everybody: Iterable[City], labels: dict[int, str]) -> list[Match]:
    """Give the cities that an offer fits with a reason, those with most reasons first."""
    held = [one for city in everybody if (one := match(offer, city, labels)) is not None and one.score > 0]
    return sorted(held, key=lambda one: (-one.score, one.city.name))


def theme_labels() -> dict[int, str]:
    """Give the labels of all themes by primary key. One query."""
    return {theme.pk: str(theme) for theme in Theme.objects.all()}


def own_cities(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) for which somebody shows interest. No query."""
    return granted(actor, "desk_question", "ask").get("own", frozenset())


def interested_in(entry: DirectoryEntry) -> list[CallInterest]:
    """Give who looks at a subsidy or call, with the organisation. One query."""
    return list(entry.interests.select_related("organisation").order_by("since", "pk"))


def parties_of(application: JointApplication) -> list[ApplicationParty]:
    """Give who takes part or was asked, with the organisation. One query."""
    return list(application.parties.select_related("organisation"))


@dataclass(frozen=True)
class Deadline:
    """A day that matters for money: of a subsidy or call, or the own deadline of a joint application.

    `uid` is the same for as long as the entry lives, so that a calendar moves it instead of adding it. `why` says
    why somebody sees it; a visitor's has none. `mine` says that the own city looks at it or takes part in it.
    """

    uid: str
    on: date
    title: str
    url: str
    why: str = ""
    is_illustrative: bool = False
    mine: bool = False
    changed_at: datetime | None = None
    version: int = 0


def deadlines_for(actor: Actor, start: date, end: date) -> list[Deadline]:
    """Give the days that matter to somebody from `start` to `end`, both included, the first first.

    Whoever belongs to no municipality gets all public deadlines. Whoever does gets those that fit the municipality
    with a reason or at which it looks, and the joint applications that it takes part in. Seven queries at most.
    """
    own = own_cities(actor)
    found = offers(DirectoryEntry.objects.listed().filter(deadline__range=(start, end)), own)
    mine = cities(actor, own, {key for offer in found for key in offer.themes}) if own and found else []
    if not mine:
        days = [_of_offer(offer, "") for offer in found]
    else:
        labels = theme_labels()
        days = []
        for offer in found:
            if offer.looked_at:
                days.append(_of_offer(offer, _("you show interest"), mine=True))
                continue
            held = [one for city in mine if (one := match(offer, city, labels)) and one.score]
            if held:
                days.append(_of_offer(offer, "; ".join(max(held, key=lambda one: one.score).reasons)))
    return sorted([*days, *_of_applications(own, start, end)], key=lambda one: (one.on, one.title))


def _of_offer(offer: Offer, why: str, *, mine: bool = False) -> Deadline:
    title = _("Deadline: {name}").format(name=offer.name)
    day, key = offer.deadline or date.max, f"loket-{offer.public_id}"
    return Deadline(key, day, title, offer.url, why, offer.made_up, mine, offer.changed_at, offer.version)


def _of_applications(own: frozenset[int], start: date, end: date) -> list[Deadline]:
    if not own:
        return []
    joined = ApplicationParty.objects.filter(organisation__in=own, state=PartyState.JOINED).order_by()
    rows = JointApplication.objects.filter(
        Q(organisation__in=own) | Q(pk__in=joined.values("application")),
        state=ApplicationState.FORMING,
        submit_by__range=(start, end),
    )
    return [
        Deadline(
            f"aanvraag-{one.public_id}",
            one.submit_by or start,
            _("Own deadline: {name}").format(name=one.title),
            one.get_absolute_url(),
            _("joint application"),
            one.is_illustrative,
            mine=True,
            changed_at=one.changed_at,
            version=one.version,
        )
        for one in rows
    ]
