"""What somebody who leaves hands over of workspaces: open action points, and preparation that names them."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q

from activities.models import (
    ActionPoint,
    Participation,
    PreparationTask,
    ProgrammePartner,
    TaskDone,
    WorkingGroupMember,
    Workspace,
)
from activities.models.activity import TAKING_PART, ParticipationState
from activities.models.workspace import WITH_OWNERS
from activities.models.workspace_work import PointState
from activities.selectors.insiders import by_partner, partners_inside
from activities.services.places import put
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event


def held_points(user: User, organisation: Organisation) -> list[ActionPoint]:
    """Give the open action points that somebody has for an organisation. One query."""
    points = ActionPoint.objects.filter(owner=user, organisation=organisation, state=PointState.OPEN)
    return list(points.select_related(*WITH_OWNERS).order_by("due_on", "pk"))


def held_tasks(user: User, organisation: Organisation) -> list[PreparationTask]:
    """Give the preparation that names somebody who takes part for an organisation, and is not done. One query."""
    places = Participation.objects.filter(user=user, organisation=organisation, state__in=TAKING_PART)
    done = TaskDone.objects.filter(user=user)
    here = Q(activity__in=places.order_by().values("activity")) | by_partner(user.pk, frozenset({organisation.pk}))
    tasks = PreparationTask.objects.filter(
        people=user, removed_at__isnull=True, workspace__in=Workspace.objects.filter(here).order_by()
    ).exclude(pk__in=done.values("task"))
    return list(tasks.select_related(*WITH_OWNERS).order_by("due_on", "pk"))


@transaction.atomic
def give_work(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Give a colleague the open action points and the preparation of somebody who leaves, with a place there.

    The caller has checked that it may be.
    """
    points, tasks = held_points(user, organisation), held_tasks(user, organisation)
    held: list[ActionPoint | PreparationTask] = [*points, *tasks]
    for workspace in sorted({record.workspace for record in held}, key=lambda one: one.pk):
        _give_place(workspace, successor, organisation, actor)
    for record in held:
        changes = {"owner": [user.pk, successor.pk]}
        audit.record(actor=actor, event=Event.CHANGED, obj=record, changes=changes, on_behalf_of=organisation)
    ActionPoint.objects.filter(pk__in=[point.pk for point in points]).update(owner=successor)
    for task in tasks:
        task.people.remove(user)
        task.people.add(successor)


def _give_place(workspace: Workspace, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a successor into a workspace; in that of a programme all people of its partners are already.

    The place comes on top of those that the activity has: nobody else waits longer for it.
    """
    if workspace.activity is not None:
        there = Participation.objects.filter(activity=locked(workspace.activity), user=successor).first()
        if there is not None and there.state in TAKING_PART:
            return
        place = there or Participation(activity=workspace.activity, user=successor, organisation=organisation)
        put(place, ParticipationState(TAKING_PART[0]), actor)
    elif workspace.group is not None:
        theirs = partners_inside().filter(programme=workspace.group.programme_id, organisation=organisation)
        partner: ProgrammePartner | None = theirs.first()
        seats = WorkingGroupMember.objects.filter(Q(user=successor) | Q(user=None), left_on=None)
        if partner and not seats.filter(group=workspace.group, partner=partner).exists():
            WorkingGroupMember.objects.create(group=workspace.group, partner=partner, user=successor)


def titles(user: User, organisation: Organisation) -> Iterator[str]:
    """Name what somebody holds by where it is and by when: what it is stands in the workspace alone."""
    held: list[ActionPoint | PreparationTask] = [*held_points(user, organisation), *held_tasks(user, organisation)]
    for record in held:
        yield f"{record.workspace.title} ({record.due_on:%d-%m-%Y})"
