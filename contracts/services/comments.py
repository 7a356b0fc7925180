"""Comments between colleagues on a draft: theirs alone. Their words stand nowhere else."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.models import ClimateContract, DraftComment
from contracts.services.errors import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event

MOST = 500  # open ones per contract
LONGEST = 4000


@transaction.atomic
def say(*, contract: ClimateContract, actor: Actor, place: str, text: str) -> DraftComment:
    """Say something to colleagues about a section ('section:goal') or table ('table:actions').

    Raises NotAllowed, and Refused for an empty or very long text.
    """
    require(actor, "contract", "change", contract)
    text = text.strip()
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("At most %(most)s characters fit here.") % {"most": LONGEST})
    if DraftComment.objects.filter(contract=contract, settled_at=None).count() >= MOST:
        raise Refused(_("There are %(number)s open comments already. Settle some first.") % {"number": MOST})
    comment = DraftComment.objects.create(
        contract=contract,
        place=place,
        text=text,
        written_by_id=getattr(actor, "pk", None),
        written_by_label=str(actor),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=comment)
    return comment


@transaction.atomic
def settle(*, comment: DraftComment, actor: Actor) -> None:
    """Say that what a comment asked is done. Raises NotAllowed."""
    require(actor, "contract", "change", comment.contract)
    if comment.settled_at is None:
        comment.settled_at = timezone.now()
        comment.save(update_fields=["settled_at"])
        audit.record(actor=actor, event=Event.CHANGED, obj=comment, changes={"settled": True})
