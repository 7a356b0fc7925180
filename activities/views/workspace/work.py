"""Preparation, files, decisions and action points."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.forms.workspace import (
    DecisionForm,
    FileForm,
    PointChangeForm,
    PointForm,
    ResultForm,
    TaskForm,
)
from activities.models import ActionPoint, PreparationTask, TaskDone, WorkspaceFile
from activities.models.workspace_work import PointState
from activities.selectors.insiders import users_of
from activities.services.workspace import decisions, files, tasks
from activities.views.workspace.room import Room, ask, confirm, enter_room
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.files.scanner import is_configured
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

MINE, FILES, WORK = "#gevraagd", "#bestanden", "#besluiten"


def _present_files(room: Room) -> QuerySet[WorkspaceFile]:
    found: QuerySet[WorkspaceFile] = room.workspace.files.filter(removed_at__isnull=True)
    return found.select_related("stored")


def _task(room: Room, task_id: str) -> PreparationTask:
    present = room.workspace.tasks.filter(removed_at__isnull=True)
    return get_object_or_404(present, public_id=task_id)


def _task_form(request: HttpRequest, room: Room, initial: dict[str, Any] | None = None) -> TaskForm:
    return TaskForm(
        posted(request),
        people=room.people,
        users=users_of(room.workspace),
        files=_present_files(room),
        initial=initial,
    )


def task_new(request: HttpRequest, **where: Any) -> HttpResponse:
    """Ask something of those who take part."""
    room = enter_room(request, **where)
    room.require_leader()
    return ask(
        request,
        room,
        _task_form(request, room),
        lambda values: tasks.ask_task(
            actor=request.user,
            workspace=room.workspace,
            title=values["title"],
            explanation=values["explanation"],
            due_on=values["due_on"],
            minutes=values["minutes"],
            people=values["people"],
            materials=values.get("materials", ()),
        ),
        title=_("Ask for preparation"),
        intro=_("It stands in everybody's own list, with a reminder a week and a day before."),
        action=_("Ask this"),
        said=_("It is asked."),
        back="#voorbereiding",
    )


def task(request: HttpRequest, task_id: str, **where: Any) -> HttpResponse:
    """Change a task, and see who did it."""
    room = enter_room(request, **where)
    room.require_leader()
    found = _task(room, task_id)
    names = ("title", "explanation", "due_on", "minutes")
    initial = {name: getattr(found, name) for name in (*names, "version")}
    initial |= {"people": list(found.people.all()), "materials": list(found.materials.all())}
    form = _task_form(request, room, initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            tasks.change_task(
                actor=request.user,
                task=found,
                version=values["version"] or 0,
                fields={name: values[name] for name in names},
                people=values["people"],
                materials=values.get("materials", ()),
            )
        except EditConflict:
            text = _("A colleague changed this in the meantime. Look at the page again before you save.")
            form.add_error(None, text)
        else:
            messages.success(request, _("The change is saved."))
            return redirect(f"{room.workspace.get_absolute_url()}#voorbereiding")
    done = set(TaskDone.objects.filter(task=found).values_list("user_id", flat=True))
    asked = set(found.people.values_list("pk", flat=True))
    rows = [
        {"person": person, "is_done": person.user_id in done}
        for person in room.people
        if found.for_everybody or person.user_id in asked
    ]
    context = {
        "workspace": room.workspace,
        "task": found,
        "form": form,
        "rows": rows,
        "remove_url": room.workspace.url("workspace_task_remove", task_id=found.public_id),
    }
    return render(request, "activities/workspace/task.html", context)


@require_POST
def task_mark(request: HttpRequest, task_id: str, **where: Any) -> HttpResponse:
    """Note for oneself that a task is done, or is not after all."""
    room = enter_room(request, **where)
    is_done = request.POST.get("done") != "no"
    tasks.mark_task(actor=request.user, task=_task(room, task_id), is_done=is_done)
    messages.success(request, _("Noted: done.") if is_done else _("Noted: not done yet."))
    return redirect(f"{room.workspace.get_absolute_url()}{MINE}")


def task_remove(request: HttpRequest, task_id: str, **where: Any) -> HttpResponse:
    """Take a task back, after asking."""
    room = enter_room(request, **where)
    room.require_leader()
    found = _task(room, task_id)
    return confirm(
        request,
        room,
        lambda: tasks.remove_task(actor=request.user, task=found),
        title=_("Take back '%(title)s'?") % {"title": found.title},
        consequences=[_("It is no longer asked of anybody, and there are no more reminders.")],
        action=_("Take it back"),
        said=_("It is no longer asked."),
        back="#voorbereiding",
    )


def file_new(request: HttpRequest, **where: Any) -> HttpResponse:
    """Add a file."""
    room = enter_room(request, **where)
    form = FileForm(posted(request), request.FILES if request.method == "POST" else None)
    scanned = _("Files are checked for viruses.")
    unscanned = _("Files are not checked for viruses: there is no scanner. Their kind and content are checked.")
    return ask(
        request,
        room,
        form,
        lambda values: files.add_file(
            actor=request.user, workspace=room.workspace, upload=values["file"], title=values["title"]
        ),
        title=_("Add a file"),
        intro=scanned if is_configured() else unscanned,
        action=_("Add the file"),
        said=_("The file is added."),
        back=FILES,
    )


def file_remove(request: HttpRequest, file_id: str, **where: Any) -> HttpResponse:
    """Take a file away, after asking."""
    room = enter_room(request, **where)
    found = get_object_or_404(_present_files(room), public_id=file_id)
    if not files.may_remove(request.user, found, is_leader=room.is_leader):
        raise NotAllowed(_("Only who added the file, or leads here, takes it away."))
    name = found.title or (found.stored.name if found.stored else "")
    return confirm(
        request,
        room,
        lambda: files.remove_file(actor=request.user, file=found),
        title=_("Take away '%(title)s'?") % {"title": name},
        consequences=[_("Nobody can open the file any more. What was published of it stays published.")],
        action=_("Take the file away"),
        said=_("The file is taken away."),
        back=FILES,
    )


def decision_new(request: HttpRequest, **where: Any) -> HttpResponse:
    """Record a decision."""
    room = enter_room(request, **where)
    return ask(
        request,
        room,
        DecisionForm(posted(request)),
        lambda values: decisions.record_decision(actor=request.user, workspace=room.workspace, **values),
        title=_("Record a decision"),
        intro=_("It cannot be changed afterwards; who leads can take it back with a reason."),
        action=_("Record the decision"),
        said=_("The decision is recorded."),
        back=WORK,
    )


def decision_take_back(request: HttpRequest, decision_id: str, **where: Any) -> HttpResponse:
    """Take a decision back that was recorded by mistake."""
    room = enter_room(request, **where)
    room.require_leader()
    present = room.workspace.decisions.filter(removed_at__isnull=True)
    found = get_object_or_404(present, public_id=decision_id)
    return ask(
        request,
        room,
        ReasonForm(posted(request)),
        lambda values: decisions.take_back_decision(actor=request.user, decision=found, reason=values["reason"]),
        title=_("Take a decision back"),
        intro=found.text,
        action=_("Take it back"),
        said=_("The decision is taken back."),
        back=WORK,
    )


def point_new(request: HttpRequest, **where: Any) -> HttpResponse:
    """Agree on an action point."""
    room = enter_room(request, **where)
    taken = list(room.workspace.decisions.filter(removed_at__isnull=True))
    form = PointForm(posted(request), people=room.people, users=users_of(room.workspace), decisions=taken[:50])
    by_key = {one.public_id: one for one in taken}
    return ask(
        request,
        room,
        form,
        lambda values: decisions.add_point(
            actor=request.user,
            workspace=room.workspace,
            text=values["text"],
            owner=values["owner"],
            due_on=values["due_on"],
            decision=by_key.get(values.get("decision", "")),
        ),
        title=_("Agree on an action point"),
        intro=_("It comes into the own list of who does it, with a reminder."),
        action=_("Agree on it"),
        said=_("The action point is noted."),
        back=WORK,
    )


def _point(room: Room, point_id: str) -> ActionPoint:
    found = get_object_or_404(room.workspace.points.select_related("owner"), public_id=point_id)
    if not decisions.may_settle(room.actor, found, is_leader=room.is_leader):
        raise NotAllowed(_("Only who does this, or leads here, changes it."))
    return found


def point(request: HttpRequest, point_id: str, **where: Any) -> HttpResponse:
    """Say how an action point stands."""
    room = enter_room(request, **where)
    found = _point(room, point_id)
    if found.state != PointState.OPEN:
        return redirect(f"{room.workspace.get_absolute_url()}{WORK}")
    change = (
        _("Give it to somebody else, or another day"),
        room.workspace.url("workspace_point_change", point_id=point_id),
    )
    form = ResultForm(posted(request))
    try:
        return ask(
            request,
            room,
            form,
            lambda values: decisions.settle_point(
                actor=request.user, point=found, step=values["step"], result=values["result"]
            ),
            title=_("How does the action point stand?"),
            intro=found.text,
            action=_("Save"),
            said=_("The action point is settled."),
            back=WORK,
            extra=[change],
        )
    except TransitionRefused as error:
        messages.error(request, str(error))
        return redirect(f"{room.workspace.get_absolute_url()}{WORK}")


def point_change(request: HttpRequest, point_id: str, **where: Any) -> HttpResponse:
    """Give an action point to somebody else, or another day."""
    room = enter_room(request, **where)
    found = _point(room, point_id)
    form = PointChangeForm(
        posted(request),
        people=room.people,
        users=users_of(room.workspace),
        initial={"owner": found.owner_id, "due_on": found.due_on},
    )
    return ask(
        request,
        room,
        form,
        lambda values: decisions.change_point(
            actor=request.user, point=found, owner=values["owner"], due_on=values["due_on"]
        ),
        title=_("Change the action point"),
        intro=found.text,
        action=_("Save"),
        said=_("The change is saved."),
        back=WORK,
    )


@require_POST
def point_reopen(request: HttpRequest, point_id: str, **where: Any) -> HttpResponse:
    """Open an action point again."""
    room = enter_room(request, **where)
    try:
        decisions.settle_point(actor=request.user, point=_point(room, point_id), step="reopen")
    except TransitionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The action point is open again."))
    return redirect(f"{room.workspace.get_absolute_url()}{WORK}")
