"""Illustrative data of the register: severity, since when, what covers it, who has it too, what was merged."""

import random
from collections.abc import Sequence

from django.db import transaction

from cities.models import Bottleneck, BottleneckJoin, BottleneckMerge, SupportTool
from cities.models.bottleneck import BottleneckState, Sharing
from cities.services.bottleneck_groups import merge_bottlenecks, recount
from cities.services.demo import DEMO_KEY, SEVERITIES, cities_that_take_part, demo_number, drawn_moment
from governance.models import User

MERGERS = 4
BATCH = 2000
SLACK = 40  # bottlenecks in a row that nobody joins by chance
# How many cities join an open, shared bottleneck: most of them none.
JOINS = [0, 0, 0, 0, 1, 1, 2, 3, 5]
WORDS = [
    "Bij ons speelt dit in twee wijken.",
    "Wij lopen hier al langer tegenaan en hebben er nog geen antwoord op.",
    "Herkenbaar. Bij ons ligt het vooral aan de doorlooptijd.",
    "Dit houdt ook ons plan voor het centrum op.",
    "Wij hebben een eerste proef gedaan en delen graag wat we leerden.",
    "",
]
TOOLS = {
    "finance": ["finance-training", "capital-hub"],
    "monitoring": ["klimaatmonitor", "emissieregistratie"],
    "participation": ["knowledge-repository"],
    "integral-approach": ["city-deals", "transition-map"],
    "scarcity": ["peer-groups"],
    "mobility": ["pilot-cities", "twinning"],
    "policy-development": ["city-advisor"],
}


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Complete the illustrative bottlenecks; same seed, same data; a second run completes only those that a larger
    scale brought since."""
    made_up = Bottleneck.objects.filter(is_illustrative=True)
    done = demo_number(
        made_up.filter(joins__is_illustrative=True, key__startswith=DEMO_KEY).values_list("key", flat=True)
    )
    # The last ones of a run may well be those that no city joined.
    if done and made_up.filter(key__startswith=DEMO_KEY).count() <= done + SLACK:
        return ["demo: cities behind bottlenecks are there already"]
    dice = random.Random(f"{seed}-behind-{done}")  # noqa: S311
    bottlenecks = [
        one
        for one in made_up.select_related("theme", "organisation").order_by("pk")
        if not done or ((one.key or "").startswith(DEMO_KEY) and demo_number([one.key]) > done)
    ]
    _complete(bottlenecks, dice)
    _cover(bottlenecks, dice)
    joins = _join(bottlenecks, dice)
    merged = _merge(bottlenecks)
    recount()
    return [f"demo: cities that joined a bottleneck {joins}", f"demo: mergers of bottlenecks {merged}"]


def _complete(bottlenecks: Sequence[Bottleneck], dice: random.Random) -> None:
    """Add what demo data of an earlier release lacks."""
    lacking = [one for one in bottlenecks if not one.severity]
    for one in lacking:
        one.severity = dice.choice(SEVERITIES)
        one.since_year = one.created_at.year - dice.randint(0, 4)
    Bottleneck.objects.bulk_update(lacking, ["severity", "since_year"], batch_size=BATCH)


def _cover(bottlenecks: Sequence[Bottleneck], dice: random.Random) -> None:
    tools = dict(SupportTool.objects.values_list("code", "pk"))
    through = Bottleneck.covered_by.through
    links = [
        through(bottleneck_id=one.pk, supporttool_id=tools[code])
        for one in bottlenecks
        for code in TOOLS.get(one.theme.code if one.theme else "", [])
        if code in tools and dice.random() < 0.5
    ]
    through._default_manager.bulk_create(links, batch_size=BATCH, ignore_conflicts=True)


def _join(bottlenecks: Sequence[Bottleneck], dice: random.Random) -> int:
    cities = cities_that_take_part()
    joins = []
    for one in bottlenecks:
        number = dice.choice(JOINS) if one.state == BottleneckState.OPEN and one.sharing != Sharing.DRAFT else 0
        chosen = {city.pk: city for city in dice.sample(cities, min(number, len(cities)))}
        chosen.pop(one.organisation_id, None)
        joins += [
            BottleneckJoin(
                bottleneck=one,
                organisation=city,
                severity=dice.choice(SEVERITIES),
                words=dice.choice(WORDS),
                sharing=dice.choice([Sharing.NETWORK, one.sharing]),
                created_at=drawn_moment(dice, 300),
                is_illustrative=True,
            )
            for city in chosen.values()
        ]
    BottleneckJoin.objects.bulk_create(joins, batch_size=BATCH)
    return len(joins)


def _merge(bottlenecks: Sequence[Bottleneck]) -> int:
    """Merge a few that different cities described in the same words, as a coordinator would."""
    if BottleneckMerge.objects.exists():
        return 0
    alike: dict[str, list[Bottleneck]] = {}
    for one in bottlenecks:
        if one.state == BottleneckState.OPEN and one.sharing == Sharing.PUBLISHED:
            alike.setdefault(one.title, []).append(one)
    groups = [group[:3] for group in alike.values() if len({one.organisation_id for one in group[:3]}) > 1]
    for group in groups[:MERGERS]:
        merge_bottlenecks(
            actor=User.objects.system(),
            into=group[0],
            bottlenecks=group[1:],
            reason="Illustratief: deze steden beschrijven hetzelfde.",
        )
    return len(groups[:MERGERS])
