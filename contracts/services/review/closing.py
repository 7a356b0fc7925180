"""Close a round: keep every review's outcome, then the national reflection; the round closes last of all.

Each review is closed in a transaction of its own under the lock that every answer takes, so what was saved before
is in the outcome and what comes after is refused. Broken off, the work goes on with the reviews that are left.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from contracts.models import AnnualReview, ReviewRound
from contracts.models.review import ReviewState, RoundState
from contracts.services.review.outcome import outcome_of
from contracts.services.review.reflection import reflection_of
from contracts.workflow_review import REVIEW, ROUND
from nss_portal.core import workflow
from nss_portal.core.access import Actor

Guard = Callable[[], None]
Progress = Callable[[int, int], None]


def close_reviews(round: ReviewRound, *, actor: Actor, guard: Guard, progress: Progress) -> int:
    """Close the reviews of a round that are not closed yet; gives how many were closed now.

    `actor` is the portal itself; who closed the round stands in the round's own history.
    """
    reviews = AnnualReview.objects.filter(round=round)
    waiting = list(reviews.exclude(state=ReviewState.CLOSED).order_by("pk").values_list("pk", flat=True))
    total = reviews.count()
    for number, pk in enumerate(waiting, start=1):
        with transaction.atomic():
            guard()
            _close(pk, actor)
        progress(total - len(waiting) + number, total)
    return len(waiting)


def _close(pk: int, actor: Actor) -> None:
    review = AnnualReview.objects.select_for_update(of=("self",)).with_round().get(pk=pk)
    if review.state == ReviewState.CLOSED:
        return
    review.outcome = outcome_of(review)
    review.save(update_fields=["outcome"])
    workflow.take(REVIEW, "close", review, actor=actor)


@transaction.atomic
def finish(round: ReviewRound, *, actor: Actor) -> ReviewRound:
    """Write the reflection's figures on the round and close it; call it in the job's transaction, once.

    A round that is closed already stays as it is.
    """
    current = ReviewRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if current.state != RoundState.CLOSING:
        return current
    current.closed_at = timezone.now()
    current.reflection = reflection_of(current)
    current.save(update_fields=["closed_at", "reflection"])
    workflow.take(ROUND, "closed", current, actor=actor)
    return current
