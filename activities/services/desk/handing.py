"""Hand over questions to a colleague: those that one handles, and those that one asked."""

from django.db import transaction

from activities.models.desk_question import OPEN_STATES, DeskQuestion
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def give_handled(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague handle the questions that somebody took up. The caller has checked that it may be."""
    found = DeskQuestion.objects.filter(handler=user, holder=organisation, state__in=OPEN_STATES)
    for question in found:
        changes = {"handler": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=question, changes=changes, on_behalf_of=organisation)
    found.update(handler=successor)


@transaction.atomic
def give_asked(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague hear of the answers to what somebody asked. The caller has checked that it may be."""
    found = DeskQuestion.objects.filter(asked_by=user, organisation=organisation, state__in=OPEN_STATES)
    for question in found:
        changes = {"asked_by": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=question, changes=changes, on_behalf_of=organisation)
    found.update(asked_by=successor)
