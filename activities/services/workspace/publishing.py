"""Making something of a workspace public: shown first exactly as it will be, then copied, never linked."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.models import NoteVersion, Workspace, WorkspaceDecision, WorkspaceFile, WorkspacePublication
from activities.services.workspace.rooms import require_leader
from activities.workflow import PUBLICATION
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor
from nss_portal.core.files import keep, opened
from nss_portal.core.models.audit import Event

MOST_FILES = 20


class PublicationChanged(Exception):
    """What would become public is no longer what was shown; the text is for people."""


@dataclass(frozen=True)
class Choice:
    """What somebody wants to make public: a title, one version of a note, decisions, files."""

    title: str
    version: NoteVersion | None = None
    decisions: Sequence[WorkspaceDecision] = ()
    files: Sequence[WorkspaceFile] = ()
    said: list[dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        rows = sorted(self.decisions, key=lambda one: (one.decided_on, one.pk))
        said = [
            {"text": one.text, "decided_by": one.decided_by, "decided_on": one.decided_on.isoformat()}
            for one in rows
        ]
        object.__setattr__(self, "said", said)

    @property
    def text(self) -> str:
        """The text that becomes public."""
        return self.version.text if self.version else ""

    @property
    def digest(self) -> str:
        """A fingerprint of all that becomes public: as it was shown, so it has to be published."""
        files = [file.stored.sha256 + file.stored.name for file in self.files if file.stored]
        whole: list[Any] = [self.title, self.text, self.said, sorted(files)]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


@transaction.atomic
def publish(*, actor: Actor, workspace: Workspace, choice: Choice, digest: str) -> WorkspacePublication:
    """Make public what was shown with `digest`: texts and files are copied, the workspace stays closed.

    Raises NotAllowed for who does not lead, ValidationError for nothing or for things from elsewhere, and
    PublicationChanged when it is no longer what was shown.
    """
    require_leader(actor, workspace)
    check(workspace, choice)
    if choice.digest != digest:
        raise PublicationChanged(_("Something changed since you looked. This is how it would be now."))
    published = WorkspacePublication.objects.create(
        workspace=workspace,
        title=choice.title.strip(),
        text=choice.text,
        note_version=choice.version,
        decisions=choice.said,
        published_by_id=getattr(actor, "pk", None),
        published_by_label=str(actor)[:200],
    )
    for file in choice.files:
        assert file.stored is not None  # noqa: S101 - checked above
        with opened(file.stored) as content:
            keep(content=content.read(), name=file.stored.name, actor=actor, owner=published)
    audit.record(
        actor=actor,
        event=Event.PUBLISHED,
        obj=published,
        changes={"decisions": len(choice.said), "files": len(choice.files), "text": bool(choice.text)},
        on_behalf_of=workspace.organisation,
    )
    return published


def check(workspace: Workspace, choice: Choice) -> None:
    """Raise ValidationError unless the choice holds something, all of it present in this workspace."""
    if not choice.title.strip():
        raise ValidationError({"title": _("Give the publication a title.")})
    if not (choice.text.strip() or choice.said or choice.files):
        raise ValidationError(_("Choose a note, a decision or a file first."))
    if len(choice.files) > MOST_FILES:
        raise ValidationError({"files": _("Publish at most %s files at a time.") % MOST_FILES})
    homes: list[Any] = [choice.version.note] if choice.version else []
    for record in [*homes, *choice.decisions, *choice.files]:
        if record.workspace_id != workspace.pk or record.removed_at is not None:
            raise ValidationError(_("Part of this is no longer here. Choose again."))
    if any(file.stored is None for file in choice.files) or (choice.version and choice.version.is_aside):
        raise ValidationError(_("Part of this is no longer here. Choose again."))


@transaction.atomic
def withdraw(*, actor: Actor, publication: WorkspacePublication, reason: str) -> None:
    """Take a publication off the site, with a reason that goes into the log of changes.

    Raises NotAllowed for who does not lead, and TransitionRefused without a reason or when it is withdrawn.
    """
    require_leader(actor, publication.workspace)
    workflow.take(PUBLICATION, "withdraw", publication, actor=actor, reason=reason)
    publication.withdrawn_reason = reason.strip()[:500]
    publication.save(update_fields=["withdrawn_reason"])
