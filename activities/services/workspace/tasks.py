"""Preparation: what those who take part do beforehand, each for themselves."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import PreparationTask, TaskDone, Workspace, WorkspaceFile
from activities.selectors.insiders import users_of
from activities.selectors.workspace import tasks_for
from activities.services.workspace.rooms import require_contributor, require_leader
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import apply_changes, changed_links, locked
from nss_portal.core.models.audit import Event


@transaction.atomic
def ask_task(
    *,
    actor: Actor,
    workspace: Workspace,
    title: str,
    due_on: date,
    explanation: str = "",
    minutes: int | None = None,
    people: Iterable[User] = (),
    materials: Iterable[WorkspaceFile] = (),
) -> PreparationTask:
    """Ask something of those who take part: of `people`, or, with none named, of everybody, newcomers too.

    Raises NotAllowed for who does not lead, and ValidationError for people or materials from elsewhere.
    """
    require_leader(actor, workspace)
    named, attached = list(people), list(materials)
    task = PreparationTask.objects.create(
        workspace=workspace,
        title=title.strip(),
        explanation=explanation.strip(),
        due_on=due_on,
        minutes=minutes,
        for_everybody=not named,
    )
    _attach(task, named, attached)
    audit.record(actor=actor, event=Event.CREATED, obj=task, changes={"due_on": due_on.isoformat()})
    return task


@transaction.atomic
def change_task(
    *,
    actor: Actor,
    task: PreparationTask,
    version: int,
    fields: Mapping[str, Any],
    people: Iterable[User],
    materials: Iterable[WorkspaceFile],
) -> PreparationTask:
    """Change a task: `fields` are title, explanation, due_on and minutes. Who did it has done it.

    Raises NotAllowed, ValidationError, and EditConflict when a colleague was first.
    """
    require_leader(actor, task.workspace)
    fresh = _present(task)
    named, attached = list(people), list(materials)
    changed_links(fresh, version, {"people": named, "materials": attached})
    changes = apply_changes(fresh, version, {**fields, "for_everybody": not named})
    fresh.version += 1
    fresh.save()
    _attach(fresh, named, attached)
    told = {"due_on": [str(day) for day in changes["due_on"]]} if "due_on" in changes else {}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=told)
    return fresh


def _attach(task: PreparationTask, people: list[User], materials: list[WorkspaceFile]) -> None:
    inside = users_of(task.workspace).filter(pk__in=[user.pk for user in people]).count()
    if inside != len(people):
        raise ValidationError({"people": _("Only those who take part can be asked something.")})
    if any(file.workspace_id != task.workspace_id for file in materials):
        raise ValidationError({"materials": _("Add the file to this workspace first.")})
    task.people.set(people)
    task.materials.set(materials)


@transaction.atomic
def mark_task(*, actor: Actor, task: PreparationTask, is_done: bool) -> None:
    """Note for oneself that a task is done, or after all is not; raises NotAllowed when
    it is not asked of the actor."""
    require_contributor(actor, task.workspace)
    fresh, pk = _present(task), getattr(actor, "pk", None)
    if pk is None or not tasks_for(pk, [task.workspace_id]).filter(pk=task.pk).exists():
        raise NotAllowed(_("This is not asked of you."))
    if is_done:
        _row, changed = TaskDone.objects.get_or_create(task=fresh, user_id=pk)
    else:
        changed = bool(TaskDone.objects.filter(task=fresh, user_id=pk).delete()[0])
    if changed:
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"done": is_done})


@transaction.atomic
def remove_task(*, actor: Actor, task: PreparationTask) -> None:
    """Take a task back: it is asked of nobody any more. Raises NotAllowed for who does not lead."""
    require_leader(actor, task.workspace)
    fresh = locked(task)
    if fresh.removed_at is None:
        fresh.removed_at = timezone.now()
        fresh.save(update_fields=["removed_at"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)


def _present(task: PreparationTask) -> PreparationTask:
    fresh = locked(task)
    if fresh.removed_at is not None:
        raise NotAllowed(_("This is no longer asked."))
    return fresh
