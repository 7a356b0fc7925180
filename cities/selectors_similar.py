"""What cities like this one did next: who resembles it, and what they took up after the point where it is now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from cities.models import Bottleneck, BuildingBlock, CityRoadmap, Municipality, ProgressChange, Theme
from cities.models.roadmap import TAKEN_UP, Status
from cities.selectors_roadmap import CityProgress, Step, first_taken_up, progresses, with_said
from cities.similarity import Profile, likeness, parts
from nss_portal.core.access import Actor
from nss_portal.core.registry import Reading, readings

SHOWN = 5
# The themes of bottlenecks are looked up for so many of those that share their progress, and of the others: those
# that resemble the city most in the other three parts. Beyond them all themes in common would seldom bring a city
# to the top.
NEAREST_SHARING, NEAREST_OTHER = 60, 15


class City(NamedTuple):
    """What of a municipality the comparison needs; there are too many of them to make records of."""

    organisation: int
    code: str
    name: str
    population: int | None
    province_code: str
    province: str
    level: str
    rank: int
    # Whether the actor may see how far it is.
    shares: bool

    @property
    def profile(self) -> Profile:
        """Give what is known without asking for its bottlenecks."""
        return Profile(self.population, self.province_code, self.rank)


FIELDS = (
    "organisation",
    "code",
    "common_name",
    "population",
    "province_code",
    "province",
    "level",
    "rank",
    "shares",
)


@dataclass
class Likeness:
    """A municipality beside the one that is looked at: how much it resembles it, and by what."""

    city: City
    profile: Profile
    score: float
    parts: dict[str, float]
    shared_themes: list[Theme] = field(default_factory=list)


@dataclass
class Next:
    """What one city like this one did after the point where this one is now.

    `reached` is the first day on which it had taken up as many building blocks as the city that is looked at has
    now; None when it is not that far. `changes` are its changes since, the first one first; `firsts` the building
    blocks that it took up since, each with the day.
    """

    like: Likeness
    progress: CityProgress
    reached: date | None
    changes: list[ProgressChange]
    firsts: dict[int, date]
    lessons: list[Reading]


@dataclass(frozen=True)
class Pick:
    """A building block that the city has not taken up, with the cities like it that did after its point."""

    block: BuildingBlock
    step: Step
    cities: list[tuple[Next, int]]

    @property
    def weight(self) -> float:
        """Add up how much the cities that took it up resemble this one."""
        return sum(city.like.score for city, _days in self.cities)

    @property
    def days(self) -> int:
        """Give the median number of days between this point and taking it up."""
        ordered = sorted(days for _city, days in self.cities)
        return ordered[len(ordered) // 2]


def alike(actor: Actor, code: str) -> tuple[City | None, list[Likeness]]:
    """Give a municipality of today, and those that resemble it by `cities.similarity`, the most alike first.

    Themes come from the bottlenecks that the actor may see, so that the order gives nothing away. A code that is
    not in use gives None and nothing. Two queries.
    """
    roadmaps = CityRoadmap.objects.visible_to(actor).filter(organisation=OuterRef("organisation"), version__gt=0)
    rows = Municipality.objects.visible_to(actor).current().with_level().annotate(shares=Exists(roadmaps))
    everybody = [City._make(row) for row in rows.order_by("common_name", "pk").values_list(*FIELDS)]
    me = next((city for city in everybody if city.code == code), None)
    if me is None:
        return None, []
    others = [city for city in everybody if city.code != me.code]
    others.sort(key=lambda city: -likeness(me.profile, city.profile))
    nearest = [city for city in others if city.shares][:NEAREST_SHARING]
    nearest += [city for city in others if not city.shares][:NEAREST_OTHER]
    themes, names = _themes(actor, [me, *nearest])
    mine = replace(me.profile, themes=themes[me.organisation])
    found = [_likeness(mine, city, themes[city.organisation], names) for city in nearest]
    return me, sorted(found, key=lambda like: (-like.score, like.city.name))


THEME = ("theme", "theme__order", "theme__label_nl", "theme__label_en")


def _themes(actor: Actor, cities: Iterable[City]) -> tuple[dict[int, frozenset[int]], dict[int, Theme]]:
    """Give the themes of the bottlenecks of cities (by organisation) that the actor may see, with their names."""
    rows = Bottleneck.objects.visible_to(actor).listed().filter(theme__isnull=False)
    rows = rows.filter(organisation__in=[city.organisation for city in cities])
    found: dict[int, set[int]] = defaultdict(set)
    names: dict[int, Theme] = {}
    for organisation, pk, order, dutch, english in rows.order_by().values_list("organisation", *THEME).distinct():
        found[organisation].add(pk)
        names[pk] = Theme(pk=pk, order=order, label_nl=dutch, label_en=english)
    return defaultdict(frozenset, {key: frozenset(value) for key, value in found.items()}), names


def _likeness(mine: Profile, city: City, themes: frozenset[int], names: dict[int, Theme]) -> Likeness:
    full = replace(city.profile, themes=themes)
    shared = sorted((names[pk] for pk in mine.themes & themes), key=lambda theme: (theme.order, theme.pk))
    return Likeness(city, full, likeness(mine, full), parts(mine, full), shared)


def what_they_did(
    actor: Actor, found: Iterable[Likeness], progress: CityProgress | None, steps: list[Step]
) -> list[Next]:
    """Give, for similar cities whose progress the actor may see, what they did after this city's point.

    Those that are at least as far come first, for from them there is a next step to learn; among them and after
    them the most alike. Without progress of the city itself everything that they did counts. Two queries, and
    those of the lessons.
    """
    likes = {like.city.organisation: like for like in found}
    places = {organisation: place for place, organisation in enumerate(likes)}
    sharing = [organisation for organisation, like in likes.items() if like.city.shares]
    visible = with_said().visible_to(actor).filter(organisation__in=sharing).order_by()
    blocks = [block for step in steps for block in step.blocks]
    count = progress.taken_up(blocks) if progress else 0
    ranked = sorted(
        progresses(visible),
        key=lambda city: (city.taken_up(blocks) < count, places[city.roadmap.organisation_id]),
    )[:SHOWN]
    changes: dict[int, list[ProgressChange]] = defaultdict(list)
    known = {block.pk: block for step in steps for block in step.blocks}
    rows = ProgressChange.objects.filter(roadmap__in=[city.roadmap for city in ranked], block__in=known)
    for change in rows.order_by("on", "pk"):
        if change.block_id is not None:
            change.block = known[change.block_id]
        changes[change.roadmap_id].append(change)
    lessons = _lessons(actor, {city.roadmap.organisation_id for city in ranked})
    return [
        _next(likes[city.roadmap.organisation_id], city, changes[city.roadmap.pk], count, lessons)
        for city in ranked
    ]


def _next(
    like: Likeness,
    city: CityProgress,
    changes: list[ProgressChange],
    count: int,
    lessons: dict[int, list[Reading]],
) -> Next:
    reached = reached_on(changes, count)
    firsts = first_taken_up(changes) if reached is not None else {}
    since = {block: day for block, day in firsts.items() if reached is not None and is_after(day, reached, count)}
    return Next(
        like, city, reached, after(changes, reached, count), since, lessons.get(city.roadmap.organisation_id, [])
    )


def _lessons(actor: Actor, organisations: set[int]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for source in readings if organisations else ():
        for organisation, items in source(actor, organisations).items():
            found[organisation] += items
    return found


def reached_on(changes: Iterable[ProgressChange], count: int) -> date | None:
    """Give the first day on which a city had taken up `count` building blocks, None when it never did.

    With a count of 0 that is the day of its first change.
    """
    days = sorted(first_taken_up(changes).values())
    if count == 0:
        return min((change.on for change in changes), default=None)
    return days[count - 1] if len(days) >= count else None


def is_after(day: date, reached: date, count: int) -> bool:
    """Say whether a day lies after the point; who starts with nothing counts the first day too."""
    return day > reached or (count == 0 and day == reached)


def after(changes: Iterable[ProgressChange], reached: date | None, count: int) -> list[ProgressChange]:
    """Give the changes after a city reached a point that say what it took up, finished or left aside."""
    telling = {*TAKEN_UP, Status.NOT_FOR_US}
    if reached is None:
        return []
    return [
        change
        for change in changes
        if change.block_id and change.after in telling and is_after(change.on, reached, count)
    ]


def picks(found: Iterable[Next], progress: CityProgress | None, steps: list[Step]) -> list[Pick]:
    """Give the building blocks that the city has not taken up and cities like it did next, the likeliest first.

    A city counts with how much it resembles this one; the same weight goes to what they took up soonest.
    """
    taken: dict[int, list[tuple[Next, int]]] = defaultdict(list)
    for city in found:
        if city.reached is None:
            continue
        for block, day in city.firsts.items():
            taken[block].append((city, (day - city.reached).days))
    result = [
        Pick(block, step, sorted(taken[block.pk], key=lambda pair: pair[1]))
        for step in steps
        for block in step.blocks
        if block.pk in taken and _is_open(progress, block)
    ]
    return sorted(result, key=lambda pick: (-round(pick.weight, 6), pick.days, pick.step.text.step.order))


def _is_open(progress: CityProgress | None, block: BuildingBlock) -> bool:
    return progress is None or progress.of_block(block).status in {Status.NOT_STARTED, Status.LOOKED_AT}
