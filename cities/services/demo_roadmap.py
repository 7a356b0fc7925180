"""Illustrative progress on the roadmap: two years of the twelve cities and of some interested municipalities."""

import random
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from cities.models import BuildingBlock, CityRoadmap, Involvement, Municipality, Progress, ProgressChange
from cities.models.bottleneck import Sharing
from cities.models.involvement import Level
from cities.models.roadmap import Status
from nss_portal.core.time import today

# How many interested municipalities keep a roadmap, by scale; the twelve always do, at national scale all do.
INTERESTED = 12
DAYS = 730
# How many building blocks cities of a level have gone through by now, at least and at most, out of all.
REACH = {Level.MISSION: (14, 24), Level.EOI: (8, 18), Level.INTERESTED: (3, 12), Level.OTHER: (1, 8)}
REASONS = (
    "De regio pakt dit voor ons op.",
    "Hiervoor zijn we te klein; we sluiten aan bij een buurgemeente.",
    "Dit hadden we al op een andere manier geregeld.",
)
NOTES = (
    "Besproken met het college.",
    "Samen met de omgevingsdienst en twee buurgemeenten.",
    "Trekker benoemd.",
    "Begonnen in drie wijken.",
    "",
    "",
    "",
    "",
)


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative progress; same seed, same data; a second run adds only what a larger scale has more."""
    there = CityRoadmap.objects.filter(is_illustrative=True).count()
    cities = [] if there and scale == "small" else _cities(scale)
    if not cities:
        return ["demo: roadmaps are there already"]
    dice = random.Random(seed + 40 + there)  # noqa: S311 - illustrative data
    blocks = list(BuildingBlock.objects.current())
    roadmaps = [_roadmap(city, dice) for city, _level in cities]
    CityRoadmap.objects.bulk_create(roadmaps, batch_size=2000)
    entries: list[Progress] = []
    changes: list[ProgressChange] = []
    for roadmap, (_city, level) in zip(roadmaps, cities, strict=True):
        _tell(roadmap, level, blocks, dice, entries, changes)
    Progress.objects.bulk_create(entries, batch_size=2000)
    ProgressChange.objects.bulk_create(changes, batch_size=2000)
    return [f"demo: roadmaps {len(roadmaps)}, changes {len(changes)}"]


def _cities(scale: str) -> list[tuple[Municipality, Level]]:
    """Give the municipalities that keep a roadmap, with their level; who has one of its own keeps that."""
    present = Involvement.objects.filter(valid_to__isnull=True).values_list("municipality_id", "level")
    level_of = {municipality: Level(level) for municipality, level in present}
    rows = Municipality.objects.current().filter(organisation__roadmap__isnull=True).select_related("organisation")
    found = [(city, level_of.get(city.pk, Level.OTHER)) for city in rows.order_by("code")]
    if scale == "national":
        return found
    twelve = [pair for pair in found if pair[1] in {Level.MISSION, Level.EOI}]
    interested = [pair for pair in found if pair[1] == Level.INTERESTED]
    return twelve + interested[:INTERESTED]


def _roadmap(city: Municipality, dice: random.Random) -> CityRoadmap:
    sharing = dice.choices([Sharing.NETWORK, Sharing.PUBLISHED, Sharing.DRAFT], weights=[5, 4, 1])[0]
    changed = timezone.now() - timedelta(days=dice.randint(3, 150))
    return CityRoadmap(
        organisation=city.organisation, sharing=sharing, version=1, changed_at=changed, is_illustrative=True
    )


def _tell(
    roadmap: CityRoadmap,
    level: Level,
    blocks: list[BuildingBlock],
    dice: random.Random,
    entries: list[Progress],
    changes: list[ProgressChange],
) -> None:
    """Go through building blocks roughly in order: each is looked at, taken up, and most are finished in time."""
    lowest, highest = REACH[level]
    count = min(dice.randint(lowest, highest), len(blocks))
    # Roughly in the order of the roadmap: nobody goes strictly from the first to the last.
    order = sorted(range(len(blocks)), key=lambda place: place + dice.uniform(0, 7))[:count]
    last = timezone.localdate(roadmap.changed_at)
    first = today() - timedelta(days=DAYS)
    days = sorted(first + timedelta(days=dice.randint(0, (last - first).days)) for _place in order)
    for place, day in zip(order, days, strict=True):
        block = blocks[place]
        refused = dice.random() < 0.06 and level not in (Level.MISSION, Level.EOI)
        finish = day + timedelta(days=dice.randint(45, 240))
        statuses = [(day, Status.NOT_FOR_US if refused else Status.UNDER_WAY)]
        if not refused and finish <= last and dice.random() < 0.85:
            statuses.append((finish, Status.DONE))
        note = dice.choice(REASONS if refused else NOTES)
        _add(roadmap, block, statuses, note, entries, changes)


def _add(
    roadmap: CityRoadmap,
    block: BuildingBlock,
    statuses: list[tuple[date, Status]],
    note: str,
    entries: list[Progress],
    changes: list[ProgressChange],
) -> None:
    before = ""
    for day, status in statuses:
        changes.append(
            ProgressChange(
                roadmap=roadmap,
                step_id=block.step_id,
                block=block,
                before=before,
                after=status,
                note=note,
                on=day,
                recorded_at=timezone.now() - (today() - day),
                who="Demonstratie",
            )
        )
        before = status
    entries.append(
        Progress(roadmap=roadmap, step_id=block.step_id, block=block, status=statuses[-1][1], note=note)
    )
