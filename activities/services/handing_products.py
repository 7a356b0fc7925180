"""Hand draft knowledge products over to a colleague."""

from django.db import transaction

from activities.models import KnowledgeProduct
from activities.models.knowledge import PublishingState
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def give_products(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague finish the draft products that somebody began. The caller has checked that it may be."""
    drafts = KnowledgeProduct.objects.filter(
        organisation=organisation, created_by=user, state=PublishingState.DRAFT
    )
    for draft in drafts:
        changes = {"to_finish": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=draft, changes=changes, on_behalf_of=organisation)
    drafts.update(created_by=successor)
