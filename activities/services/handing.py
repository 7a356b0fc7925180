"""Hand draft lessons over to a colleague."""

from django.db import transaction

from activities.models import Lesson
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def give_drafts(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague finish the draft lessons that somebody began. The caller has checked that it may be."""
    drafts = Lesson.objects.drafts().filter(author_organisation=organisation, created_by=user)
    for draft in drafts:
        changes = {"to_finish": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=draft, changes=changes, on_behalf_of=organisation)
    drafts.update(created_by=successor)
