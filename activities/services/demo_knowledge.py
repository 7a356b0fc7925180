"""Illustrative knowledge products and news for the demonstration, marked as made up."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from activities.models import KnowledgeProduct, Lesson, News
from activities.models.knowledge import PublishingState
from cities.models import Theme, TransitionStep
from cities.services.demo import cities_that_take_part, drawn_id, rows_of
from governance.models import Organisation
from governance.models.organisation import Duty

DATA = Path(__file__).resolve().parent.parent / "data"
ADDRESS = "https://voorbeeld.example/kennisproduct"


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Add illustrative products and news; same seed, same data, and a second run adds nothing."""
    dice = random.Random(seed + 5)  # noqa: S311 - made-up data, not a secret
    return [_add_products(dice), _add_news(dice)]


def _add_products(dice: random.Random) -> str:
    owners = cities_that_take_part()
    if not owners or KnowledgeProduct.objects.filter(is_illustrative=True).exists():
        return "demo: knowledge products are there already"
    themes = {theme.code: theme for theme in Theme.objects.all()}
    steps = list(TransitionStep.objects.order_by("order", "pk"))
    rows = rows_of(DATA / "demo_products.csv")
    for number, row in enumerate(rows):
        product = KnowledgeProduct.objects.create(
            public_id=drawn_id(dice),
            organisation=owners[number * 3 % len(owners)],
            kind=row["kind"],
            title=row["title"],
            summary=row["summary"],
            url=ADDRESS,
            theme=themes.get(row["theme"]),
            state=row["state"],
            published_at=_before(10 * number + 3) if row["state"] != PublishingState.DRAFT else None,
            is_illustrative=True,
        )
        product.steps.set(steps[int(row["step"]) : int(row["step"]) + 1])
        used = Lesson.objects.published().filter(theme=product.theme, is_illustrative=True)
        product.lessons.set(used.order_by("pk")[:2])
    return f"demo: knowledge products {len(rows)}"


def _add_news(dice: random.Random) -> str:
    editors = Organisation.objects.filter(duty=Duty.PUBLISHER).order_by("pk").first()
    if editors is None or News.objects.filter(is_illustrative=True).exists():
        return "demo: news is there already"
    rows = rows_of(DATA / "demo_news.csv")
    for row in rows:
        days = int(row["days"]) if row["days"] else None
        News.objects.create(
            public_id=drawn_id(dice),
            organisation=editors,
            title=row["title"],
            text=row["text"],
            url=row["url"],
            state=PublishingState.DRAFT if days is None else PublishingState.PUBLISHED,
            published_at=None if days is None else _before(days),
            is_illustrative=True,
        )
    return f"demo: news {len(rows)}"


def _before(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
