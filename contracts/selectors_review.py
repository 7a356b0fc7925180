"""Reads of the annual review: how far rounds, reviews and parts are."""

from dataclasses import dataclass

from django.db.models import Count, Q

from contracts.models import AnnualReview, ClimateContract, Effort, PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from nss_portal.core.time import today


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
