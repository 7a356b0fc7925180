"""What pages and 'my work' read of date polls."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from activities.models import DatePoll, PollAnswer, PollGuest, PollMoment
from activities.models.date_poll import PollState, Reply
from nss_portal.core.access import Actor, granted, standing_of


def unanswered(guests: QuerySet[PollGuest]) -> QuerySet[PollGuest]:
    """Keep those who have not answered about every moment that is offered now."""
    answered = PollAnswer.objects.filter(moment=OuterRef("pk"), guest=OuterRef(OuterRef("pk")))
    open_moments = PollMoment.objects.filter(poll=OuterRef("poll")).exclude(Exists(answered.order_by()))
    return guests.filter(Exists(open_moments.order_by()))


def waiting_for(user: Any, own: Any, day: Any) -> QuerySet[PollGuest]:
    """Give where a person, or an own organisation as a whole, still has to answer; the first last day first."""
    mine = Q(user=user) | Q(user__isnull=True, organisation__in=own)
    open_now = PollGuest.objects.filter(mine, poll__state=PollState.OPEN, poll__closes_on__gte=day)
    return unanswered(open_now).order_by("poll__closes_on", "pk")


def choosing(actor: Actor) -> frozenset[int]:
    """Give the organisations (primary keys) for whose activities the actor chooses a date."""
    held = granted(actor, "activity", "change").get("organiser", frozenset())
    return held or standing_of(actor).organisations


def to_choose(own: Any, day: Any) -> QuerySet[DatePoll]:
    """Give the polls of activities of organisations that can be decided: the last day is over, or all answered."""
    missing = unanswered(PollGuest.objects.filter(poll=OuterRef("pk")))
    some = PollGuest.objects.filter(poll=OuterRef("pk"))
    complete = Exists(some.order_by()) & ~Exists(missing.order_by())
    found: QuerySet[DatePoll] = DatePoll.objects.filter(activity__organisation__in=own, state=PollState.OPEN)
    return found.filter(Q(closes_on__lt=day) | complete).order_by("closes_on", "pk")


@dataclass
class Column:
    """One moment with what was answered about it, and by whom."""

    moment: PollMoment
    counts: Counter[str] = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    fits_best: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """How well it fits: first by how many can, then by how many can if need be."""
        yes, maybe = self.counts[Reply.YES], self.counts[Reply.MAYBE]
        return (yes + maybe, yes)


def answers_of(poll: DatePoll, guests: list[PollGuest]) -> list[Column]:
    """Give the moments of a poll with the answers. Two queries."""
    names = {one.pk: str(one) for one in guests}
    columns = {one.pk: Column(one) for one in poll.moments.all()}
    rows = PollAnswer.objects.filter(moment__in=columns).order_by("guest", "pk")
    for moment, guest, reply in rows.values_list("moment", "guest", "reply"):
        columns[moment].counts[reply] += 1
        columns[moment].names[reply].append(names.get(guest, ""))
    found = list(columns.values())
    best = max((one.rank for one in found), default=(0, 0))
    for one in found:
        one.fits_best = one.rank == best and best[0] > 0
    return found
