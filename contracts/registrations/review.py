"""What the annual review adds to 'my work', to the news and to the navigation."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cities.models.bottleneck import BottleneckState, Sharing
from contracts.models import AnnualReview, Blockade, ClimateContract, PartyReview, ReviewRound
from contracts.models.review import PartState, ReviewState, RoundState
from contracts.services.review.letters import HAND_IN_MINUTES, MINUTES_PER_EFFORT
from contracts.services.review.merged_bottlenecks import EffortLinks
from nss_portal.core.access import Role, granted, may, standing_of
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    WorkItem,
    merge_handlers,
    navigation,
    news_items,
    work_items,
)
from nss_portal.core.time import today

CLOSE_MINUTES = 10

merge_handlers.register(EffortLinks)


@navigation.register
def entries() -> list[NavigationItem]:
    """Rounds of reviews stand in the navigation of coordinators."""
    return [
        NavigationItem(
            label=gettext_lazy("Annual reviews"),
            url_name="contracts:rounds",
            order=55,
            under="contracts:list",
            members_only=True,
            roles=frozenset({Role.COORDINATOR.value}),
        )
    ]


@work_items.register
def parts_to_fill_in(user: Any) -> Iterable[WorkItem]:
    """Ask somebody for the parts of their own organisations in open rounds, and show those done."""
    words = granted(user, "annual_review", "submit")
    organisations = words.get("own", frozenset()) | words.get("own-party", frozenset())
    if not organisations:
        return ()
    parts = _parts(own=organisations)
    fields = ("public_id", "state", "submitted_by_label", "asked", "answered", "party__organisation__name")
    return Rows(
        parts, *fields, "review__round__year", "review__round__due_on", *_names("review__"), each=_part_item
    )


@prepared
def _parts(own: Any) -> QuerySet[PartyReview]:
    parts = PartyReview.objects.filter(party__organisation__in=own, review__round__state=RoundState.OPEN)
    counted = parts.annotate(asked=Count("efforts"), answered=Count("efforts", filter=~Q(efforts__status="")))
    return counted.filter(asked__gt=0).order_by("review__contract__title", "party__order", "pk")


def _names(before: str = "") -> tuple[str, ...]:
    """Give the fields that a contract's name and address are made of."""
    return tuple(f"{before}contract__{name}" for name in ("public_id", "title", "title_en"))


def _part_item(part: PartyReview) -> WorkItem:
    asked, answered = (int(getattr(part, name)) for name in ("asked", "answered"))
    review = part.review
    done = part.state == PartState.SUBMITTED
    if done:
        detail = _("Handed in by %(who)s.") % {"who": part.submitted_by_label}
    else:
        left = asked - answered
        detail = ngettext("%(count)d question is open.", "%(count)d questions are open.", left) % {"count": left}
    return WorkItem(
        title=_("Annual review %(year)d of %(contract)s: our part")
        % {"year": review.round.year, "contract": review.contract.name},
        url=reverse("contracts:review_part", args=[review.contract.public_id, review.round.year, part.public_id]),
        action_label=_("Look") if done else _("Go on") if answered else _("Fill in our part"),
        minutes=0 if done else max(MINUTES_PER_EFFORT, (asked - answered) * MINUTES_PER_EFFORT),
        due=review.round.due_on,
        detail=detail,
        on_behalf_of=str(part.party.organisation),
        progress=(answered, asked),
        done=done,
    )


@work_items.register
def blocked_to_ask(user: Any) -> Iterable[WorkItem]:
    """Ask whether what an earlier review called blocked is loose by now: when it is time, or the bottleneck is."""
    words = granted(user, "annual_review", "submit")
    own, of_party = words.get("own", frozenset()), words.get("own-party", frozenset())
    if not (own or of_party):
        return ()
    waiting = _blocked(own=own, of_party=of_party)
    fields = ("effort__action__title", "effort__commitment__title", *(f"contract__{name}" for name in CONTRACT))
    return Rows(waiting, *fields, each=_blocked_item)


@prepared
def _blocked(own: Any, of_party: Any) -> QuerySet[Blockade]:
    city = ClimateContract.objects.filter(municipalities__organisation__in=own).values("pk")
    mine = Q(contract__in=city) | Q(effort__part__party__organisation__in=of_party)
    now = Q(is_asked=True) | Q(effort__bottleneck__state=BottleneckState.SOLVED, noted_by_label="")
    return Blockade.objects.filter(mine, now, loose_at__isnull=True).order_by("pk")


CONTRACT = ("public_id", "title", "title_en")


def _blocked_item(blockade: Blockade) -> WorkItem:
    promise = blockade.effort.action or blockade.effort.commitment
    return WorkItem(
        title=_("Is it still blocked: %(title)s") % {"title": promise.title if promise else ""},
        url=blockade.get_absolute_url(),
        action_label=_("Say how it stands"),
        minutes=1,
        detail=blockade.contract.name,
    )


@work_items.register
def reviews_to_hand_in(user: Any) -> Iterable[WorkItem]:
    """Ask a city to hand in its reviews once its own part is done."""
    words = granted(user, "annual_review", "submit")
    organisations = words.get("own", frozenset())
    if not organisations:
        return ()
    fields = ("state", "submitted_by_label", "asked", "done", "round__year", "round__due_on")
    return Rows(_reviews(own=organisations), *fields, *_names(), each=_review_item)


