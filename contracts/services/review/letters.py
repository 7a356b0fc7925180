"""What the annual review writes to people: one mail per person about all that is asked of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contracts.models import PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState
from contracts.services.review.links import link_for
from contracts.services.review.people import Recipient, recipients
from nss_portal.core.mail import Mail, OutgoingMail, address_key, queue_mails

# About how long one effort takes, in minutes.
MINUTES_PER_EFFORT = 2
# About how long the city takes to hand in the whole review.
HAND_IN_MINUTES = 10


@dataclass(frozen=True)
class Asked:
    """One thing that is asked of somebody: a part to fill in, or with `hands_in` the whole review to hand in."""

    part: PartyReview
    efforts: int
    hands_in: bool = False

    @property
    def minutes(self) -> int:
        """About how long it takes."""
        return HAND_IN_MINUTES if self.hands_in else self.efforts * MINUTES_PER_EFFORT


@dataclass
class Letter:
    """A person and all that is asked of them."""

    to: Recipient
    asked: list[Asked] = field(default_factory=list)


def parts_of(round: ReviewRound) -> QuerySet[PartyReview]:
    """Give the parts of a round in which something is asked, with `asked_count`; see `asked_of`."""
    return (
        PartyReview.objects.filter(review__round=round)
        .annotate(asked_count=Count("efforts"))
        .filter(asked_count__gt=0)
        .select_related("party__organisation", "review__contract", "review__round")
        .defer("review__prefilled", "review__outcome", "review__round__reflection")
        .order_by("review__contract__title", "party__order", "pk")
    )


def asked_of(part: PartyReview) -> Asked:
    """Give what a part from `parts_of` asks."""
    return Asked(part, int(getattr(part, "asked_count")))  # noqa: B009 - annotated


def letters(asked: Iterable[Asked]) -> list[Letter]:
    """Group what is asked by person, in order of address."""
    asked = list(asked)
    people = recipients({one.part.pk: one.part for one in asked}.values())
    found: dict[str, Letter] = {}
    for one in asked:
        for person in people[one.part.pk]:
            found.setdefault(person.key, Letter(person)).asked.append(one)
    return [found[key] for key in sorted(found)]


def still_open(round: ReviewRound) -> list[Asked]:
    """Give what is still asked in a round: parts not handed in, and reviews that their city has not handed in."""
    open_parts = parts_of(round).filter(~Q(state=PartState.SUBMITTED))
    asked = [asked_of(part) for part in open_parts]
    own_parts = parts_of(round).filter(party__is_leading=True, review__state=ReviewState.OPEN)
    busy = {one.part.review_id for one in asked if one.part.party.is_leading}
    return asked + [Asked(part, 0, hands_in=True) for part in own_parts if part.review_id not in busy]


def unreachable(parts: Iterable[PartyReview]) -> list[PartyReview]:
    """Give the parts about which nobody can be written to."""
    parts = list(parts)
    people = recipients(parts)
    return [part for part in parts if not people[part.pk]]


def send(
    post: Sequence[Letter],
    *,
    kind: str,
    key: str,
    round: ReviewRound,
    days: int | None = None,
) -> list[OutgoingMail]:
    """Queue a mail per person in their language; `kind` is 'invitation' or 'reminder', `days` are left until due.

    Call it inside a transaction. The same key and address twice is one mail.
    """
    return queue_mails([_mail(letter, kind, key, round, days) for letter in post])


def _mail(letter: Letter, kind: str, key: str, round: ReviewRound, days: int | None) -> Mail:
    with translation.override(letter.to.language):
        context = {
            "round": round,
            "name": letter.to.name,
            "due_on": date_format(round.due_on, "DATE_FORMAT"),
            "items": [_item(letter.to, one) for one in letter.asked],
            "days": days,
            "late": -days if days is not None else None,
            "has_account": letter.to.user_id is not None,
        }
        subject = _subject(kind, letter.asked, round.year)
        body = render_to_string(f"contracts/mail/review_{kind}.txt", context)
    return Mail(
        key=f"{key}:{address_key(letter.to.key)}",
        to=letter.to.email,
        subject=subject,
        body=body,
        about=round,
        language=letter.to.language,
    )


def _subject(kind: str, asked: Sequence[Asked], year: int) -> str:
    contracts = {one.part.review.contract_id for one in asked}
    what = asked[0].part.review.contract.title if len(contracts) == 1 else ""
    if kind == "invitation":
        text = _("Annual review %(year)s: your part of %(contract)s") if what else _("Annual review %(year)s")
    else:
        text = (
            _("Reminder: annual review %(year)s of %(contract)s")
            if what
            else _("Reminder: annual review %(year)s")
        )
    return text % {"year": year, "contract": what}


def _item(person: Recipient, one: Asked) -> dict[str, object]:
    part = one.part
    review = part.review
    if one.hands_in:
        path = reverse("contracts:review", args=[review.contract.public_id, review.round.year])
        url = settings.NSS_BASE_URL + path
    elif person.user_id is None:
        url = link_for(part)
    else:
        args = [review.contract.public_id, review.round.year, part.public_id]
        url = settings.NSS_BASE_URL + reverse("contracts:review_part", args=args)
    return {
        "contract": review.contract.title,
        "party": part.party.name,
        "hands_in": one.hands_in,
        "efforts": one.efforts,
        "minutes": one.minutes,
        "url": url,
    }
