"""What is known about a lesson besides its texts, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from activities.models import Lesson


def size_in_words(smallest: int | None, largest: int | None) -> str:
    """Say for which numbers of inhabitants a lesson fits; empty when for all."""
    numbers = {
        name: number_format(value or 0, force_grouping=True) for name, value in (("a", smallest), ("b", largest))
    }
    if smallest and largest:
        return _("%(a)s to %(b)s inhabitants") % numbers
    if smallest:
        return _("from %(a)s inhabitants") % numbers
    if largest:
        return _("up to %(b)s inhabitants") % numbers
    return ""


def _names(records: Iterable[Any]) -> str:
    return ", ".join(str(record) for record in records)


def content_facts(lesson: Lesson) -> list[tuple[str, str]]:
    """Give the facts that belong to the content of a lesson, and so to a version of it. Three queries.

    Bottlenecks are left out: who reads a version may not see them.
    """
    themes = [lesson.theme] if lesson.theme else []
    facts = [
        (_("Theme"), _names([*themes, *lesson.more_themes.all()])),
        (_("Learned"), lesson.get_learned_display() if lesson.learned else ""),
        (_("Learned in"), lesson.get_origin_display() if lesson.origin else ""),
        (_("Fits municipalities with"), size_in_words(lesson.population_from, lesson.population_to)),
        (_("Steps"), _names(lesson.steps.all())),
        (_("Building blocks"), _names(lesson.building_blocks.all())),
        (_("Evidence"), ", ".join(row["label"] or row["url"] for row in lesson.evidence)),
    ]
    return [(label, text) for label, text in facts if text]
