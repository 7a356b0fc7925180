"""Proposals in words, with what they come out of, as far as the reader may see that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from activities.models import Lesson
from cities.models import Bottleneck
from contracts.models import AnnualReview, ReviewRound, StandardChange
from contracts.models.review import RoundState
from contracts.models.standard_change import ChangeAct, ChangeState
from contracts.presenting.standard import PATHS
from contracts.services.standard.changes import read_values
from contracts.services.standard.versions import ITEMS
from contracts.standard_diff import FieldDiff, ItemDiff, field_diff, fields_between
from nss_portal.core.access import Actor

TONES = {
    ChangeState.OPEN: "attention",
    ChangeState.TAKEN: "good",
    ChangeState.DECLINED: "bad",
    ChangeState.WITHDRAWN: "neutral",
}


def tone_of_change(change: StandardChange) -> str:
    """Give the tone of a proposal's mark."""
    return TONES[ChangeState(change.state)]


def causes_of(changes: Sequence[StandardChange], actor: Actor) -> dict[int, list[dict[str, str]]]:
    """Give per proposal what it comes out of, as {"label", "url", "text"}: lessons, bottlenecks, reviews.

    What the reader may not see is left out; at most five queries, however many proposals.
    """
    prefetch_related_objects(list(changes), "lessons", "bottlenecks", "round")
    lessons = {one.pk for change in changes for one in change.lessons.all()}
    bottlenecks = {one.pk for change in changes for one in change.bottlenecks.all()}
    seen_lessons = set(_keys(Lesson.objects.visible_to(actor), lessons))
    seen_bottlenecks = set(_keys(Bottleneck.objects.visible_to(actor), bottlenecks))
    named = {one["contract"] for change in changes for one in change.evidence if one.get("contract")}
    reviews = _reviews(actor, named) if named else set()
    return {
        change.pk: [
            *_round(change.round),
            *(_link(one) for one in change.lessons.all() if one.pk in seen_lessons),
            *(_link(one) for one in change.bottlenecks.all() if one.pk in seen_bottlenecks),
            *(_said(one) for one in change.evidence if not one.get("contract") or one["contract"] in reviews),
        ]
        for change in changes
    }


def _keys(queryset: Any, wanted: set[int]) -> Iterable[int]:
    return queryset.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()


def _reviews(actor: Actor, named: set[str]) -> set[str]:
    seen = AnnualReview.objects.visible_to(actor).filter(contract__public_id__in=named)
    return set(seen.values_list("contract__public_id", flat=True))


def _round(round: ReviewRound | None) -> list[dict[str, str]]:
    if round is None or round.state != RoundState.CLOSED:
        return []
    return [{"label": str(round), "url": reverse("contracts:reflection", args=[round.year]), "text": ""}]


def _link(record: Any) -> dict[str, str]:
    return {"label": str(record), "url": record.get_absolute_url(), "text": ""}


def _said(one: Mapping[str, str]) -> dict[str, str]:
    return {"label": one.get("label", ""), "url": one.get("url", ""), "text": one.get("text", "")}


def with_causes(items: list[ItemDiff], actor: Actor) -> list[ItemDiff]:
    """Give differences with their proposals as {"change", "causes"}, for a page."""
    changes = [change for item in items for change in item.changes]
    causes = causes_of(changes, actor)
    for item in items:
        item.changes[:] = [{"change": one, "causes": causes[one.pk]} for one in item.changes]
    return items


def fields_of(change: StandardChange, item: Any) -> list[FieldDiff]:
    """Give what a proposal changes beside the part as it is now, or as it was once it is decided."""
    model = ITEMS[change.kind]
    wanted = read_values(change.kind, change.texts)
    if change.act == ChangeAct.ADD:
        empty = model()
        return [one for one in fields_between(empty, wanted) if one.after and one.after != "–"]
    if change.state == ChangeState.OPEN and item is not None:
        return fields_between(item, wanted)
    before = read_values(change.kind, change.before)
    return [field_diff(model, name, before.get(name), value) for name, value in wanted.items()]


def change_rows(changes: Iterable[StandardChange], titles: Mapping[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Give proposals for a list, each with its mark and the part that it is about."""
    return [
        {
            "change": change,
            "tone": tone_of_change(change),
            "about": titles.get((change.kind, change.code), change.texts.get("title_nl", change.code)),
            "kind_path": PATHS[change.kind],
        }
        for change in changes
    ]
