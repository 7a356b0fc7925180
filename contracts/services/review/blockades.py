"""Blocked actions after the review: followed, asked about from time to time, until they are loose."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import Blockade, ClimateContract, Effort, PartyReview
from contracts.models.review import EffortStatus
from contracts.services.review.answers import label_of
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.people import Recipient, recipients
from contracts.services.review.prefill import key_of
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, granted, standing_of
from nss_portal.core.mail import Mail, address_key, queue_mails
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Days after which the portal asks whether a blocked action is loose, and asks again.
ASK_AFTER_DAYS = 60
LONGEST_NOTE = 500
Guard = Callable[[], None]


def follow(*, part: PartyReview, efforts: Sequence[Effort]) -> None:
    """Follow what these answers call blocked, and let go of what they do not; call it as a part is handed in.

    A promise that an earlier review called blocked goes on under this one, or is loose by this year's answer.
    """
    contract = part.review.contract
    promises = {
        key_of(subject): effort
        for effort in efforts
        if (subject := effort.action or effort.commitment) is not None
    }
    held = {
        one.promise: one
        for one in Blockade.objects.select_for_update().filter(
            contract=contract, promise__in=list(promises), loose_at__isnull=True
        )
    }
    now = timezone.now()
    for promise, effort in promises.items():
        earlier = held.get(promise)
        is_blocked = effort.status == EffortStatus.BLOCKED
        if earlier is not None and (earlier.effort_id != effort.pk or not is_blocked):
            _let_go(earlier, _("by the annual review of %(year)d") % {"year": part.review.round.year})
        if is_blocked and (earlier is None or earlier.effort_id != effort.pk):
            Blockade.objects.update_or_create(
                effort=effort,
                defaults={
                    "contract": contract,
                    "promise": promise,
                    "began_at": earlier.began_at if earlier else now,
                    "ask_on": today() + timedelta(days=ASK_AFTER_DAYS),
                    "loose_at": None,
                },
            )


def _let_go(blockade: Blockade, note: str) -> None:
    blockade.loose_at, blockade.note = timezone.now(), note
    blockade.revision += 1
    blockade.save(update_fields=["loose_at", "note", "revision"])


def blockades_for(actor: Actor, contract: ClimateContract | None = None) -> QuerySet[Blockade]:
    """Give the blocked actions about which somebody may say how they stand, longest blocked first.

    The city those of its whole contract, a party its own. Carries contract, promise, party and bottleneck.
    """
    words = granted(actor, "annual_review", "submit")
    own = words.get("own", frozenset())
    if "mandate" in words:
        own = own | standing_of(actor).mandates
    city = ClimateContract.objects.filter(municipalities__organisation__in=own).values("pk")
    party = words.get("own-party", frozenset())
    mine = Q(contract__in=city) | Q(effort__part__party__organisation__in=party)
    found = Blockade.objects.filter(mine) if contract is None else Blockade.objects.filter(mine, contract=contract)
    return (
        found.select_related(
            "contract",
            "effort__action",
            "effort__commitment",
            "effort__part__party",
            "effort__part__review__round",
            "effort__bottleneck",
        )
        .defer(
            "effort__part__review__prefilled",
            "effort__part__review__outcome",
            "effort__part__review__round__reflection",
        )
        .order_by("began_at", "pk")
    )


@transaction.atomic
def say_how_it_stands(*, blockade: Blockade, actor: Actor, is_loose: bool, note: str) -> Blockade:
    """Say that a blocked action is loose, or still blocked: then the portal asks again in two months.

    Raises NotAllowed, and ReviewRefused where it is loose already or the note is too long.
    """
    if not blockades_for(actor).filter(pk=blockade.pk).exists():
        raise NotAllowed(_("Only the city and the party itself say how a blocked action stands."))
    current = Blockade.objects.select_for_update(of=("self",)).get(pk=blockade.pk)
    if current.loose_at is not None:
        raise ReviewRefused(_("A colleague said already that this is loose."))
    if len(note) > LONGEST_NOTE:
        text = _("At most %(limit)d characters; this text has %(length)d.")
        raise ReviewRefused(text % {"limit": LONGEST_NOTE, "length": len(note)})
    current.note, current.noted_by_label = note.strip(), label_of(actor)
    current.ask_on = today() + timedelta(days=ASK_AFTER_DAYS)
    current.loose_at, current.is_asked = (timezone.now() if is_loose else None), False
    current.revision += 1
    current.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=current, changes={"loose": is_loose, "note": current.note})
    return current


@transaction.atomic
def ask_whether_loose(*, on: date, guard: Guard) -> int:
    """Mail whoever answers for blocked actions that are to be asked about on a day; gives how many people.

    Once per action and day that it is due, however often this runs: the mail and the next day stand in one
    transaction. Without an account at the party itself its city is asked.
    """
    guard()
    due = Blockade.objects.select_for_update(of=("self",)).filter(loose_at__isnull=True, ask_on__lte=on)
    waiting = list(
        due.select_related(
            "contract", "effort__action", "effort__commitment", "effort__part__party", "effort__bottleneck"
        ).order_by("contract__title", "pk")
    )
    letters: dict[str, tuple[Recipient, list[Blockade]]] = {}
    people = _people(waiting)
    for one in waiting:
        for person in people[one.pk]:
            letters.setdefault(person.key, (person, []))[1].append(one)
        one.is_asked = True
        one.ask_on = on + timedelta(days=ASK_AFTER_DAYS)
    queue_mails([_mail(person, asked, on) for person, asked in letters.values()])
    Blockade.objects.bulk_update(waiting, ["is_asked", "ask_on"], batch_size=500)
    return len(letters)


def _people(blockades: Sequence[Blockade]) -> dict[int, list[Recipient]]:
    """Give who is asked about each: people of the party with an account, else those of the contract's city."""
    reviews = {one.effort.part.review_id for one in blockades}
    leading = PartyReview.objects.filter(review__in=reviews, party__is_leading=True).select_related("party")
    of_review: dict[int, list[PartyReview]] = defaultdict(list)
    for part in leading:
        of_review[part.review_id].append(part)
    found = recipients({part.pk: part for part in [*(one.effort.part for one in blockades), *leading]}.values())
    return {
        one.pk: _with_account(found[one.effort.part_id])
        or [person for part in of_review[one.effort.part.review_id] for person in _with_account(found[part.pk])]
        for one in blockades
    }


def _with_account(people: Sequence[Recipient]) -> list[Recipient]:
    return [person for person in people if person.user_id is not None]


def _mail(person: Recipient, asked: Sequence[Blockade], on: date) -> Mail:
    with translation.override(person.language):
        subject = ngettext(
            "Is this still blocked? %(count)d action", "Is this still blocked? %(count)d actions", len(asked)
        )
        items = [
            {
                "title": str(one.effort),
                "contract": one.contract.name,
                "url": settings.NSS_BASE_URL + reverse("contracts:blockades", args=[one.contract.public_id]),
                "is_solved": one.effort.bottleneck is not None and one.effort.bottleneck.state == "solved",
            }
            for one in asked
        ]
        body = render_to_string("contracts/mail/blocked.txt", {"name": person.name, "items": items})
    return Mail(
        key=f"review-blocked:{on.isoformat()}:{address_key(person.key)}",
        to=person.email,
        subject=subject % {"count": len(asked)},
        body=body,
        about=asked[0].contract,
        language=person.language,
    )
