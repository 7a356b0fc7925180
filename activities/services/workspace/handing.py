"""What somebody who leaves hands over of workspaces: open action points, and preparation that names them."""

from collections.abc import Iterator

from django.db import transaction

from activities.models import ActionPoint, Participation, PreparationTask, TaskDone
from activities.models.activity import TAKING_PART
from activities.models.workspace_work import PointState
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


def held_points(user: User, organisation: Organisation) -> list[ActionPoint]:
    """Give the open action points that somebody has for an organisation. One query."""
    points = ActionPoint.objects.filter(owner=user, organisation=organisation, state=PointState.OPEN)
    return list(points.select_related("workspace__activity").order_by("due_on", "pk"))


def held_tasks(user: User, organisation: Organisation) -> list[PreparationTask]:
    """Give the preparation that names somebody who takes part for an organisation, and is not done. One query."""
    places = Participation.objects.filter(user=user, organisation=organisation, state__in=TAKING_PART)
    done = TaskDone.objects.filter(user=user)
    tasks = PreparationTask.objects.filter(
        people=user, removed_at__isnull=True, workspace__activity__in=places.order_by().values("activity")
    ).exclude(pk__in=done.values("task"))
    return list(tasks.select_related("workspace__activity").order_by("due_on", "pk"))


@transaction.atomic
def give_work(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Give a colleague the open action points and the preparation of somebody who leaves, with a place there.

    The caller has checked that it may be.
    """
    points, tasks = held_points(user, organisation), held_tasks(user, organisation)
    held: list[ActionPoint | PreparationTask] = [*points, *tasks]
    activities = {record.workspace.activity_id for record in held if record.workspace.activity_id is not None}
    for activity in sorted(activities):
        Participation.objects.update_or_create(
            activity_id=activity,
            user=successor,
            defaults={"state": TAKING_PART[0]},
            create_defaults={"state": TAKING_PART[0], "organisation": organisation},
        )
    for record in held:
        changes = {"owner": [user.pk, successor.pk]}
        audit.record(actor=actor, event=Event.CHANGED, obj=record, changes=changes, on_behalf_of=organisation)
    ActionPoint.objects.filter(pk__in=[point.pk for point in points]).update(owner=successor)
    for task in tasks:
        task.people.remove(user)
        task.people.add(successor)


def titles(user: User, organisation: Organisation) -> Iterator[str]:
    """Name what somebody holds by where it is and by when: what it is stands in the workspace alone."""
    held: list[ActionPoint | PreparationTask] = [*held_points(user, organisation), *held_tasks(user, organisation)]
    for record in held:
        yield f"{record.workspace.owner.title} ({record.due_on:%d-%m-%Y})"
