"""Reads of the annual review: how far rounds, reviews and parts are."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Q, Sum

from cities.models import Bottleneck
from cities.selectors_bottlenecks import similar_bottlenecks
from contracts.models import AnnualReview, ClimateContract, Effort, PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from nss_portal.core.access import Actor
from nss_portal.core.time import today

SIMILAR_SHOWN = 3


@dataclass(frozen=True)
class RoundFigures:
    """Where a round stands, in numbers. Parts count where something is asked; answered efforts are saved ones."""

    contracts: int
    reviews: int
    submitted: int
    closed: int
    parts: int
    parts_submitted: int
    parts_started: int
    efforts: int
    answered: int


def round_figures(round: ReviewRound) -> RoundFigures:
    """Count where a round stands; four queries."""
    reviews = AnnualReview.objects.filter(round=round).aggregate(
        total=Count("pk"),
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        closed=Count("pk", filter=Q(state=ReviewState.CLOSED)),
    )
    asked = PartyReview.objects.filter(review__round=round, efforts__isnull=False)
    parts = asked.aggregate(
        total=Count("pk", distinct=True),
        submitted=Count("pk", filter=Q(state=PartState.SUBMITTED), distinct=True),
        started=Count("pk", filter=Q(state=PartState.STARTED), distinct=True),
    )
    efforts = Effort.objects.filter(part__review__round=round).aggregate(
        total=Count("pk"), answered=Count("pk", filter=~Q(status=""))
    )
    return RoundFigures(
        contracts=_contracts(round, reviews["total"]),
        reviews=reviews["total"],
        submitted=reviews["submitted"],
        closed=reviews["closed"],
        parts=parts["total"],
        parts_submitted=parts["submitted"],
        parts_started=parts["started"],
        efforts=efforts["total"],
        answered=efforts["answered"],
    )


def _contracts(round: ReviewRound, reviews: int) -> int:
    """Give how many contracts the round is about: those that run today, or of a closed round those it had."""
    if round.state == RoundState.CLOSED:
        return reviews
    return ClimateContract.objects.running(today()).count()


@dataclass(frozen=True)
class Effect:
    """What an answer means for the contract in its target year, in kt; negative `over` lies under the target."""

    promised: Decimal
    total: Decimal
    over: Decimal
    gas: str


def effect_of(effort: Effort, expected: Decimal | None) -> Effect | None:
    """Give what the contract comes to with this answer, or None where its figures or the action give no number.

    Counts the answers of this part and those that other parties handed in; drafts of others stay out. `effort`
    carries its part and review. One query.
    """
    figures = effort.part.review.prefilled.get("figures", {})
    forecast, target = figures.get("forecast"), figures.get("target")
    if figures.get("unit") != "kt" or not forecast or not target or effort.planned_kt is None or expected is None:
        return None
    counted = Effort.objects.filter(
        Q(part=effort.part_id) | Q(part__state=PartState.SUBMITTED),
        part__review=effort.part.review_id,
        planned_kt__isnull=False,
        expected_kt__isnull=False,
    ).exclude(Q(status="") | Q(pk=effort.pk))
    others = counted.aggregate(change=Sum(F("planned_kt") - F("expected_kt")))["change"] or Decimal(0)
    total = Decimal(forecast["kt"]) + others + effort.planned_kt - expected
    return Effect(
        promised=effort.planned_kt, total=total, over=total - Decimal(target["kt"]), gas=figures.get("gas", "")
    )


def known_already(effort: Effort, obstacle: str, actor: Actor) -> list[Bottleneck]:
    """Give the bottlenecks, out of those that the actor may see, that an obstacle resembles; five queries at most.

    The draft that this very answer led to is left out.
    """
    if not obstacle.strip():
        return []
    return similar_bottlenecks(actor, obstacle, SIMILAR_SHOWN, exclude=effort.bottleneck)


def chosen_bottleneck(effort: Effort, actor: Actor, public_id: str | None = None) -> Bottleneck | None:
    """Give the known bottleneck that blocks an effort: the one with a public identifier, else the one saved.

    None where there is none, where it is the draft that came of the answer itself, or the actor may not see it.
    """
    if public_id is None and (effort.bottleneck_id is None or not names_known(effort)):
        return None
    visible = Bottleneck.objects.visible_to(actor).listed().select_related("organisation")
    if public_id is not None:
        return visible.filter(public_id=public_id).first() if public_id else None
    return visible.filter(pk=effort.bottleneck_id or 0).first()


def names_known(effort: Effort) -> bool:
    """Say whether an effort from `efforts_of` names a bottleneck that was there before it."""
    return effort.bottleneck_id is not None and getattr(effort, "bottleneck_key") != f"review-effort-{effort.pk}"  # noqa: B009 - annotated


def efforts_of(part: PartyReview) -> list[Effort]:
    """Give the efforts of a part in order, with action, commitment and `bottleneck_key`. One query."""
    found = part.efforts.select_related("action", "commitment").annotate(bottleneck_key=F("bottleneck__key"))
    efforts: list[Effort] = [*found.order_by("order", "pk")]
    for effort in efforts:
        effort.part = part
    return efforts


def parts_with_counts(review: AnnualReview) -> list[PartyReview]:
    """Give the parts of a review with party, `asked_count`, `answered_count` and `saved_at`. One query."""
    parts = (
        review.parts.select_related("party__organisation")
        .annotate(
            asked_count=Count("efforts"),
            answered_count=Count("efforts", filter=~Q(efforts__status="")),
            saved_at=Max("efforts__updated_at"),
        )
        .order_by("party__order", "pk")
    )
    found: list[PartyReview] = list(parts)
    for part in found:
        part.review = review
    return found


def efforts_of_review(review: AnnualReview) -> list[Effort]:
    """Give all efforts of a review in order, with part, party and promise. One query."""
    efforts = Effort.objects.filter(part__review=review).order_by("order", "pk")
    return list(efforts.select_related("part__party", "action", "commitment"))


def visible_contracts(round: ReviewRound, actor: Actor) -> frozenset[str]:
    """Give the public identifiers of the contracts whose review in this round the actor may see. One query."""
    reviews = AnnualReview.objects.visible_to(actor).filter(round=round)
    return frozenset(reviews.values_list("contract__public_id", flat=True))
