"""Illustrative lessons for the demonstration, marked as made up."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from activities.models import Lesson
from activities.models.lesson import Audience, Learned, LessonState, Origin
from activities.services.demo_lesson_parts import add_parts
from activities.services.demo_lesson_stories import add_stories
from activities.workflow import SHARING
from cities.models import Municipality, Theme
from cities.models.bottleneck import Sharing
from cities.services.demo import (
    DEMO_KEY,
    cities_that_take_part,
    demo_number,
    drawn_id,
    drawn_moment,
    rows_of,
)

TEXTS = Path(__file__).resolve().parent.parent / "data" / "demo_lessons.csv"
LESSONS = {"small": 24, "national": 5_000}
# How often which state comes, in tenths.
STATES = [LessonState.PUBLISHED] * 6 + [LessonState.RELEASED] * 2 + [LessonState.REVIEW, LessonState.DRAFT]
# Those of the first ones, so that each is there in a small set too.
FIRST = [LessonState.PUBLISHED, LessonState.REVIEW, LessonState.DRAFT, LessonState.RELEASED]
# For whom lessons are published, in tenths.
AUDIENCES: list[list[str]] = [[Audience.EVERYBODY.value]] * 8 + [
    [Audience.EOI.value, Audience.INTERESTED.value],
    [Audience.MISSION.value],
]
LEARNED = ["", Learned.LOCAL, Learned.LOCAL, Learned.HORIZONTAL, Learned.VERTICAL]
ORIGINS = [Origin.OWN_WORK, Origin.OWN_WORK, Origin.ACTIVITY, Origin.PROGRAMME, Origin.NZC_PILOT, Origin.ABROAD]


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative lessons and who uses them; same seed, same data, and a second run adds nothing."""
    there = demo_number(Lesson.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= LESSONS[scale]:
        return ["demo: lessons are there already"]
    dice = random.Random(seed + 2)  # noqa: S311 - made-up data, not a secret
    owners = cities_that_take_part()
    themes = {theme.code: theme for theme in Theme.objects.all()}
    inhabitants = dict(Municipality.objects.values_list("organisation", "population"))
    texts = rows_of(TEXTS)
    new: dict[str, Lesson] = {}
    for number in range(LESSONS[scale] if owners else 0):
        text = texts[number % len(texts)]
        state, owner, moment = dice.choice(STATES), dice.choice(owners), drawn_moment(dice, 700)
        state = FIRST[number] if number < len(FIRST) else state
        made = Lesson(
            public_id=drawn_id(dice, new),
            key=f"{DEMO_KEY}{number}",
            organisation=owner,
            author_organisation=owner,
            title=text["title"],
            what_worked=text["what_worked"],
            what_failed=text["what_failed"],
            theme=themes.get(text["theme"]),
            created_at=moment - timedelta(days=dice.randint(0, 60)),
            changed_at=moment,
            is_illustrative=True,
            **_stand(dice, state, moment),
            **_about(dice, inhabitants.get(owner.pk)),
        )
        new[made.public_id] = made
    added = list(new.values())[there:]
    Lesson.objects.bulk_create(added, batch_size=2000, ignore_conflicts=True)
    return [f"demo: lessons {len(added)}", *add_parts(seed), *add_stories()]


def _stand(dice: random.Random, state: LessonState, moment: datetime) -> dict[str, Any]:
    """Draw for whom a lesson is published that is."""
    audiences = dice.choice(AUDIENCES)
    if state != LessonState.PUBLISHED:
        return {"state": state, "sharing": SHARING[state]}
    to_all = Audience.EVERYBODY in audiences
    return {
        "state": state,
        "sharing": Sharing.PUBLISHED if to_all else Sharing.NETWORK,
        "audiences": audiences,
        "published_at": moment,
        "edition": 1,
    }


def _about(dice: random.Random, inhabitants: int | None) -> dict[str, Any]:
    """Draw what is known about a lesson besides its texts; the size around that of the city that learned it."""
    values: dict[str, Any] = {"learned": dice.choice(LEARNED), "origin": dice.choice(ORIGINS)}
    if dice.random() < 0.5 and inhabitants:
        values["population_from"] = round(inhabitants // 2, -4) or 5_000
        values["population_to"] = round(inhabitants * 2, -4) or 20_000
    if dice.random() < 0.3:
        values["evidence"] = [{"label": "Evaluatie (illustratief)", "url": "https://voorbeeld.example/evaluatie"}]
    return values
