"""Opening a workspace, and what every service in it checks first."""

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import (
    Activity,
    NoteVersion,
    Participation,
    Programme,
    WorkingGroup,
    Workspace,
    WorkspaceNote,
)
from activities.models.activity import TAKING_PART, ParticipationRole
from activities.models.workspace import OWNERS, Owner
from activities.selectors.workspace import leads, may_join
from governance.models import User
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event


def owned_by(owner: Owner) -> dict[str, Any]:
    """Give the field of a workspace that names its owner, with the owner."""
    if isinstance(owner, WorkingGroup):
        return {"group": owner}
    return {"programme": owner} if isinstance(owner, Programme) else {"activity": owner}


def enter(*, actor: Actor, owner: Owner) -> Workspace:
    """Give the workspace of something to somebody who may be in it; the first one to come opens it.

    Raises Http404 for everybody else, so that nobody learns whether there is one.
    """
    visible = Workspace.objects.visible_to(actor).select_related(*OWNERS)
    found = visible.filter(**owned_by(owner)).first()
    if found is not None:
        return found
    if Workspace.objects.filter(**owned_by(owner)).exists():
        raise Http404
    with transaction.atomic():
        opened = open_workspace(actor=actor, owner=owner)
        if not visible.filter(pk=opened.pk).exists():
            raise Http404  # and with it what was opened is gone again
    return opened


@transaction.atomic
def open_workspace(*, actor: Actor, owner: Owner) -> Workspace:
    """Open the workspace of something with a starting note that says what the portal knows of it.

    Gives the one that is there when somebody was first. Who may is `enter`'s to say.
    """
    workspace, is_new = Workspace.objects.get_or_create(**owned_by(owner))
    if is_new:
        note = WorkspaceNote.objects.create(
            workspace=workspace, is_start=True, title=_("Starting note"), text=starting_text(owner)
        )
        NoteVersion.objects.create(note=note, number=1, title=note.title, text=note.text, by_label=_("the portal"))
        audit.record(actor=actor, event=Event.CREATED, obj=workspace)
    return workspace


@transaction.atomic
def join_to_run(*, actor: User, activity: Activity) -> Workspace:
    """Give somebody of the organisation that leads an activity a place in it, beside those of the participants.

    Only those who take part are in a workspace, so whoever runs it takes part, for all to see. Raises NotAllowed
    for anybody else.
    """
    fresh = locked(activity)
    if not may_join(actor, fresh):
        raise NotAllowed(_("Only people of the organisation that leads the activity do this."))
    place, is_new = Participation.objects.get_or_create(
        activity=fresh,
        user=actor,
        defaults={"organisation": fresh.organisation, "role": ParticipationRole.SUPPORT},
    )
    if is_new or place.state not in TAKING_PART:
        place.state, place.changed_at = TAKING_PART[0], timezone.now()
        place.save(update_fields=["state", "changed_at"])
        changes = {"role": str(ParticipationRole.SUPPORT)}
        audit.record(
            actor=actor, event=Event.SUBMITTED, obj=place, changes=changes, on_behalf_of=fresh.organisation
        )
    return open_workspace(actor=actor, owner=fresh)


def _known(owner: Owner) -> list[tuple[str, str]]:
    if isinstance(owner, WorkingGroup):
        return [(_("Task"), owner.task), (_("Goal of the programme"), owner.programme.goal)]
    if isinstance(owner, Programme):
        return [(_("What it is about"), owner.challenge), (_("Goal"), owner.goal), (_("Mandate"), owner.mandate)]
    return [
        (_("What it is about"), owner.summary),
        (_("Questions"), owner.questions),
        (_("Preparation"), owner.required_preparation),
    ]


def starting_text(owner: Owner) -> str:
    """Give what a starting note begins with: what was filled in about its owner already."""
    parts = _known(owner)
    said = [f"## {title}\n\n{text.strip()}" for title, text in parts if text.strip()]
    return "\n\n".join(said or [f"## {parts[0][0]}\n"])


def require_contributor(actor: Actor, workspace: Workspace) -> None:
    """Raise NotAllowed unless the actor may contribute."""
    require(actor, "activity_workspace", "contribute", workspace)


def require_leader(actor: Actor, workspace: Workspace) -> None:
    """Raise NotAllowed unless the actor may contribute and leads what it belongs to."""
    require_contributor(actor, workspace)
    if not leads(actor, workspace):
        raise NotAllowed(_("Only who leads or chairs this does it."))
