"""Reading across a workspace: who leads it, who may enter, and what waits for whom in it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from activities.models import Activity, ActivitySession, Participation, PreparationTask, TaskDone, Workspace
from activities.models.activity import TAKING_PART, ActivityState, ParticipationRole
from activities.selectors.insiders import Person, people_of
from governance.models import User
from nss_portal.core.access import Actor, granted, may, standing_of
from nss_portal.core.time import today

# Who leads an activity steps into its workspace while it is being planned or stands open, and afterwards.
JOINED_STATES = (ActivityState.PLANNED, ActivityState.PUBLISHED, ActivityState.HELD)


def may_change_owner(actor: Actor, workspace: Workspace) -> bool:
    """Say whether the actor may change the activity or programme that a workspace belongs to."""
    return may(actor, "activity" if workspace.activity_id else "programme", "change", workspace.subject)


def leads(actor: Actor, workspace: Workspace) -> bool:
    """Say whether the actor, who is in the workspace, leads it: may change what it belongs to, or chairs it.

    Who leads gives out preparation, and decides what becomes public.
    """
    return is_chair(people_of(workspace), standing_of(actor).user_id) or may_change_owner(actor, workspace)


def is_chair(people: list[Person], user_id: int | None) -> bool:
    """Say whether somebody chairs the activity, or leads the working group, of these people."""
    return any(one.user_id == user_id and one.role == ParticipationRole.CHAIR for one in people)


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
    found = (one.organisation_id for one in people_of(workspace) if one.user_id == user.pk)
    return next(found, workspace.organisation.pk)


def session_at_hand(workspace: Workspace) -> ActivitySession | None:
    """Give the session that what is noted now belongs to: the last that began by today, else the first."""
    if workspace.activity_id is None:
        return None
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
