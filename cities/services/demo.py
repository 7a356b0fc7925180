"""Illustrative data for the demonstration: extra interested municipalities and bottlenecks, marked as made up."""

import csv
import random
from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cities.models import Bottleneck, Involvement, InvolvementRequest, Municipality, Theme, TransitionStep
from cities.models.bottleneck import BottleneckState, Severity, Sharing
from cities.models.involvement import Level
from cities.services.reference import DATA
from governance.models import Organisation
from governance.services.demo import DOMAIN
from nss_portal.core.ids import ALPHABET, SHORTEST

INTERESTED = 26
REQUESTS = 2
BOTTLENECKS = {"small": 60, "national": 20_000}
# Before the number of a made-up record: a larger run goes on where a smaller one stopped.
DEMO_KEY = "demo:"
FIRST_DAY = date(2023, 3, 1)
SEVERITIES = [Severity.SMALL] * 2 + [Severity.CONSIDERABLE] * 5 + [Severity.BLOCKING] * 3
# How often which state and sharing comes, in hundredths.
STANDS = [
    (BottleneckState.OPEN, Sharing.NETWORK, 40),
    (BottleneckState.OPEN, Sharing.PUBLISHED, 35),
    (BottleneckState.SOLVED, Sharing.PUBLISHED, 13),
    (BottleneckState.SOLVED, Sharing.NETWORK, 5),
    (BottleneckState.DRAFT, Sharing.DRAFT, 7),
]


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative involvement and bottlenecks; same seed, same data; a second run adds nothing."""
    return [
        _add_interested(random.Random(seed)),  # noqa: S311
        _add_requests(random.Random(seed)),  # noqa: S311
        _add_bottlenecks(scale, random.Random(seed + 1)),  # noqa: S311
    ]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Give the rows of a table of illustrative texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn_id(dice: random.Random, given: Container[str] = ()) -> str:
    """Draw a public identifier that the seed decides and that was not given yet."""
    while (drawn := "".join(dice.choice(ALPHABET) for _ in range(SHORTEST))) in given:
        pass
    return drawn


def demo_number(keys: Iterable[str | None]) -> int:
    """Give how many made-up records of a kind were added before, by the highest number in their keys."""
    return max((int(key.removeprefix(DEMO_KEY)) + 1 for key in keys if key), default=0)


def drawn_moment(dice: random.Random, days: int) -> datetime:
    """Draw a moment in the last so many days."""
    return timezone.now() - timedelta(days=dice.randint(1, days), minutes=dice.randint(0, 600))


def cities_that_take_part() -> list[Organisation]:
    """Give the organisations of the municipalities that take part, those most involved more than once."""
    municipalities = (
        Municipality.objects.current()
        .with_level()
        .exclude(pk__in=Municipality.objects.with_level().at_level(Level.OTHER).values("pk"))
        .select_related("organisation")
        .order_by("code")
    )
    weights = {Level.MISSION: 4, Level.EOI: 3, Level.INTERESTED: 1}
    found = Involvement.objects.filter(valid_to__isnull=True).values_list("municipality_id", "level")
    level_of = {municipality: Level(level) for municipality, level in found}
    return [m.organisation for m in municipalities for _again in range(weights[level_of[m.pk]])]


def _add_interested(dice: random.Random) -> str:
    if Involvement.objects.filter(is_illustrative=True).exists():
        return "demo: interested municipalities are there already"
    candidates = list(
        Municipality.objects.current().filter(involvements__isnull=True, population__gte=20_000).order_by("code")
    )
    chosen = dice.sample(candidates, min(INTERESTED, len(candidates)))
    periods = []
    for municipality in chosen:
        day = FIRST_DAY + timedelta(days=dice.randint(0, 1000))
        periods.append(
            Involvement(
                municipality=municipality,
                level=Level.INTERESTED,
                valid_from=day,
                reason_nl="Illustratief: deze gemeente staat hier alleen om te laten zien hoe het werkt.",
                reason_en="Illustrative: this municipality only stands here to show how it works.",
                decided_by_label="Demonstratie",
                recorded_at=drawn_moment(dice, 400),
                is_illustrative=True,
            )
        )
    Involvement.objects.bulk_create(periods)
    return f"demo: interested municipalities {len(periods)}"


def _add_requests(dice: random.Random) -> str:
    """Let two municipalities ask to take part, so that a coordinator has something to decide."""
    if InvolvementRequest.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        return "demo: requests to take part are there already"
    candidates = Municipality.objects.current().filter(involvements__isnull=True, population__gte=20_000)
    chosen = list(candidates.order_by("code"))
    made = [
        InvolvementRequest(
            municipality=municipality,
            name=f"Team duurzaamheid {municipality.common_name}",
            email=f"meedoen.{municipality.code.lower()}@{DOMAIN}",
            position="programmamanager duurzaamheid",
            motivation="Illustratief: wij maken een warmteplan en willen leren van steden die verder zijn.",
            verified_at=drawn_moment(dice, 9),
        )
        for municipality in dice.sample(chosen, min(REQUESTS, len(chosen)))
    ]
    InvolvementRequest.objects.bulk_create(made)
    return f"demo: requests to take part {len(made)}"


def _add_bottlenecks(scale: str, dice: random.Random) -> str:
    there = demo_number(Bottleneck.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= BOTTLENECKS[scale]:
        return "demo: bottlenecks are there already"
    texts = rows_of(DATA / "demo_bottlenecks.csv")
    owners = cities_that_take_part()
    themes = {theme.code: theme for theme in Theme.objects.all()}
    steps = {step.code: step for step in TransitionStep.objects.all()}
    stands = [(state, sharing) for state, sharing, often in STANDS for _again in range(often)]
    new: dict[str, Bottleneck] = {}
    for number in range(BOTTLENECKS[scale] if owners else 0):
        text = texts[number % len(texts)]
        state, sharing = dice.choice(stands)
        moment = drawn_moment(dice, 700)
        made = Bottleneck(
            public_id=drawn_id(dice, new),
            key=f"{DEMO_KEY}{number}",
            organisation=dice.choice(owners),
            title=text["title"],
            description=text["description"],
            theme=themes.get(text["theme"]),
            step=steps.get(text["step"]),
            severity=dice.choice(SEVERITIES),
            since_year=moment.year - dice.randint(0, 4),
            state=state,
            sharing=sharing,
            created_at=moment - timedelta(days=dice.randint(0, 60)),
            changed_at=moment,
            is_illustrative=True,
        )
        new[made.public_id] = made
    added = list(new.values())[there:]
    Bottleneck.objects.bulk_create(added, batch_size=2000, ignore_conflicts=True)
    return f"demo: bottlenecks {len(added)}"
