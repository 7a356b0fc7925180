"""What is said of a part of the approach, or of a proposal, in the name of an organisation."""

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import StandardChange, StandardComment, StandardVersion
from contracts.services.errors import Refused
from contracts.services.standard.changes import item_in, label_of_actor
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, standing_of
from nss_portal.core.models.audit import Event


@transaction.atomic
def comment(
    *,
    actor: Actor,
    version: StandardVersion,
    kind: str,
    code: str,
    organisation: Organisation,
    text: str,
    change: StandardChange | None = None,
) -> StandardComment:
    """Say something of a part, or of a proposal; the same words sent twice are said once.

    Raises NotAllowed (another organisation, a version that the actor does not see), Refused, ValidationError.
    """
    require_for(actor, "contract_standard", "comment", organisation)
    if not StandardVersion.objects.visible_to(actor).filter(pk=version.pk).exists():
        raise NotAllowed(_("You can only speak of a version that you may see."))
    if change is None and item_in(version, kind, code) is None:
        raise Refused(_("This part is not in the version any more."))
    said = StandardComment(
        version=version,
        kind=kind,
        code=code,
        change=change,
        text=text.strip(),
        organisation=organisation,
        author_label=label_of_actor(actor),
        created_by_id=getattr(actor, "pk", None),
    )
    same = {"version": version, "kind": kind, "code": code, "change": change, "text": said.text}
    there = StandardComment.objects.filter(created_by_id=said.created_by_id, **same).first()
    if there is not None and said.created_by_id is not None:
        return there
    said.full_clean()
    said.save()
    # The words stay in their own field: the log is kept longer than a conversation.
    audit.record(actor=actor, event=Event.CREATED, obj=said, on_behalf_of=organisation)
    return said


@transaction.atomic
def take_back(*, said: StandardComment, actor: Actor) -> None:
    """Take back what one said oneself. Raises NotAllowed."""
    if said.created_by_id is None or said.created_by_id != getattr(actor, "pk", None):
        raise NotAllowed(_("Only who said something takes it back."))
    if said.organisation_id not in standing_of(actor).organisations:
        raise NotAllowed(_("Only who said something takes it back."))
    audit.record(actor=actor, event=Event.DELETED, obj=said, on_behalf_of=said.organisation)
    said.delete()
