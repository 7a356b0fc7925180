"""Illustrative date polls for the demonstration: on activities that are being planned, half of it answered."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from activities.models import Activity, DatePoll, PollAnswer, PollGuest, PollMoment
from activities.models.activity import ActivityState
from activities.models.date_poll import Reply
from cities.services.demo import drawn_id
from governance.models import Membership
from governance.models.membership import Function
from nss_portal.core.time import today

POLLS = {"small": 1, "national": 40}
MOMENTS, GUESTS, ANSWERED = 4, 8, 5
CLOSES_IN = timedelta(days=9)
REPLIES = [Reply.YES] * 5 + [Reply.MAYBE] * 2 + [Reply.NO] * 3
NOTE = "We beginnen met lunch. Wie met de trein komt: het is tien minuten lopen."


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Look for a date for illustrative activities that are planned; a second run adds only what is missing."""
    there = DatePoll.objects.filter(activity__is_illustrative=True).count()
    first = timezone.now() + CLOSES_IN + timedelta(days=5)
    planned = Activity.objects.filter(
        is_illustrative=True, state=ActivityState.PLANNED, polls=None, is_series=False, starts_at__gt=first
    )
    people = Membership.objects.current(today()).filter(function=Function.TEAM, user__is_active=True)
    teams = list({one.user_id: one for one in people.order_by("pk")}.values())
    given = set(DatePoll.objects.values_list("public_id", flat=True))
    made = 0
    for activity in planned.order_by("pk")[: max(POLLS[scale] - there, 0)] if teams else ():
        dice = random.Random(f"{seed}-poll-{activity.public_id}")  # noqa: S311 - made-up data, not a secret
        _look_for(activity, teams, dice, given)
        made += 1
    return [f"demo: date polls {made}"]


def _look_for(activity: Activity, teams: list[Membership], dice: random.Random, given: set[str]) -> None:
    poll = DatePoll.objects.create(
        public_id=drawn_id(dice, given),
        activity=activity,
        note=NOTE,
        closes_on=today() + CLOSES_IN,
        created_at=timezone.now() - timedelta(days=4),
    )
    given.add(poll.public_id)
    starts, ends = activity.starts_at, activity.ends_at
    assert starts is not None  # noqa: S101 - only activities with a date come here
    lasts = min((ends or starts) - starts, timedelta(hours=8)) or timedelta(hours=2)
    moments = PollMoment.objects.bulk_create(
        PollMoment(
            poll=poll,
            starts_at=starts + timedelta(days=shift),
            ends_at=starts + timedelta(days=shift) + lasts,
            meeting=activity.meeting,
            place=activity.place,
        )
        for shift in (0, 1, 7, 8)[:MOMENTS]
    )
    chosen = dice.sample(teams, min(GUESTS, len(teams)))
    own = [one for one in teams if one.organisation_id != activity.organisation_id and one in chosen]
    for number, member in enumerate(own):
        answered = number < ANSWERED
        guest = PollGuest.objects.create(
            poll=poll,
            user_id=member.user_id,
            organisation_id=member.organisation_id,
            answered_by_id=member.user_id if answered else None,
            answered_at=timezone.now() - timedelta(days=2) if answered else None,
        )
        if answered:
            PollAnswer.objects.bulk_create(
                PollAnswer(guest=guest, moment=one, reply=dice.choice(REPLIES)) for one in moments
            )
