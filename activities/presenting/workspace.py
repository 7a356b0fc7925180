"""How a workspace is put into words for its pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import (
    ActionPoint,
    Activity,
    ActivitySession,
    Agreement,
    PreparationTask,
    TaskDone,
    Workspace,
    WorkspaceFile,
)
from activities.models.activity import Kind
from activities.models.activity_parts import AgreementState
from activities.models.workspace_work import PointState
from activities.selectors.insiders import Person
from nss_portal.core.models import StoredFile
from nss_portal.core.registry import WorkItem
from nss_portal.core.time import today

POINT_TONES = {PointState.OPEN: "info", PointState.DONE: "good", PointState.DROPPED: "neutral"}


def file_row(file: WorkspaceFile) -> dict[str, Any]:
    """Give what file_link.html needs, and who added it."""
    return {"file": file, **stored_row(file.stored, file.title)}


def stored_row(stored: StoredFile | None, title: str = "") -> dict[str, Any]:
    """Give what file_link.html needs of a stored file."""
    if stored is None:
        return {"url": "", "label": title, "kind": "", "size": 0}
    kind = stored.name.rsplit(".", 1)[-1].upper()
    return {
        "url": reverse("stored_file", args=[stored.public_id]),
        "label": title or stored.name,
        "kind": kind,
        "size": stored.size,
    }


def task_rows(workspace: Workspace, user_id: int | None, people: Sequence[Person]) -> list[dict[str, Any]]:
    """Give the preparation of a workspace: what it is, whether it is mine, how many did it. Two queries."""
    inside = [person.user_id for person in people]
    named = PreparationTask.people.through.objects.filter(preparationtask=OuterRef("pk"))
    tasks = PreparationTask.objects.filter(workspace=workspace, removed_at__isnull=True).annotate(
        names_me=Exists(named.filter(user=user_id)),
        is_done=Exists(TaskDone.objects.filter(task=OuterRef("pk"), user=user_id)),
        number_done=Count("done", filter=Q(done__user__in=inside), distinct=True),
        number_named=Count("people", filter=Q(people__in=inside), distinct=True),
    )
    found = list(tasks.order_by("due_on", "pk"))
    materials = _materials(workspace) if found else {}
    rows = []
    for task in found:
        rows.append(
            {
                "kind": "task",
                "task": task,
                "is_mine": task.names_me or (task.for_everybody and user_id in inside),
                "done": task.number_done,
                "asked": len(people) if task.for_everybody else task.number_named,
                "materials": materials.get(task.pk, []),
                "item": WorkItem(title=task.title, url="", action_label="", minutes=0, due=task.due_on),
            }
        )
    return rows


def _materials(workspace: Workspace) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = PreparationTask.materials.through.objects.filter(
        preparationtask__workspace=workspace, workspacefile__removed_at__isnull=True
    )
    for row in rows.select_related("workspacefile__stored").order_by("pk"):
        found[row.preparationtask_id].append(file_row(row.workspacefile))
    return found


def point_rows(points: Iterable[ActionPoint], user_id: int | None, *, is_leader: bool) -> list[dict[str, Any]]:
    """Give action points with where they stand, and whether the person settles them."""
    rows = []
    for point in points:
        is_mine = point.owner_id is not None and point.owner_id == user_id
        rows.append(
            {
                "kind": "point",
                "point": point,
                "is_mine": is_mine,
                "may_settle": is_mine or is_leader,
                "is_open": point.state == PointState.OPEN,
                "is_late": point.state == PointState.OPEN and point.due_on < today(),
                "tone": POINT_TONES[PointState(point.state)],
                "owner": str(point.owner) if point.owner else _("nobody any more"),
                "item": WorkItem(title=point.text, url="", action_label="", minutes=0, due=point.due_on),
                "carried": ngettext("came along once", "came along %(number)s times", point.carried)
                % {"number": point.carried}
                if point.carried
                else "",
            }
        )
    return rows


def agreements_elsewhere(activity: Activity | None) -> int:
    """Give how many agreements stand open on the page of a series or a case table itself; else no query."""
    if activity is None or not (activity.is_series or activity.kind == Kind.CASE_TABLE):
        return 0
    return Agreement.objects.filter(activity=activity, state=AgreementState.OPEN).count()


def room_facts(workspace: Workspace, people: Sequence[Person]) -> list[tuple[str, object]]:
    """Give the facts beside a workspace. One query."""
    facts: list[tuple[str, object]] = [(_("Led by"), str(workspace.organisation))]
    if workspace.activity_id is None:
        open_ones = workspace.subject.milestones.filter(done_on=None, dropped_on=None)  # type: ignore[union-attr]
        milestone = open_ones.order_by("planned_on", "pk").first()
        if milestone is not None:
            text = f"{milestone.title}, {date_format(milestone.planned_on, 'j F Y')}"
            facts.append((_("Next milestone"), text))
        return facts
    coming = ActivitySession.objects.filter(activity=workspace.activity_id, ends_at__date__gte=today())
    session = coming.order_by("starts_at", "pk").first()
    if session is not None:
        facts.append((_("Next meeting"), date_format(session.starts_at, "j F Y")))
    return facts
