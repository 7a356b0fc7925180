"""What pages of the roadmap say, put in words and lists for the components."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import BuildingBlock, ProgressChange
from cities.models.involvement import Level
from cities.models.roadmap import Status
from cities.presenting import grouped
from cities.selectors_roadmap import CityProgress, Step
from cities.selectors_similar import Likeness, Next, Pick

STATUS_TONES = {
    Status.NOT_STARTED: "neutral",
    Status.LOOKED_AT: "attention",
    Status.UNDER_WAY: "info",
    Status.DONE: "good",
    Status.NOT_FOR_US: "neutral",
}
DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class Mark:
    """A status in words with its tone."""

    label: str
    tone: str


def mark(status: Status) -> Mark:
    """Give a status as its mark."""
    return Mark(str(status.label), STATUS_TONES[status])


def busy_and_done(counts: Mapping[str, int]) -> str:
    """Say how many cities do a thing: '3 cities work on this, 2 have done it'; empty when none does."""
    busy, done = counts.get(Status.UNDER_WAY, 0), counts.get(Status.DONE, 0)
    texts = []
    if busy:
        text = ngettext("{number} municipality works on this", "{number} municipalities work on this", busy)
        texts.append(text.format(number=busy))
    if done:
        text = ngettext("{number} has done it", "{number} have done it", done)
        texts.append(text.format(number=done))
    return ", ".join(texts)


def step_rows(
    steps: Iterable[Step], counts: Mapping[int, Counter[str]], progress: CityProgress | None
) -> list[dict[str, Any]]:
    """Give the steps for the first page of the roadmap, with how far the city is."""
    return [
        {
            "number": number,
            "text": step.text,
            "blocks": len(step.blocks),
            "cities": busy_and_done(counts.get(step.text.step_id, Counter())),
            "mark": mark(progress.of_step(step).status) if progress else None,
            "done": progress.done(step.blocks) if progress else 0,
        }
        for number, step in enumerate(steps, start=1)
    ]


def block_rows(
    step: Step, counts: Mapping[int, Counter[str]], progress: CityProgress | None
) -> list[dict[str, Any]]:
    """Give the building blocks of a step, with who does them and how far the city is."""
    rows = []
    for block in step.blocks:
        stand = progress.of_block(block) if progress else None
        rows.append(
            {
                "block": block,
                "cities": busy_and_done(counts.get(block.pk, Counter())),
                "mark": mark(stand.status) if stand else None,
                "note": stand.note if stand else "",
            }
        )
    return rows


def city_parts(steps: Iterable[Step], progress: CityProgress) -> list[dict[str, Any]]:
    """Give how far a city is, step by step."""
    parts = []
    for number, step in enumerate(steps, start=1):
        said = progress.of_step(step)
        rows = [(block, progress.of_block(block)) for block in step.blocks]
        parts.append(
            {
                "number": number,
                "step": step.text,
                "mark": mark(said.status),
                "note": said.note,
                "is_said": said.is_said,
                "done": progress.done(step.blocks),
                "total": len(step.blocks),
                "rows": [{"block": b, "note": stand.note, "mark": mark(stand.status)} for b, stand in rows],
            }
        )
    return parts


def change_text(change: ProgressChange) -> str:
    """Say what changed: 'Emission inventory: done'."""
    subject = str(change.block or change.step)
    if not change.after:
        return _("{subject}: no longer filled in").format(subject=subject)
    return f"{subject}: {Status(change.after).label}"


def history_rows(changes: Iterable[ProgressChange], *, with_names: bool) -> list[dict[str, Any]]:
    """Give changes for history.html; who of the city did it is for colleagues."""
    return [
        {
            "text": change_text(change),
            "when": change.on,
            "who": change.who if with_names else "",
            "reason": change.note,
        }
        for change in changes
    ]


def why_alike(like: Likeness, own_population: int | None) -> list[str]:
    """Say in what a municipality resembles another one: the parts of the formula that are known and alike."""
    reasons = []
    if "inhabitants" in like.parts and own_population and like.city.population:
        reasons.append(_size(like.city.population, own_population))
    if like.shared_themes:
        names = ", ".join(str(theme).lower() for theme in like.shared_themes[:4])
        reasons.append(_("same bottlenecks: {names}").format(names=names))
    level = str(Level(like.city.level).label)
    if like.parts["involvement"] == 1:
        reasons.append(_("takes part in the same way: {level}").format(level=level))
    if like.parts["province"] == 1:
        reasons.append(_("same province: {province}").format(province=like.city.province))
    return reasons


def _size(theirs: int, own: int) -> str:
    """Compare two numbers of inhabitants in words; within a tenth they are called as large."""
    number = grouped(theirs)
    if 0.9 <= theirs / own <= 1.1:
        return _("about as large: {number} inhabitants").format(number=number)
    if theirs > own:
        return _("larger: {number} inhabitants").format(number=number)
    return _("smaller: {number} inhabitants").format(number=number)


def likeness_in_words(score: float) -> str:
    """Say how much two municipalities resemble each other: 'resembles by 82%'."""
    return _("{percent}% alike").format(percent=round(score * 100))


def after_days(days: int) -> str:
    """Say how long after the point something came: 'at once', 'after 3 weeks', 'after 5 months'."""
    if days < 7:
        return _("within a week")
    if days < 60:
        return ngettext("after {number} week", "after {number} weeks", round(days / 7)).format(
            number=round(days / 7)
        )
    months = round(days / DAYS_A_MONTH)
    return ngettext("after {number} month", "after {number} months", months).format(number=months)


def pick_rows(picks: Iterable[Pick]) -> list[dict[str, Any]]:
    """Give the building blocks that similar cities took up next."""
    return [
        {
            "block": pick.block,
            "step": pick.step.text,
            "cities": [
                {"name": city.like.city.name, "url": roadmap_url(city.like.city.code), "when": after_days(days)}
                for city, days in pick.cities
            ],
            "when": after_days(pick.days),
            "count": len(pick.cities),
        }
        for pick in picks
    ]


def city_rows(found: Iterable[Next], own_population: int | None, blocks: Iterable[BuildingBlock]) -> list[Any]:
    """Give the similar cities with what they did after the point."""
    blocks = list(blocks)
    return [
        {
            "name": city.like.city.name,
            "url": roadmap_url(city.like.city.code),
            "code": city.like.city.code,
            "likeness": likeness_in_words(city.like.score),
            "why": why_alike(city.like, own_population),
            "reached": city.reached,
            "taken_up": city.progress.taken_up(blocks),
            "changes": history_rows(city.changes, with_names=False),
            "lessons": city.lessons,
            "is_illustrative": city.progress.roadmap.is_illustrative,
        }
        for city in found
    ]


def roadmap_url(code: str) -> str:
    """Give the address of a city's roadmap."""
    return reverse("cities:roadmap_city", args=[code])
