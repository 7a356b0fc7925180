"""Invitations and reminders: grouped per person, each once, and only about what is still open."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import PartyReview, ReviewRound
from contracts.models.review import PartState
from contracts.services.review.access import is_owner
from contracts.services.review.answers import lock_review, require_open
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.letters import Letter, asked_of, letters, parts_of, send, still_open, unreachable
from contracts.services.review.people import Recipient
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Days from the due date on which people are reminded; before it negative.
OFFSETS = (-30, -7, -1, 1, 7)
# Mails written per transaction.
BATCH = 100
Guard = Callable[[], None]
Progress = Callable[[int, int], None]


def invite(round: ReviewRound, *, guard: Guard, progress: Progress) -> tuple[int, int]:
    """Write the invitations of a round; gives (people written to, parts about which nobody can be written to)."""
    parts = list(parts_of(round).exclude(state=PartState.SUBMITTED))
    post = letters(asked_of(part) for part in parts)
    _send_all(
        post, kind="invitation", key=f"review-invitation:{round.year}", round=round, guard=guard, say=progress
    )
    return len(post), len(unreachable(parts))


def due_offset(round: ReviewRound, on: date) -> int | None:
    """Give the newest reminder that is due on a day, as days from the due date, or None.

    A day that was missed is made up for with the newest one alone. Reminders of before the round opened, or of the
    day on which the invitations went, are not sent.
    """
    opened = timezone.localtime(round.opened_at).date()
    for offset in reversed(OFFSETS):
        day = round.due_on + timedelta(days=offset)
        if opened < day <= on:
            return offset
    return None


def remind(round: ReviewRound, *, on: date, guard: Guard) -> int:
    """Write the reminder that is due on a day to everybody of whom something is still asked; gives how many."""
    offset = due_offset(round, on)
    if offset is None:
        return 0
    key = f"review-reminder:{round.year}:{round.due_on.isoformat()}:{offset}"
    post = letters(still_open(round))
    _send_all(post, kind="reminder", key=key, round=round, guard=guard, days=(round.due_on - on).days)
    return len(post)


@transaction.atomic
def remind_party(*, part: PartyReview, actor: Actor) -> Sequence[Recipient]:
    """Write one more reminder about one part, at most one a day; gives to whom.

    For the contract's city and the coordinator. Raises NotAllowed, and ReviewRefused when the part is handed in,
    the round closed, or nobody can be written to.
    """
    if not (is_owner(actor, part.review) or may(actor, "review_round", "manage")):
        raise NotAllowed(_("Only the city and the coordinator remind a party."))
    review = lock_review(part.review_id)
    require_open(review)
    current = parts_of(review.round).filter(pk=part.pk).first()
    if current is None or current.state == PartState.SUBMITTED:
        raise ReviewRefused(_("Nothing is asked of %(party)s any more.") % {"party": part.party})
    post = letters([asked_of(current)])
    if not post:
        raise ReviewRefused(
            _("No e-mail address is known of %(party)s, and nobody there has an account.") % {"party": part.party}
        )
    day = today()
    key = f"review-nudge:{part.pk}:{day.isoformat()}"
    send(post, kind="reminder", key=key, round=review.round, days=(review.round.due_on - day).days)
    audit.record(
        actor=actor, event=Event.REQUESTED, obj=current, reason="reminder", on_behalf_of=current.party.organisation
    )
    return [letter.to for letter in post]


@transaction.atomic
def send_link(*, part: PartyReview, actor: Actor) -> Sequence[Recipient]:
    """Mail a part's present personal link to those without an account; gives to whom, nobody when none is known.

    Each link is mailed once. Raises NotAllowed and ReviewRefused as `remind_party` does.
    """
    if not (is_owner(actor, part.review) or may(actor, "review_round", "manage")):
        raise NotAllowed(_("Only the city and the coordinator remind a party."))
    review = lock_review(part.review_id)
    require_open(review)
    current = parts_of(review.round).filter(pk=part.pk).exclude(state=PartState.SUBMITTED).first()
    post = letters([asked_of(current)]) if current else []
    post = [letter for letter in post if letter.to.user_id is None]
    send(post, kind="invitation", key=f"review-link:{part.pk}:{part.link_nonce[:8]}", round=review.round)
    return [letter.to for letter in post]


def _send_all(
    post: Sequence[Letter],
    *,
    kind: str,
    key: str,
    round: ReviewRound,
    guard: Guard,
    days: int | None = None,
    say: Progress | None = None,
) -> None:
    waiting, done = iter(post), 0
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            guard()
            send(batch, kind=kind, key=key, round=round, days=days)
        done += len(batch)
        if say is not None:
            say(done, len(post))