@prepared
def _reviews(own: Any) -> QuerySet[AnnualReview]:
    leading = Q(parts__party__is_leading=True)
    return (
        AnnualReview.objects.filter(contract__municipalities__organisation__in=own)
        .filter(round__state=RoundState.OPEN)
        .annotate(
            asked=Count("parts", filter=Q(parts__efforts__isnull=False), distinct=True),
            done=Count("parts", filter=Q(parts__state=PartState.SUBMITTED), distinct=True),
            own_open=Count(
                "parts",
                filter=leading & ~Q(parts__state=PartState.SUBMITTED) & Q(parts__efforts__isnull=False),
                distinct=True,
            ),
        )
        .exclude(state=ReviewState.OPEN, own_open__gt=0)
        .order_by("contract__title", "pk")
    )


def _review_item(review: AnnualReview) -> WorkItem:
    handed_in = review.state != ReviewState.OPEN
    asked, done = (int(getattr(review, name)) for name in ("asked", "done"))
    names = {"year": review.round.year, "contract": review.contract.name}
    if handed_in:
        detail = _("Handed in by %(who)s.") % {"who": review.submitted_by_label}
    elif done < asked:
        left = asked - done
        detail = ngettext(
            "%(count)d party has not answered yet.", "%(count)d parties have not answered yet.", left
        ) % {"count": left}
    else:
        detail = _("All parties have answered.")
    address = review.get_absolute_url()
    if not handed_in:
        address = reverse("contracts:review_submit", args=[review.contract.public_id, review.round.year])
    return WorkItem(
        title=_("Hand in the annual review %(year)d of %(contract)s") % names,
        url=address,
        action_label=_("Look") if handed_in else _("Hand in the review"),
        minutes=0 if handed_in else HAND_IN_MINUTES,
        due=review.round.due_on,
        detail=detail,
        progress=(done, asked),
        done=handed_in,
    )


@work_items.register
def rounds_to_run(user: Any) -> Iterator[WorkItem]:
    """Ask a coordinator to close a round that is due, to help who needs it, and to open the one of last year.

    One query, and a second while no round of last year is there.
    """
    if standing_of(user).is_system or not may(user, "review_round", "manage"):
        return
    last_year = today().year - 1
    shared = Q(reviews__contract__sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])
    rounds = ReviewRound.objects.light().filter(Q(state=RoundState.OPEN) | Q(year__gte=last_year))
    counted = rounds.annotate(
        asked=Count("reviews", filter=shared),
        handed_in=Count("reviews", filter=shared & Q(reviews__submitted_at__isnull=False)),
    )
    found: list[Any] = list(counted)
    for current in found:
        if current.state == RoundState.OPEN:
            yield _round_item(current, done=current.handed_in, asked=current.asked)
    is_there = any(current.year >= last_year for current in found)
    if not is_there and ClimateContract.objects.running(today()).exists():
        yield WorkItem(
            title=_("Open the annual review of %(year)d") % {"year": last_year},
            url=reverse("contracts:rounds"),
            action_label=_("Open a round"),
            minutes=5,
            detail=_("The climate contracts were not looked back on yet."),
        )


def _round_item(current: ReviewRound, *, done: int, asked: int) -> WorkItem:
    late = current.due_on < today()
    return WorkItem(
        title=(_("Close the annual review %(year)d") if late else _("Follow the annual review %(year)d"))
        % {"year": current.year},
        url=reverse("contracts:round_close", args=[current.year]) if late else current.get_absolute_url(),
        action_label=_("Close the round") if late else _("Look at the round"),
        minutes=CLOSE_MINUTES,
        due=current.due_on,
        detail=_("The last day has passed.") if late else _("See who is where and who needs help."),
        progress=(done, asked),
    )


@news_items.register
def rounds_that_moved(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell that a round opened (to members) or that its reflection is there (to everybody)."""
    moved = ReviewRound.objects.filter(Q(opened_at__gt=since) | Q(closed_at__gt=since))
    told = _told_to_members if standing_of(user).organisations else _told_to_all
    return Rows(moved, "year", "state", "due_on", "opened_at", "closed_at", together=told)


def _told_to_members(rounds: list[ReviewRound]) -> Iterator[NewsItem]:
    return _told(rounds, is_member=True)


def _told_to_all(rounds: list[ReviewRound]) -> Iterator[NewsItem]:
    return _told(rounds, is_member=False)


def _told(rounds: list[ReviewRound], *, is_member: bool) -> Iterator[NewsItem]:
    for current in rounds:
        subject = _("Annual review %(year)d") % {"year": current.year}
        if current.state == RoundState.CLOSED and current.closed_at is not None:
            yield NewsItem(
                when=timezone.localdate(current.closed_at),
                subject=subject,
                text=_("is closed: read the national reflection"),
                url=reverse("contracts:reflection", args=[current.year]),
            )
        elif is_member and current.state == RoundState.OPEN:
            yield NewsItem(
                when=timezone.localdate(current.opened_at),
                subject=subject,
                text=_("is open; answers are due on %(date)s") % {"date": date_format(current.due_on)},
                url=reverse("contracts:list"),
            )
