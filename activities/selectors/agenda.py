"""What the pages of the agenda read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from activities.models import Activity, Agreement, Participation
from activities.models.activity import (
    COMING_STATES,
    TAKING_PART,
    ActivityQuerySet,
    ActivityState,
    ParticipationState,
)
from activities.models.activity_parts import AgreementState
from nss_portal.core.access import Actor, action_q, granted, standing_of
from nss_portal.core.gathering import prepared

SHORT_NAME = Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name")
IN_LINE = (
    ParticipationState.INVITED,
    ParticipationState.REQUESTED,
    ParticipationState.REGISTERED,
    ParticipationState.WAITING,
)


class Entry(NamedTuple):
    """One line of the agenda: an activity, or one session of a series."""

    pk: int
    public_id: str
    title: str
    kind: str
    audience: str
    state: str
    is_series: bool
    is_illustrative: bool
    time_zone: str
    meeting: str
    place: str
    leader: str
    preparation_hours: Any
    starts: datetime | None
    ends: datetime | None


def entries(activities: ActivityQuerySet) -> Any:
    """Give a line per activity, and one per session of a series, each with when it `starts` and `ends`."""
    return activities.annotate(
        meets=FilteredRelation("sessions", condition=Q(sessions__is_listed=True)),
        starts=F("meets__starts_at"),
        ends=Case(
            When(is_series=True, then=F("meets__ends_at")), default=F("ends_at"), output_field=DateTimeField()
        ),
        leader=SHORT_NAME,
    )


def coming(found: Any) -> Any:
    """Keep the lines that are not over, the first ones first; those without a date come last."""
    undated = Q(starts__isnull=True, state__in=[ActivityState.DRAFT, ActivityState.PLANNED])
    return found.filter(Q(ends__gte=timezone.now()) | undated).order_by(F("starts").asc(nulls_last=True), "pk")


def past(found: Any) -> Any:
    """Keep the lines that are over, the last ones first."""
    return found.filter(ends__lt=timezone.now()).order_by("-starts", "-pk")


def mine_q(actor: Actor) -> Q:
    """Give what is the person's own: with a place, an invitation, or led by the own organisation."""
    standing = standing_of(actor)
    there = Participation.objects.filter(user=standing.user_id, state__in=IN_LINE).values("activity")
    return Q(pk__in=there) | Q(organisation__in=standing.organisations)


def own_states(actor: Actor, activities: Iterable[int]) -> dict[int, str]:
    """Give where the person stands in each of some activities (primary keys). One query, none for a visitor."""
    user = standing_of(actor).user_id
    if user is None:
        return {}
    found = Participation.objects.filter(user=user, activity__in=list(activities)).order_by()
    return dict(found.values_list("activity", "state"))


def with_rights(actor: Actor) -> QuerySet[Activity]:
    """Give the activities that the actor may see, each with what its page needs to know of the actor.

    `may_change`, `may_register`, `my_state` (of the own participation, or None), `taken` places and how many wait.
    """

    def wrapped(action: str) -> ExpressionWrapper:
        return ExpressionWrapper(action_q(actor, "activity", action), BooleanField())

    def number(states: Iterable[str]) -> Coalesce:
        rows = Participation.objects.filter(activity=OuterRef("pk"), state__in=list(states)).order_by()
        counted = rows.values("activity").annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    mine = Participation.objects.filter(activity=OuterRef("pk"), user=standing_of(actor).user_id)
    seen: QuerySet[Activity] = Activity.objects.visible_to(actor).select_related(
        "organisation", "theme", "proposed_by"
    )
    return seen.annotate(
        may_change=wrapped("change"),
        may_register=wrapped("register"),
        my_state=Subquery(mine.order_by().values("state")[:1]),
        my_role=Subquery(mine.order_by().values("role")[:1]),
        taken=number(TAKING_PART),
        waiting=number([ParticipationState.WAITING]),
        asking=number([ParticipationState.REQUESTED]),
    )


def is_inside(activity: Any, actor: Actor) -> bool:
    """Say whether the actor reads what is only for those who take part; `activity` comes from `with_rights`."""
    return bool(activity.may_change or activity.my_state in TAKING_PART)


@prepared
def agreements_waiting(limit: int, *, user: Any, own: Any) -> QuerySet[Agreement]:
    """Give the open agreements that organisations see to: a person's own, and those that name nobody."""
    nobody_else = Q(owner_user=user) | Q(owner_user__isnull=True)
    found: QuerySet[Agreement] = Agreement.objects.filter(nobody_else, owner__in=own, state=AgreementState.OPEN)
    return found.order_by("due_on", "pk")[:limit]


def to_round_off(actor: Actor) -> QuerySet[Activity]:
    """Give what took place and waits for whoever leads it: attendance, an outcome, rounding off."""
    held = granted(actor, "activity", "change").get("organiser", frozenset())
    own = held or standing_of(actor).organisations
    found: QuerySet[Activity] = Activity.objects.filter(
        organisation__in=own, state=ActivityState.PUBLISHED, ends_at__lt=timezone.now()
    )
    return found.order_by("ends_at", "pk")


def unfinished(actor: Actor) -> QuerySet[Activity]:
    """Give the drafts that somebody began."""
    user = standing_of(actor).user_id
    found: QuerySet[Activity] = Activity.objects.filter(created_by=user, state=ActivityState.DRAFT)
    return found.order_by("pk") if user else found.none()


def is_coming(activity: Activity) -> bool:
    """Say whether an activity can still take place."""
    return activity.state in COMING_STATES and (activity.ends_at is None or activity.ends_at > timezone.now())
