"""Reminders of preparation and action points: one mail per person and day, each thing once around its day.

A mail says how much waits, where and until when; what it is stands in the workspace alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import ngettext

from activities.models import (
    ActionPoint,
    PreparationTask,
    TaskDone,
    Workspace,
    WorkspaceReminder,
)
from activities.models.activity import ActivityState
from activities.models.workspace import WITH_OWNERS
from activities.models.workspace_work import PointState
from activities.selectors.insiders import going_on, people_in
from governance.models import User
from nss_portal.core.locks import lock
from nss_portal.core.mail import address_key, queue_mail

# Days around the day on which it is due; before it negative.
OFFSETS = (-7, -1, 1, 7)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for one person."""

    user_id: int
    workspace: Workspace
    due_on: date
    offset: int
    task: PreparationTask | None = None
    point: ActionPoint | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What makes a reminder one."""
        task, point = self.task and self.task.pk, self.point and self.point.pk
        return (task, point, self.user_id, self.due_on, self.offset)


def due_offset(due_on: date, asked_on: date, day: date) -> int | None:
    """Give the newest offset that is due on a day, or None.

    A day that was missed is made up for with the newest one alone, within a week; what lies on the day of asking
    or before it is not sent.
    """
    for offset in reversed(OFFSETS):
        moment = due_on + timedelta(days=offset)
        if asked_on < moment <= day:
            return offset if (day - moment).days < -OFFSETS[0] else None
    return None


@transaction.atomic
def remind(*, day: date, guard: Callable[[], None]) -> int:
    """Write to everybody for whom something waits around this day; gives to how many people."""
    guard()
    lock("workspace reminders")
    found = [*_tasks(day), *_points(day)]
    written = set(
        WorkspaceReminder.objects.filter(
            Q(task__in=[one.task for one in found if one.task])
            | Q(point__in=[one.point for one in found if one.point])
        ).values_list("task", "point", "user", "due_on", "offset")
    )
    new = [one for one in found if one.key not in written]
    WorkspaceReminder.objects.bulk_create(
        WorkspaceReminder(
            task=one.task, point=one.point, user_id=one.user_id, due_on=one.due_on, offset=one.offset
        )
        for one in new
    )
    asked: dict[int, list[Waiting]] = defaultdict(list)
    for one in new:
        asked[one.user_id].append(one)
    users = User.objects.filter(pk__in=asked, is_active=True)
    for user in users:
        _write(user, asked[user.pk], day)
    return len(users)


def _around(day: date) -> Q:
    """Things due within reach of the offsets."""
    return Q(due_on__range=(day - timedelta(days=2 * OFFSETS[-1]), day - timedelta(days=OFFSETS[0])))


def _tasks(day: date) -> Iterable[Waiting]:
    coming = going_on((ActivityState.PLANNED, ActivityState.PUBLISHED), "workspace__")
    tasks = list(
        PreparationTask.objects.filter(_around(day), coming, removed_at__isnull=True).select_related(*WITH_OWNERS)
    )
    people = people_in({task.workspace for task in tasks})
    done = set(TaskDone.objects.filter(task__in=tasks).values_list("task", "user"))
    through = PreparationTask.people.through.objects.filter(preparationtask__in=tasks)
    named = set(through.values_list("preparationtask", "user"))
    for task in tasks:
        offset = due_offset(task.due_on, timezone.localdate(task.created_at), day)
        for person in people.get(task.workspace_id, ()) if offset is not None else ():
            user = person.user_id
            is_asked = task.for_everybody or (task.pk, user) in named
            if is_asked and (task.pk, user) not in done and offset is not None:
                yield Waiting(user, task.workspace, task.due_on, offset, task=task)


def _points(day: date) -> Iterable[Waiting]:
    points = list(
        ActionPoint.objects.filter(
            _around(day), going_on(path="workspace__"), state=PointState.OPEN, owner__isnull=False
        ).select_related(*WITH_OWNERS)
    )
    people = people_in({point.workspace for point in points})
    there = {(room, person.user_id) for room, persons in people.items() for person in persons}
    for point in points:
        offset = due_offset(point.due_on, timezone.localdate(point.created_at), day)
        is_inside = (point.workspace_id, point.owner_id) in there
        if offset is not None and is_inside and point.owner_id is not None:
            yield Waiting(point.owner_id, point.workspace, point.due_on, offset, point=point)


def _write(user: User, waiting: Sequence[Waiting], day: date) -> None:
    rooms: dict[Workspace, list[Waiting]] = defaultdict(list)
    for one in sorted(waiting, key=lambda one: one.due_on):
        rooms[one.workspace].append(one)
    with translation.override(user.language):
        items = [_item(workspace, ones, day) for workspace, ones in rooms.items()]
        subject = ngettext(
            "Reminder: %(number)s thing waits for you", "Reminder: %(number)s things wait for you", len(waiting)
        ) % {"number": len(waiting)}
        body = render_to_string("activities/mail/workspace_reminder.txt", {"name": user.name, "items": items})
    queue_mail(
        key=f"workspace-reminder:{day.isoformat()}:{address_key(user.email)}",
        to=user.email,
        subject=subject,
        body=body,
        about=waiting[0].workspace if len(rooms) == 1 else None,
        language=user.language,
    )


def _item(workspace: Workspace, waiting: Sequence[Waiting], day: date) -> dict[str, object]:
    first = waiting[0].due_on
    return {
        "title": workspace.title,
        "tasks": sum(one.task is not None for one in waiting),
        "points": sum(one.point is not None for one in waiting),
        "due_on": date_format(first, "DATE_FORMAT"),
        "is_late": first < day,
        "url": settings.NSS_BASE_URL + workspace.get_absolute_url(),
    }
