"""What meetings and decisions add to my work, news, calendars, mergers and hand-overs."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Decision, DecisionState, Meeting, MeetingState, Organisation, Seat, User
from governance.services.meetings.demo import load_demo
from governance.services.meetings.holding import give_places
from governance.services.meetings.letters import KIND, entry_of
from governance.services.meetings.reference import load_bodies
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    CalendarEntry,
    NewsItem,
    WorkItem,
    calendar_kinds,
    demo_loaders,
    hand_over_handlers,
    meeting_sources,
    merger_handlers,
    news_items,
    reference_loaders,
    work_items,
)
from nss_portal.core.time import end_of

SHOWN = 10
reference_loaders.register(load_bodies)
demo_loaders.register(load_demo)


@calendar_kinds.register
def kinds() -> Iterator[tuple[str, Any]]:
    """Meetings of the bodies have a feed of their own."""
    yield KIND, gettext_lazy("meetings of who steers")


@meeting_sources.register
def meetings(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the meetings in which somebody takes part. One query; none for who has no account."""
    person = standing_of(actor).user_id
    if person is None:
        return
    found = Meeting.objects.filter(
        participants=person, ends_at__gte=end_of(first - timedelta(days=1)), starts_at__lt=end_of(last)
    )
    for meeting in found.select_related("body"):
        yield entry_of(meeting, mine=True)


@work_items.register
def decisions_to_do(user: User) -> Iterable[WorkItem]:
    """Keep adopted decisions before who sees to them until they are done."""
    mine = standing_of(user).organisations
    if not mine:
        return ()
    names = ("public_id", "text", "due_on", "owner__name", "meeting__starts_at")
    body = ("meeting__body__label_nl", "meeting__body__label_en")
    return Rows(_decisions(mine=mine), *names, *body, each=_to_do)


@prepared
def _decisions(mine: Any) -> QuerySet[Decision]:
    waiting = Decision.objects.filter(
        owner__in=mine, state=DecisionState.OPEN, meeting__state=MeetingState.ADOPTED
    )
    return waiting.order_by("due_on", "pk")[:SHOWN]


def _to_do(decision: Decision) -> WorkItem:
    words = decision.text if len(decision.text) <= 120 else f"{decision.text[:117].rstrip()}…"
    return WorkItem(
        title=words,
        url=reverse("governance:decision_follow", args=[decision.public_id]),
        action_label=_("Tell how it goes"),
        minutes=3,
        due=decision.due_on,
        detail=_("Decided by: {body}").format(body=decision.meeting.body),
        on_behalf_of=str(decision.owner),
    )


@work_items.register
def lists_to_adopt(user: User) -> Iterable[WorkItem]:
    """Ask who chairs a meeting that was held to adopt its decisions."""
    held = Meeting.objects.filter(chair=user, state=MeetingState.HELD).order_by("starts_at", "pk")
    body = ("body__label_nl", "body__label_en")
    return Rows(held[:SHOWN], "public_id", "starts_at", *body, each=_to_adopt)


def _to_adopt(meeting: Meeting) -> WorkItem:
    return WorkItem(
        title=_("Adopt the decisions of {meeting}").format(meeting=meeting),
        url=meeting.get_absolute_url(),
        action_label=_("Read the list"),
        minutes=5,
    )


@news_items.register
def published(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell which lists of decisions were published."""
    found = Meeting.objects.filter(is_published=True, published_at__gt=since).order_by("-published_at", "-pk")
    body = ("body__label_nl", "body__label_en")
    return Rows(found[:SHOWN], "public_id", "published_at", "starts_at", *body, each=_list)


def _list(meeting: Any) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(meeting.published_at),
        subject=str(meeting.body),
        text=_("published its decisions"),
        url=meeting.get_absolute_url(),
    )


@hand_over_handlers.register
def places_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the seats somebody has for an organisation, and the meetings that wait for a chair. Two queries."""
    seats = Seat.objects.filter(user=user, organisation=organisation, valid_to=None).select_related("body")
    chaired = Meeting.objects.filter(chair=user, state__in=[MeetingState.PLANNED, MeetingState.HELD])
    yield Held(
        "seats",
        gettext_lazy("Seats and meetings to chair"),
        [*(str(seat.body) for seat in seats), *(str(meeting) for meeting in chaired.select_related("body"))],
        lambda successor, actor: give_places(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried("governance.Decision", "owner", gettext_lazy("decisions that it sees to"))
    yield Carried("governance.Seat", "organisation", gettext_lazy("seats in bodies"))
    yield Carried("governance.Figurehead", "organisation", gettext_lazy("figureheads"))
    yield Carried(
        "governance.DecisionUpdate",
        "organisation",
        gettext_lazy("what it told of decisions"),
        stays=gettext_lazy("who told it then stays as it was"),
    )
