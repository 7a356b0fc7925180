"""The page of a workspace, and what all its pages share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms.workspace import FileForm
from activities.models import Activity, Programme, WorkingGroup, Workspace
from activities.models.workspace import OWNERS, Owner
from activities.presenting.workspace import agreements_elsewhere, file_row, point_rows, room_facts, task_rows
from activities.selectors.insiders import Person, people_of
from activities.selectors.workspace import is_chair, may_change_owner
from activities.services.workspace.files import may_remove
from activities.services.workspace.rooms import enter, join_to_run
from governance.models import User
from nss_portal.core.access import NotAllowed, standing_of
from nss_portal.core.files.scanner import is_configured
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

NOTES_SHOWN = 200


@dataclass
class Room:
    """A workspace as one person is in it."""

    workspace: Workspace
    actor: Any

    @property
    def user_id(self) -> int | None:
        """The primary key of who looks."""
        return standing_of(self.actor).user_id

    @cached_property
    def people(self) -> list[Person]:
        """Those who take part. One query."""
        return people_of(self.workspace)

    @cached_property
    def is_leader(self) -> bool:
        """Whether the person leads. One query beside that of `people`."""
        return is_chair(self.people, self.user_id) or may_change_owner(self.actor, self.workspace)

    def require_leader(self) -> None:
        """Raise NotAllowed for who does not lead."""
        if not self.is_leader:
            raise NotAllowed(_("Only who leads or chairs this does it."))


def enter_room(request: HttpRequest, **where: Any) -> Room:
    """Give the workspace at an address: 404 for whoever may not be in it, whether it is there or not.

    `where` is what the address says of its owner: public_id of an activity, or programme_id, with group_id for one
    of its working groups.
    """
    path, model, wanted = _owner_at(where)
    visible = Workspace.objects.visible_to(request.user).select_related(*OWNERS)
    found = visible.filter(**{f"{path}__{name}": value for name, value in wanted.items()}).first()
    if found is None:
        related = "programme__organisation" if path == "group" else "organisation"
        owner = get_object_or_404(model._default_manager.select_related(related), **wanted)
        found = enter(actor=request.user, owner=owner)
    return Room(found, request.user)


def _owner_at(where: Mapping[str, Any]) -> tuple[str, type[Owner], dict[str, Any]]:
    """Give the field that names the owner, its model, and what to look for."""
    if "group_id" in where:
        return "group", WorkingGroup, {"pk": where["group_id"], "programme__public_id": where["programme_id"]}
    if "programme_id" in where:
        return "programme", Programme, {"public_id": where["programme_id"]}
    return "activity", Activity, {"public_id": where["public_id"]}


@require_safe
def workspace(request: HttpRequest, **where: Any) -> HttpResponse:
    """What is asked of me, notes, files, decisions and action points."""
    room = enter_room(request, **where)
    if where.get("slug", room.workspace.subject.slug) != room.workspace.subject.slug:
        return redirect(room.workspace, permanent=True)
    # What is asked of somebody is another's for each who looks.
    body = KeptPart(request, "workspace", lambda: _room_context(room), room.user_id)
    context = {"workspace": room.workspace, "body": body}
    return render(request, "activities/workspace/room.html", context)


def _room_context(room: Room) -> dict[str, Any]:
    place, is_leader = room.workspace, room.is_leader
    tasks = task_rows(place, room.user_id, room.people)
    points = point_rows(place.points.select_related("owner", "organisation"), room.user_id, is_leader=is_leader)
    mine = [row for row in tasks if row["is_mine"]]
    to_do = [row for row in mine if not row["task"].is_done]
    to_do += [row for row in points if row["is_mine"] and row["is_open"]]
    decisions = list(place.decisions.all())
    files = [
        {**file_row(file), "may_remove": may_remove(room.actor, file, is_leader=is_leader)}
        for file in place.files.filter(removed_at__isnull=True).select_related("stored")
    ]
    notes = place.notes.defer("text")[:NOTES_SHOWN]
    return {
        "workspace": place,
        "is_leader": is_leader,
        "people": room.people,
        "facts": room_facts(place, room.people),
        "tasks": tasks,
        "to_do": sorted(to_do, key=lambda row: row["item"].due),
        "done": [row for row in mine if row["task"].is_done],
        "open_points": [row for row in points if row["is_open"]],
        "settled_points": [row for row in points if not row["is_open"]],
        "elsewhere": agreements_elsewhere(place.activity),
        "decisions": [decision for decision in decisions if decision.removed_at is None],
        "taken_back": [decision for decision in decisions if decision.removed_at is not None],
        "notes": [note for note in notes if note.removed_at is None],
        "removed_notes": [note for note in notes if note.removed_at is not None],
        "files": files,
        "file_form": FileForm(),
        "is_scanned": is_configured(),
        "publications": list(place.publications.all()),
    }


@require_POST
def join(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """Take a place in an activity that one's organisation leads, and go to its workspace."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user), public_id=public_id)
    assert isinstance(request.user, User)  # noqa: S101 - the page asks for a login
    return redirect(join_to_run(actor=request.user, activity=activity))


def complain(form: forms.Form, error: ValidationError) -> None:
    """Put what a service found wrong at the fields of a form."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, lines in found.items():
        for line in lines:
            form.add_error(name if name in form.fields else None, line)


def ask(
    request: HttpRequest,
    room: Room,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    *,
    title: str,
    action: str,
    said: str,
    intro: str = "",
    back: str = "",
    extra: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Draw a form, or do what it asks and go back to the workspace; what is wrong is said at its field.

    `back` names a place on the page of the workspace, `extra` are links (label, address) under the form.
    """
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except ValidationError as error:
            complain(form, error)
        else:
            messages.success(request, said)
            return redirect(f"{room.workspace.get_absolute_url()}{back}")
    if form.errors:
        status = 422
    context = {
        "workspace": room.workspace,
        "form": form,
        "title": title,
        "intro": intro,
        "action": action,
        "back_url": f"{room.workspace.get_absolute_url()}{back}",
        "extra": extra,
        "is_file": form.is_multipart(),
    }
    return render(request, "activities/workspace/form.html", context, status=status)


def confirm(
    request: HttpRequest,
    room: Room,
    do: Callable[[], object],
    *,
    title: str,
    consequences: Sequence[str],
    action: str,
    said: str,
    back: str = "",
) -> HttpResponse:
    """Ask whether somebody is sure, or do it and go back to the workspace."""
    if request.method == "POST":
        do()
        messages.success(request, said)
        return redirect(f"{room.workspace.get_absolute_url()}{back}")
    context = {
        "title": title,
        "intro": room.workspace.title,
        "consequences": consequences,
        "action": action,
        "form": None,
        "back_url": f"{room.workspace.get_absolute_url()}{back}",
        "danger": True,
    }
    return render(request, "components/confirm.html", context)
