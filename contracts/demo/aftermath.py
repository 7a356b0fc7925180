"""What the reviews of the demonstration leave behind: outcomes, drafts, the reflection, invitations, a history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Model

from activities.models import Lesson
from cities.models import Bottleneck, Theme
from contracts.models import AnnualReview, Blockade, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from contracts.services.review.follow_up import follow_up
from contracts.services.review.indicators import as_json, indicators_by_contract
from contracts.services.review.outcome import outcome_from
from contracts.services.review.prefill import FilledIn
from contracts.services.review.reflection import reflection_of
from contracts.services.review.reminders import invite
from governance.models import User
from nss_portal.core.models import Transition

ROWS = 500


def close_reviews(filled: Sequence[FilledIn]) -> None:
    """Keep the answers as they stood and close the reviews; nothing of them changes any more."""
    figures = indicators_by_contract({one.review.contract_id for one in filled})
    for one in filled:
        shown = as_json(figures.get(one.review.contract_id, []), one.review.round.year)
        one.review.outcome = outcome_from(one.review, one.parts, one.efforts, indicators=shown)
        one.review.state = ReviewState.CLOSED
    AnnualReview.objects.bulk_update([one.review for one in filled], ["outcome", "state"], batch_size=ROWS)


def close_round(current: ReviewRound, closed_at: datetime) -> None:
    """Write the national reflection's figures and close a round whose reviews are closed."""
    current.closed_at = closed_at
    current.reflection = reflection_of(current)
    current.state = RoundState.CLOSED
    current.save(update_fields=["closed_at", "reflection", "state"])


def send_invitations(current: ReviewRound) -> None:
    """Write to whoever still has something to answer: personal links then stand in the demonstration's mailbox."""
    invite(current, guard=lambda: None, progress=lambda _done, _total: None)


def make_drafts(filled: Iterable[FilledIn], themes: Mapping[str, str]) -> None:
    """Let setbacks become draft lessons and obstacles draft bottlenecks, as handing in does; marked as made up.

    `themes` maps the text of an obstacle to the code of its theme, which a city would choose.
    """
    known = {theme.code: theme for theme in Theme.objects.all()}
    for one in filled:
        for part in one.parts:
            if part.state != PartState.SUBMITTED or part.submitted_at is None:
                continue
            efforts = [effort for effort in one.efforts if effort.part is part]
            follow_up(part=part, efforts=efforts)
            followed = Blockade.objects.filter(effort__in=[effort.pk for effort in efforts])
            followed.update(began_at=part.submitted_at)
            for effort in efforts:
                theme = known.get(themes.get(effort.obstacle or effort.reason, ""))
                marks = {"is_illustrative": True, "theme": theme, "created_at": part.submitted_at}
                for model, pk in ((Bottleneck, effort.bottleneck_id), (Lesson, effort.lesson_id)):
                    if pk is not None:
                        model.objects.filter(pk=pk).update(**marks, changed_at=part.submitted_at)


def ask_about_blocked(current: ReviewRound) -> None:
    """Let the portal have asked about what a closed round called blocked and no later one let go."""
    waiting = Blockade.objects.filter(effort__part__review__round=current, loose_at__isnull=True)
    waiting.update(is_asked=True)


def round_steps(current: ReviewRound, actor: User) -> None:
    """Note when a round opened and, if it did, closed."""
    steps = [_step(current, "open", RoundState.OPENING, RoundState.OPEN, current.opened_at, str(actor), actor)]
    if current.closed_at is not None:
        for name, source, target in (
            ("close", RoundState.OPEN, RoundState.CLOSING),
            ("closed", RoundState.CLOSING, RoundState.CLOSED),
        ):
            steps.append(_step(current, name, source, target, current.closed_at, str(actor), actor))
    Transition.objects.bulk_create(steps)


def review_steps(filled: Iterable[FilledIn], closed_at: datetime | None, actor: User) -> None:
    """Note when reviews were handed in and closed."""
    steps = []
    for review in (one.review for one in filled):
        state = ReviewState.OPEN
        if review.submitted_at is not None:
            label = review.submitted_by_label
            steps.append(_step(review, "submit", state, ReviewState.SUBMITTED, review.submitted_at, label, None))
            state = ReviewState.SUBMITTED
        if closed_at is not None:
            steps.append(_step(review, "close", state, ReviewState.CLOSED, closed_at, str(actor), actor))
    Transition.objects.bulk_create(steps, batch_size=ROWS)


def _step(
    record: Model, name: str, source: str, target: str, at: datetime, label: str, actor: User | None
) -> Transition:
    return Transition(
        object_type=record._meta.label_lower,
        object_id=str(record.pk),
        name=name,
        source=source,
        target=target,
        at=at,
        actor=actor,
        actor_label=label,
    )
