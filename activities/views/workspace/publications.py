"""Making something of a workspace public, and what was made public."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activities.forms.workspace import PublishForm
from activities.models import NoteVersion, WorkspacePublication
from activities.models.publication import PublicationState
from activities.models.workspace import WITH_OWNERS
from activities.presenting.workspace import stored_row
from activities.services.workspace import publishing
from activities.views.workspace.room import Room, ask, complain, enter_room
from cities.forms.reasons import ReasonForm
from cities.views.posting import posted
from nss_portal.core.files import files_of
from nss_portal.core.kept import kept
from nss_portal.core.markdown import rendered
from nss_portal.core.rendering import render

# Versions that one chooses from: of each note the latest ones.
VERSIONS_PER_NOTE = 10


def _versions(room: Room) -> list[NoteVersion]:
    """Give the versions that can become public: of notes that are there, none that was only kept aside."""
    found: list[NoteVersion] = []
    seen: dict[int, int] = {}
    present = NoteVersion.objects.filter(note__workspace=room.workspace, note__removed_at__isnull=True)
    for version in present.filter(is_aside=False).select_related("note").order_by("note", "-number"):
        seen[version.note_id] = seen.get(version.note_id, 0) + 1
        if seen[version.note_id] <= VERSIONS_PER_NOTE and version.text.strip():
            found.append(version)
    return sorted(found, key=lambda version: version.at, reverse=True)


def _form(request: HttpRequest, room: Room) -> PublishForm:
    return PublishForm(
        posted(request),
        versions=_versions(room),
        decisions=list(room.workspace.decisions.filter(removed_at__isnull=True)),
        files=room.workspace.files.filter(removed_at__isnull=True).select_related("stored"),
        initial={"title": room.workspace.title},
    )


def publish(request: HttpRequest, **where: Any) -> HttpResponse:
    """Choose what becomes public, see it exactly as it will be, then publish that and nothing else."""
    room = enter_room(request, **where)
    room.require_leader()
    form = _form(request, room)
    context: dict[str, Any] = {
        "workspace": room.workspace,
        "form": form,
        "back_url": room.workspace.get_absolute_url(),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "activities/workspace/publish.html", context)
    values = form.cleaned_data
    choice = publishing.Choice(
        title=values["title"].strip(),
        version=values["version"],
        decisions=values.get("decisions", ()),
        files=list(values.get("files", ())),
    )
    try:
        publishing.check(room.workspace, choice)
        if "publish" in request.POST:
            made = publishing.publish(
                actor=request.user, workspace=room.workspace, choice=choice, digest=values["digest"]
            )
            messages.success(request, _("It is published: everybody can read it from now on."))
            return redirect(made)
    except ValidationError as error:
        complain(form, error)
    except publishing.PublicationChanged as error:
        messages.error(request, str(error))
    if form.errors or "again" in request.POST:
        return render(request, "activities/workspace/publish.html", context)
    return render(request, "activities/workspace/publish_preview.html", {**context, **_preview(form, choice)})


def _preview(form: PublishForm, choice: publishing.Choice) -> dict[str, Any]:
    """Give the preview: what becomes public, and the same choice as hidden fields."""
    names = ("title", "version", "decisions", "files")
    kept = [(name, value) for name in names for value in _sent(form, name)]
    return {
        "publication": {"title": choice.title},
        "text": rendered(choice.text, heading=3),
        "decisions": _decisions(choice.said),
        "files": [stored_row(file.stored) for file in choice.files],
        "kept": [*kept, ("digest", choice.digest)],
    }


def _sent(form: PublishForm, name: str) -> list[str]:
    data: Any = form.data
    return [value for value in data.getlist(name) if value]


def _decisions(said: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{**one, "decided_on": parse_date(one["decided_on"])} for one in said]


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One publication, for everybody; what was withdrawn only those who were there still see."""
    visible = WorkspacePublication.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related(*WITH_OWNERS), public_id=public_id)
    # Where it comes from is open to some and not to others.
    shown = kept(
        "publication", request.user, public_id, request.user.pk, make=lambda: _publication(request, found)
    )
    return render(request, "activities/workspace/publication.html", {"publication": found, "shown": shown})


def _publication(request: HttpRequest, found: WorkspacePublication) -> dict[str, Any]:
    """Draw a publication; gives that, and what it came out of where the reader may see it."""
    subject = found.workspace.subject
    is_open = type(subject).objects.visible_to(request.user).filter(pk=subject.pk).exists()
    context = {
        "publication": found,
        "text": rendered(found.text, heading=2),
        "decisions": _decisions(found.decisions),
        "files": [stored_row(file) for file in files_of(found)],
        "subject": subject,
        "is_withdrawn": found.state == PublicationState.WITHDRAWN,
    }
    return {
        "subject": {"title": subject.title, "url": subject.get_absolute_url()} if is_open else None,
        "body": render_to_string("activities/workspace/_publication.html", context, request),
    }


def withdraw(request: HttpRequest, publication_id: str, **where: Any) -> HttpResponse:
    """Take a publication off the site, with a reason."""
    room = enter_room(request, **where)
    room.require_leader()
    published = room.workspace.publications.filter(state=PublicationState.PUBLISHED)
    found = get_object_or_404(published, public_id=publication_id)
    return ask(
        request,
        room,
        ReasonForm(posted(request)),
        lambda values: publishing.withdraw(actor=request.user, publication=found, reason=values["reason"]),
        title=_("Withdraw a publication"),
        intro=_("'%(title)s' can then no longer be read by others. The reason stands in the log of changes.")
        % {"title": found.title},
        action=_("Withdraw the publication"),
        said=_("The publication is withdrawn."),
    )
