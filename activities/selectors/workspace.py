"""Reading across a workspace: who is in it, and who leads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from activities.models import Activity, ActivitySession, Participation, PreparationTask, TaskDone, Workspace
from activities.models.activity import TAKING_PART, ActivityState, ParticipationRole
from governance.models import User
from nss_portal.core.access import Actor, granted, may, standing_of
from nss_portal.core.time import today

# Who leads an activity steps into its workspace while it is being planned or stands open, and afterwards.
JOINED_STATES = (ActivityState.PLANNED, ActivityState.PUBLISHED, ActivityState.HELD)


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, and for which organisation (its primary key and name)."""

    user_id: int
    name: str
    organisation_id: int
    organisation: str
    role: str

    @property
    def label(self) -> str:
        """Name and organisation."""
        return f"{self.name} ({self.organisation})"


def people_of(workspace: Workspace) -> list[Person]:
    """Give those who take part, by name. One query."""
    places = Participation.objects.filter(activity=workspace.activity_id, state__in=TAKING_PART)
    rows = places.order_by("user__name", "pk").values_list(
        "user_id",
        "user__name",
        "user__email",
        "organisation_id",
        "organisation__short_name",
        "organisation__name",
        "role",
    )
    return [
        Person(user, name or email, organisation, short or long, role)
        for user, name, email, organisation, short, long, role in rows
    ]


def users_of(workspace: Workspace) -> QuerySet[User]:
    """Give the accounts of those who take part."""
    places = Participation.objects.filter(activity=workspace.activity_id, state__in=TAKING_PART)
    return User.objects.filter(pk__in=places.order_by().values("user")).order_by("name", "pk")


def leads(actor: Actor, workspace: Workspace) -> bool:
    """Say whether the actor, who is in the workspace, leads it: may change the activity, or chairs it.

    Who leads gives out preparation, and decides what becomes public.
    """
    user_id = standing_of(actor).user_id
    chairs = Participation.objects.filter(
        activity=workspace.activity_id, user=user_id, role=ParticipationRole.CHAIR, state__in=TAKING_PART
    )
    return may(actor, "activity", "change", workspace.owner) or (user_id is not None and chairs.exists())


def may_enter(actor: Actor, activity: Activity) -> bool:
    """Say whether the actor may be in the workspace of an activity, opened already or not. One query at most."""
    words = granted(actor, "activity_workspace", "view")
    if activity.organisation_id in words.get("organiser", frozenset()):
        return True
    user_id = standing_of(actor).user_id
    if "participant" not in words or user_id is None or activity.state == ActivityState.DRAFT:
        return False
    return Participation.objects.filter(activity=activity, user=user_id, state__in=TAKING_PART).exists()


def may_join(actor: Actor, activity: Activity) -> bool:
    """Say whether the actor may take a place to run the activity: somebody of the organisation that leads it."""
    is_own = activity.organisation_id in standing_of(actor).organisations
    return is_own and activity.state in JOINED_STATES and may(actor, "activity", "change", activity)


def organisation_in(workspace: Workspace, user: User) -> int:
    """Give the organisation (primary key) for which somebody is in the workspace."""
    places = Participation.objects.filter(
        activity=workspace.activity_id, user=user.pk, state__in=TAKING_PART
    ).values_list("organisation_id", flat=True)
    return places.first() or workspace.owner.organisation_id


def session_at_hand(workspace: Workspace) -> ActivitySession | None:
    """Give the session that what is noted now belongs to: the last that began by today, else the first."""
    sessions = ActivitySession.objects.filter(activity=workspace.activity_id)
    begun = sessions.filter(starts_at__date__lte=today()).order_by("-starts_at", "-pk")
    return begun.first() or sessions.first()


def tasks_for(user_id: int, workspaces: Any) -> QuerySet[PreparationTask]:
    """Give what is asked of somebody in some workspaces, marked `is_done` where it is done."""
    done = TaskDone.objects.filter(task=OuterRef("pk"), user=user_id)
    named = PreparationTask.people.through.objects.filter(preparationtask=OuterRef("pk"), user=user_id)
    tasks: QuerySet[PreparationTask] = PreparationTask.objects.filter(
        Q(for_everybody=True) | Exists(named), workspace__in=workspaces, removed_at__isnull=True
    )
    return tasks.annotate(is_done=Exists(done))


def waiting_for(user_id: int, workspaces: Any) -> QuerySet[PreparationTask]:
    """Give what somebody has not done yet."""
    return tasks_for(user_id, workspaces).exclude(done__user=user_id)


def open_places() -> QuerySet[Participation]:
    """Give the places in activities that are neither drafts nor cancelled."""
    return Participation.objects.filter(state__in=TAKING_PART).exclude(activity__state__in=["draft", "cancelled"])


def titles(activities: Sequence[int]) -> dict[int, str]:
    """Give the titles of activities by primary key. One query."""
    return dict(Activity.objects.filter(pk__in=activities).order_by().values_list("pk", "title"))
