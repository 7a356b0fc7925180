"""Notes that several people write: saved by themselves, every version kept, nobody's words lost.

The log of changes says that a note was changed, by whom and when, and never a word of it.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import NoteVersion, Workspace, WorkspaceNote
from activities.services.workspace.rooms import require_contributor
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import EditConflict, apply_changes, locked
from nss_portal.core.models.audit import Event

LONGEST = 60_000  # characters
MOST_NOTES = 200
# What one person saves by itself within this time goes into one version.
SAME_SITTING = timedelta(minutes=10)


@transaction.atomic
def add_note(*, actor: Actor, workspace: Workspace, title: str, text: str = "") -> WorkspaceNote:
    """Add a note; raises NotAllowed, and ValidationError when it is too long or there are too many."""
    require_contributor(actor, workspace)
    _check(title, text)
    if workspace.notes.present().count() >= MOST_NOTES:
        raise ValidationError(_("There are very many notes here already. Go on in one of them."))
    note = WorkspaceNote.objects.create(
        workspace=workspace, title=title.strip(), text=text, changed_by_label=str(actor)[:200]
    )
    _keep(note, actor)
    audit.record(actor=actor, event=Event.CREATED, obj=note)
    return note


def save_note(
    *, actor: Actor, note: WorkspaceNote, version: int, title: str, text: str, is_auto: bool = False
) -> WorkspaceNote:
    """Save a note that was read at `version`.

    Raises NotAllowed, ValidationError for a text that is too long, and EditConflict when a colleague saved in
    between: the text that came second is then kept aside, and so is there even when its writer closes the page.
    """
    require_contributor(actor, note.workspace)
    _check(title, text)
    clash: EditConflict | None = None
    with transaction.atomic():
        fresh = _present(note)
        try:
            changes = apply_changes(fresh, version, {"title": title.strip(), "text": text})
        except EditConflict as conflict:
            clash = conflict
            _keep_aside(fresh, actor, title.strip(), text)
        else:
            if changes:
                _write(fresh, actor, is_auto=is_auto, is_renamed="title" in changes)
            elif not is_auto:
                fresh.versions.filter(is_auto=True, is_aside=False).update(is_auto=False)
    if clash is not None:
        raise clash
    return fresh


@transaction.atomic
def restore_version(*, actor: Actor, note: WorkspaceNote, number: int) -> WorkspaceNote:
    """Make an earlier version, or a text that was kept aside, the present one; what was there stays a version.

    Raises NotAllowed, and LookupError for a number that is not there.
    """
    require_contributor(actor, note.workspace)
    fresh = _present(note)
    earlier = fresh.versions.filter(number=number).first()
    if earlier is None:
        raise LookupError(number)
    if (fresh.title, fresh.text) != (earlier.title, earlier.text):
        fresh.title, fresh.text = earlier.title, earlier.text
        _write(fresh, actor, restored_from=number)
    return fresh


@transaction.atomic
def remove_note(*, actor: Actor, note: WorkspaceNote) -> None:
    """Take a note away; its versions stay, and it can be put back. Raises NotAllowed for the starting note."""
    require_contributor(actor, note.workspace)
    fresh = _present(note)
    if fresh.is_start:
        raise NotAllowed(_("The starting note stays. It can be emptied."))
    fresh.removed_at = timezone.now()
    fresh.save(update_fields=["removed_at"])
    audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)


@transaction.atomic
def put_back_note(*, actor: Actor, note: WorkspaceNote) -> WorkspaceNote:
    """Put a note back that was taken away; raises NotAllowed."""
    require_contributor(actor, note.workspace)
    fresh = locked(note)
    if fresh.removed_at is not None:
        fresh.removed_at = None
        fresh.save(update_fields=["removed_at"])
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh)
    return fresh


def _present(note: WorkspaceNote) -> WorkspaceNote:
    fresh = locked(note)
    if fresh.removed_at is not None:
        raise NotAllowed(_("This note was taken away. Put it back to go on."))
    return fresh


def _check(title: str, text: str) -> None:
    if not title.strip():
        raise ValidationError({"title": _("Give the note a title.")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("This note is too long. Split it over two notes.")})


def _write(
    note: WorkspaceNote,
    actor: Actor,
    *,
    is_auto: bool = False,
    is_renamed: bool = False,
    restored_from: int | None = None,
) -> None:
    note.version += 1
    note.changed_at, note.changed_by_label = timezone.now(), str(actor)[:200]
    note.save(update_fields=["title", "text", "version", "changed_at", "changed_by_label"])
    # Pages that name the note are kept until the log has something new.
    if _keep(note, actor, is_auto=is_auto, restored_from=restored_from) or is_renamed:
        audit.record(actor=actor, event=Event.CHANGED, obj=note, changes={"version": note.version})


def _keep(note: WorkspaceNote, actor: Actor, *, is_auto: bool = False, restored_from: int | None = None) -> bool:
    """Keep the note as it is now; gives whether that began a new version."""
    newest = note.versions.filter(is_aside=False).order_by("-number").first()
    if newest is not None and restored_from is None and _goes_on(newest, actor):
        newest.title, newest.text, newest.at, newest.is_auto = note.title, note.text, note.changed_at, is_auto
        newest.save(update_fields=["title", "text", "at", "is_auto"])
        return False
    _add(note, actor, note.title, note.text, is_auto=is_auto, restored_from=restored_from)
    return True


def _keep_aside(note: WorkspaceNote, actor: Actor, title: str, text: str) -> None:
    """Keep a text that came second; while its writer types on, as one version."""
    aside = note.versions.filter(is_aside=True).order_by("-number").first()
    if aside is not None and _goes_on(aside, actor):
        aside.title, aside.text, aside.at = title, text, timezone.now()
        aside.save(update_fields=["title", "text", "at"])
        return
    _add(note, actor, title, text, is_aside=True, is_auto=True)
    audit.record(actor=actor, event=Event.CHANGED, obj=note, changes={"kept_aside": True})


def _goes_on(version: NoteVersion, actor: Actor) -> bool:
    is_same_person = version.by_id is not None and version.by_id == getattr(actor, "pk", None)
    return version.is_auto and is_same_person and timezone.now() - version.began_at < SAME_SITTING


def _add(note: WorkspaceNote, actor: Actor, title: str, text: str, **fields: object) -> None:
    last = note.versions.aggregate(last=Max("number"))["last"] or 0
    NoteVersion.objects.create(
        note=note,
        number=last + 1,
        title=title[:120],
        text=text,
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
        **fields,
    )
