"""Files of a workspace: checked on the way in, opened by whoever is in it."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Workspace, WorkspaceFile
from activities.selectors.workspace import leads
from activities.services.workspace.rooms import require_contributor
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import locked
from nss_portal.core.files import keep_upload
from nss_portal.core.files.scanner import is_configured
from nss_portal.core.models.audit import Event

MOST_FILES = 500  # besides those that were taken away


@transaction.atomic
def add_file(*, actor: Actor, workspace: Workspace, upload: UploadedFile, title: str = "") -> WorkspaceFile:
    """Add a file; raises NotAllowed, and ValidationError as `keep_upload` does."""
    require_contributor(actor, workspace)
    if workspace.files.present().count() >= MOST_FILES:
        raise ValidationError(_("There are very many files here already. Take away what is no longer needed."))
    added = WorkspaceFile.objects.create(
        workspace=workspace,
        title=title.strip()[:160],
        is_scanned=is_configured(),
        added_by_id=getattr(actor, "pk", None),
        added_by_label=str(actor)[:200],
    )
    added.stored = keep_upload(upload=upload, actor=actor, owner=added, is_confidential=True)
    added.save(update_fields=["stored"])
    audit.record(actor=actor, event=Event.CREATED, obj=added)
    return added


def may_remove(actor: Actor, file: WorkspaceFile, *, is_leader: bool) -> bool:
    """Say whether the actor, who is in the workspace, may take a file away: who added it, and who leads."""
    return is_leader or (file.added_by_id is not None and file.added_by_id == getattr(actor, "pk", None))


@transaction.atomic
def remove_file(*, actor: Actor, file: WorkspaceFile) -> None:
    """Take a file away: nobody opens it any more. Raises NotAllowed for anybody but its sender and who leads."""
    require_contributor(actor, file.workspace)
    fresh = locked(file)
    if not may_remove(actor, fresh, is_leader=leads(actor, fresh.workspace)):
        raise NotAllowed(_("Only who added the file, or leads here, takes it away."))
    if fresh.removed_at is None:
        fresh.removed_at = timezone.now()
        fresh.save(update_fields=["removed_at"])
        audit.record(actor=actor, event=Event.WITHDRAWN, obj=fresh)
