"""How far the parties of the demonstration are, and what they said: fills in reviews before they are written."""

import random
from collections.abc import Sequence
from enum import StrEnum

from contracts.demo.answers import Answers
from contracts.demo.days import Days
from contracts.models import Effort, PartyReview
from contracts.models.review import EffortStatus, PartState, ReviewState
from contracts.services.review.links import link_actor
from contracts.services.review.prefill import FilledIn

# In a closed round nearly everybody handed in.
HANDED_IN = 0.93


class Plan(StrEnum):
    """Where a contract stands in the open round: the columns of the coordinator's board."""

    ASKED = "asked"
    BUSY = "busy"
    READY = "ready"
    SUBMITTED = "submitted"


# The published contracts in their order: two of them show a review under way.
PUBLISHED = (Plan.BUSY, Plan.BUSY, Plan.ASKED, Plan.SUBMITTED)
# The others, in hundredths.
DRAWN = {Plan.ASKED: 15, Plan.BUSY: 50, Plan.READY: 12, Plan.SUBMITTED: 23}
# In a review under way: parties that come by a personal link, in turn.
IN_TURN = (PartState.SUBMITTED, PartState.ASKED, PartState.STARTED)


def plan_of(one: FilledIn, number: int, dice: random.Random) -> Plan:
    """Give where a contract stands in the open round; `number` counts the contracts from 0."""
    if one.review.contract.is_illustrative:
        return dice.choices(list(DRAWN), list(DRAWN.values()))[0]
    return PUBLISHED[number % len(PUBLISHED)]


def fill(one: FilledIn, plan: Plan | None, days: Days, answers: Answers, dice: random.Random) -> None:
    """Let the parties of one contract answer; without a `plan` the round is closed."""
    asked = [(part, [effort for effort in one.efforts if effort.part is part]) for part in one.parts]
    asked = [(part, efforts) for part, efforts in asked if efforts]
    by_link = 0
    for part, efforts in asked:
        if plan is None:
            state = _closed_state(part, dice)
        elif plan == Plan.BUSY:
            state = _busy_state(part, by_link)
            by_link += part.party.organisation_id is None
        else:
            state = PartState.ASKED if plan == Plan.ASKED else PartState.SUBMITTED
        if state != PartState.ASKED:
            _take_part(part, efforts, PartState(state), days, answers, dice)
    if plan == Plan.SUBMITTED or (plan is None and dice.random() < HANDED_IN):
        _hand_in(one, [part for part, _efforts in asked], days, answers, dice)


def _closed_state(part: PartyReview, dice: random.Random) -> PartState:
    if part.party.organisation_id is not None or dice.random() < HANDED_IN:
        return PartState.SUBMITTED
    return dice.choice([PartState.ASKED, PartState.STARTED])


def _busy_state(part: PartyReview, by_link: int) -> PartState:
    """Give how far a party is: the city has begun; ministry and partner, who have accounts, have yet to."""
    if part.party.is_leading:
        return PartState.STARTED
    return PartState.ASKED if part.party.organisation_id is not None else IN_TURN[by_link % len(IN_TURN)]


def _take_part(
    part: PartyReview,
    efforts: Sequence[Effort],
    state: PartState,
    days: Days,
    answers: Answers,
    dice: random.Random,
) -> None:
    """Answer a part, or of one that was only begun the last half: the first answers are still to be given."""
    by, at = _name(part), days.moment(dice)
    part.state = state
    answered = efforts if state == PartState.SUBMITTED else efforts[len(efforts) // 2 :]
    for effort in answered:
        # The city's first promise goes as it should, so that it can say 'same as last year' the next time.
        is_first = part.party.is_leading and effort is efforts[0]
        answers.answer(effort, dice, by=by, at=at, status=EffortStatus.ON_COURSE if is_first else "")
    if state == PartState.SUBMITTED:
        part.submitted_at, part.submitted_by_label = at, by


def _name(part: PartyReview) -> str:
    return part.party.name if part.party.organisation_id is not None else link_actor(part).label


def _hand_in(
    one: FilledIn, asked: Sequence[PartyReview], days: Days, answers: Answers, dice: random.Random
) -> None:
    leading = next((part for part in one.parts if part.party.is_leading), None)
    moments = [part.submitted_at for part in asked if part.submitted_at is not None]
    one.review.state = ReviewState.SUBMITTED
    one.review.submitted_at = max(moments, default=days.moment(dice))
    one.review.submitted_by_label = leading.party.name if leading else ""
    one.review.conclusion, one.review.revision = answers.conclusion(dice), 1
