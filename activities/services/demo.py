"""Illustrative lessons for the demonstration, marked as made up."""

import random
from datetime import timedelta
from pathlib import Path

from django.db import transaction

from activities.models import Lesson
from activities.models.lesson import LessonState
from activities.workflow import SHARING
from cities.models import Theme
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


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative lessons; the same seed gives the same data, a second run nothing new."""
    there = demo_number(Lesson.objects.filter(key__startswith=DEMO_KEY).values_list("key", flat=True))
    if there >= LESSONS[scale]:
        return ["demo: lessons are there already"]
    dice = random.Random(seed + 2)  # noqa: S311 - made-up data, not a secret
    owners = cities_that_take_part()
    themes = {theme.code: theme for theme in Theme.objects.all()}
    texts = rows_of(TEXTS)
    new: dict[str, Lesson] = {}
    for number in range(LESSONS[scale] if owners else 0):
        text = texts[number % len(texts)]
        state, owner, moment = dice.choice(STATES), dice.choice(owners), drawn_moment(dice, 700)
        made = Lesson(
            public_id=drawn_id(dice, new),
            key=f"{DEMO_KEY}{number}",
            organisation=owner,
            author_organisation=owner,
            title=text["title"],
            what_worked=text["what_worked"],
            what_failed=text["what_failed"],
            theme=themes.get(text["theme"]),
            state=state,
            sharing=SHARING[state],
            created_at=moment - timedelta(days=dice.randint(0, 60)),
            changed_at=moment,
            published_at=moment if state == LessonState.PUBLISHED else None,
            is_illustrative=True,
        )
        new[made.public_id] = made
    added = list(new.values())[there:]
    Lesson.objects.bulk_create(added, batch_size=2000, ignore_conflicts=True)
    return [f"demo: lessons {len(added)}"]
