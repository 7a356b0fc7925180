"""Notes: read, write together, compare versions, bring one back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.forms.workspace import NoteForm
from activities.models import WorkspaceNote
from activities.services.workspace import notes as services
from activities.views.workspace.room import Room, ask, complain, confirm, enter_room
from cities.views.posting import posted
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.markdown import rendered
from nss_portal.core.rendering import render
from nss_portal.core.worddiff import compared


def _note(room: Room, note_id: str) -> WorkspaceNote:
    return get_object_or_404(room.workspace.notes, public_id=note_id)


def _address(note: WorkspaceNote, page: str = "workspace_note", **more: object) -> str:
    return note.workspace.url(page, note_id=note.public_id, **more)


@require_safe
def read(request: HttpRequest, note_id: str, **where: Any) -> HttpResponse:
    """One note to read."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    context = {
        "workspace": room.workspace,
        "note": note,
        "text": rendered(note.text, heading=2),
        "asides": note.versions.filter(is_aside=True).count(),
        "edit_url": _address(note, "workspace_note_edit"),
        "history_url": _address(note, "workspace_note_history"),
        "remove_url": _address(note, "workspace_note_remove"),
        "put_back_url": _address(note, "workspace_note_put_back"),
    }
    return render(request, "activities/workspace/note.html", context)


def new(request: HttpRequest, **where: Any) -> HttpResponse:
    """Begin a note."""
    room = enter_room(request, **where)
    return ask(
        request,
        room,
        NoteForm(posted(request)),
        lambda values: services.add_note(
            actor=request.user, workspace=room.workspace, title=values["title"], text=values["text"]
        ),
        title=_("New note"),
        intro=_("Everybody who takes part reads it and can write on."),
        action=_("Save the note"),
        said=_("The note is saved."),
        back="#notities",
    )


def edit(request: HttpRequest, note_id: str, **where: Any) -> HttpResponse:
    """Write in a note; it saves itself. A colleague's change in between is shown beside it."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    if note.removed_at is not None:
        return redirect(note)
    initial = {"title": note.title, "text": note.text, "version": note.version}
    form = NoteForm(posted(request), initial=initial)
    conflict: list[dict[str, Any]] = []
    who = ""
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, note, form)
        except ValidationError as error:
            complain(form, error)
        except EditConflict as error:
            conflict, who = beside(form, error), getattr(error.record, "changed_by_label", "")
            form = NoteForm(sent_again(request, error), initial=initial)
        else:
            messages.success(request, _("The note is saved."))
            return redirect(note)
    context = {
        "workspace": room.workspace,
        "note": note,
        "form": form,
        "conflict": conflict,
        "who": who,
        "autosave_url": _address(note, "workspace_note_autosave"),
    }
    status = 409 if conflict else 200
    return render(request, "activities/workspace/note_form.html", context, status=status)


def _save(request: HttpRequest, note: WorkspaceNote, form: NoteForm, *, is_auto: bool = False) -> WorkspaceNote:
    values = form.cleaned_data
    return services.save_note(
        actor=request.user,
        note=note,
        version=values["version"] or 0,
        title=values["title"],
        text=values["text"],
        is_auto=is_auto,
    )


@require_POST
def autosave(request: HttpRequest, note_id: str, **where: Any) -> JsonResponse:
    """Save while somebody types; answers with the time and the new version, or 409 with what to do."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    form = NoteForm(request.POST)
    message = _("Not saved by itself. Save the form to see what is asked.")
    if not form.is_valid():
        return JsonResponse({"message": message}, status=422)
    try:
        saved = _save(request, note, form, is_auto=True)
    except EditConflict:
        message = _("A colleague saved in the meantime. What you typed is kept aside: save to see both texts.")
        return JsonResponse({"message": message}, status=409)
    except ValidationError:
        return JsonResponse({"message": message}, status=422)
    now = timezone.localtime().strftime("%H.%M")
    return JsonResponse({"saved_at": now, "version": saved.version})


@require_safe
def history(request: HttpRequest, note_id: str, **where: Any) -> HttpResponse:
    """All versions of a note, the latest first, those that were kept aside among them."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    versions = list(note.versions.defer("text").order_by("-at", "-number"))
    rows = [
        {
            "text": _version_label(version.number, version.is_aside, version.restored_from),
            "when": version.at,
            "who": f"{version.by_label}, {timezone.localtime(version.at):%H.%M}",
            "url": _address(note, "workspace_note_version", number=version.number),
            "action": _("Look and compare"),
        }
        for version in versions
    ]
    context = {"workspace": room.workspace, "note": note, "rows": rows}
    return render(request, "activities/workspace/note_history.html", context)


def _version_label(number: int, is_aside: bool, restored_from: int | None) -> str:
    if is_aside:
        return _("Version %(number)s, kept aside: a colleague had saved first") % {"number": number}
    if restored_from:
        return _("Version %(number)s, brought back from version %(from)s") % {
            "number": number,
            "from": restored_from,
        }
    return _("Version %(number)s") % {"number": number}


@require_safe
def version(request: HttpRequest, note_id: str, number: int, **where: Any) -> HttpResponse:
    """One version, word by word beside the one before it or beside the present text (?met=nu)."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    chosen = get_object_or_404(note.versions, number=number)
    with_present = request.GET.get("met") == "nu" or chosen.is_aside
    before = note.versions.filter(number__lt=number, is_aside=False).order_by("-number").first()
    if with_present:
        pieces = compared(chosen.text, note.text)
    else:
        pieces = compared(before.text if before else "", chosen.text)
    context = {
        "workspace": room.workspace,
        "note": note,
        "version": chosen,
        "before": before,
        "label": _version_label(number, chosen.is_aside, chosen.restored_from),
        "pieces": pieces,
        "with_present": with_present,
        "is_present": chosen.text == note.text and chosen.title == note.title,
        "restore_url": _address(note, "workspace_note_restore", number=number),
        "history_url": _address(note, "workspace_note_history"),
    }
    return render(request, "activities/workspace/note_version.html", context)


@require_POST
def restore(request: HttpRequest, note_id: str, number: int, **where: Any) -> HttpResponse:
    """Bring a version back."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    try:
        services.restore_version(actor=request.user, note=note, number=number)
    except LookupError:
        raise Http404 from None
    messages.success(request, _("Version %(number)s is the present text again.") % {"number": number})
    return redirect(note)


def remove(request: HttpRequest, note_id: str, **where: Any) -> HttpResponse:
    """Take a note away, after asking."""
    room = enter_room(request, **where)
    note = _note(room, note_id)
    return confirm(
        request,
        room,
        lambda: services.remove_note(actor=request.user, note=note),
        title=_("Take away the note '%(title)s'?") % {"title": note.title},
        consequences=[_("It is no longer in the list. Whoever takes part can put it back.")],
        action=_("Take the note away"),
        said=_("The note is taken away."),
        back="#notities",
    )


@require_POST
def put_back(request: HttpRequest, note_id: str, **where: Any) -> HttpResponse:
    """Put a note back that was taken away."""
    room = enter_room(request, **where)
    note = services.put_back_note(actor=request.user, note=_note(room, note_id))
    messages.success(request, _("The note is back."))
    return redirect(note)
