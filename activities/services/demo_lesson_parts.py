"""What belongs to the illustrative lessons: steps, themes, bottlenecks, versions, and who uses them; in bulk."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from activities.models import Lesson, LessonUse, LessonVersion
from activities.models.lesson import LessonState
from activities.models.lesson_parts import Outcome
from activities.services.lesson_uses import a_quarter_after, recount
from cities.models import Bottleneck, BuildingBlock, Theme, TransitionStep
from cities.services.demo import DEMO_KEY, cities_that_take_part
from nss_portal.core.time import today

BATCH = 2_000
MOST_USES = 6
OUTCOMES = [Outcome.APPLIED] * 5 + [Outcome.PARTLY] * 3 + [Outcome.NOT] * 2
BECAUSE = {
    Outcome.APPLIED: "",
    Outcome.PARTLY: "We begonnen met één wijk; de rest volgt als er capaciteit is.",
    Outcome.NOT: "De contracten bij ons lopen nog drie jaar, dus het kon nog niet.",
}


def add_parts(seed: int) -> list[str]:
    """Add to the illustrative lessons that have none yet what belongs to them; same seed, same data."""
    dice = random.Random(seed + 3)  # noqa: S311 - made-up data, not a secret
    bare = Lesson.objects.filter(key__startswith=DEMO_KEY, steps__isnull=True, uses__isnull=True)
    rows = list(bare.order_by("pk").values_list("pk", "organisation", "theme", "state"))
    _link(dice, rows)
    _keep_versions([pk for pk, _of, _theme, _state in rows])
    uses = _uses(dice, rows)
    LessonUse.objects.bulk_create(uses, batch_size=BATCH, ignore_conflicts=True)
    recount([pk for pk, _of, _theme, _state in rows])
    return [f"demo: uses of lessons {len(uses)}"]


def _link(dice: random.Random, rows: Iterable[Any]) -> None:
    """Link lessons to steps, themes, building blocks, and bottlenecks of their city on the same theme."""
    steps = list(TransitionStep.objects.values_list("pk", flat=True))
    themes = list(Theme.objects.values_list("pk", flat=True))
    blocks = list(BuildingBlock.objects.current().values_list("pk", flat=True))
    treated: dict[tuple[int, int], list[int]] = defaultdict(list)
    open_ones = Bottleneck.objects.filter(is_illustrative=True, sharing="published", state="open").order_by("pk")
    for pk, organisation, theme in open_ones.values_list("pk", "organisation", "theme"):
        treated[organisation, theme].append(pk)
    made: dict[str, list[Any]] = defaultdict(list)
    for pk, organisation, theme, _state in rows:
        for step in dice.sample(steps, min(len(steps), dice.randint(1, 2))):
            made["steps"].append({"lesson_id": pk, "transitionstep_id": step})
        if themes and dice.random() < 0.3:
            made["more_themes"].append({"lesson_id": pk, "theme_id": dice.choice(themes)})
        if blocks and dice.random() < 0.4:
            made["building_blocks"].append({"lesson_id": pk, "buildingblock_id": dice.choice(blocks)})
        if treated[organisation, theme]:
            chosen = dice.choice(treated[organisation, theme])
            made["bottlenecks"].append({"lesson_id": pk, "bottleneck_id": chosen})
    for name, links in made.items():
        through: Any = getattr(Lesson, name).through
        through.objects.bulk_create([through(**link) for link in links], batch_size=BATCH, ignore_conflicts=True)


def _keep_versions(keys: list[int]) -> None:
    """Keep the first version of what is published."""
    rows = Lesson.objects.filter(pk__in=keys, state=LessonState.PUBLISHED, editions__isnull=True)
    fields = ("pk", "title", "what_worked", "what_failed", "published_at")
    LessonVersion.objects.bulk_create(
        [
            LessonVersion(
                lesson_id=pk,
                number=1,
                title=title,
                what_worked=worked,
                what_failed=failed,
                published_at=moment,
                published_by_label="Demonstratie",
            )
            for pk, title, worked, failed, moment in rows.values_list(*fields)
        ],
        batch_size=BATCH,
    )


def _uses(dice: random.Random, rows: Iterable[Any]) -> list[LessonUse]:
    """Draw which cities find lessons useful, apply them, and what came of that."""
    cities = [owner.pk for owner in cities_that_take_part()]
    made: dict[tuple[int, int], LessonUse] = {}
    for pk, organisation, _theme, state in rows:
        if state != LessonState.PUBLISHED or not cities:
            continue
        for _again in range(max(0, dice.randint(-4, MOST_USES))):
            city = dice.choice(cities)
            if city != organisation:
                made[pk, city] = _use(dice, pk, city)
    return list(made.values())


def _use(dice: random.Random, lesson: int, city: int) -> LessonUse:
    use = LessonUse(lesson_id=lesson, organisation_id=city, is_useful=True, is_illustrative=True)
    if dice.random() < 0.5:
        since = today() - timedelta(days=dice.randint(1, 300))
        use.applies_since, use.ask_on = since, a_quarter_after(since)
        if use.ask_on < today() - timedelta(days=20):
            use.outcome = dice.choice(OUTCOMES)
            use.because = BECAUSE[Outcome(use.outcome)]
    return use
