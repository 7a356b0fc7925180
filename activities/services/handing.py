"""Hand draft lessons, questions about lessons that are applied, and planned activities over to a colleague."""

from django.db import transaction

from activities.models import Activity, Lesson, LessonUse
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


@transaction.atomic
def give_uses(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague be asked what came of the lessons that somebody said are applied. As `give_drafts`."""
    uses = LessonUse.objects.filter(organisation=organisation, said_by=user, outcome="", ask_on__isnull=False)
    for use in uses.select_related("lesson", "organisation"):
        changes = {"asked": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=use, changes=changes, on_behalf_of=organisation)
    uses.update(said_by=successor)


@transaction.atomic
def give_activities(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague go on with the activities that somebody was planning. As `give_drafts`."""
    begun = Activity.objects.filter(created_by=user, organisation=organisation).coming()
    for activity in begun:
        changes = {"to_finish": [str(user), str(successor)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=activity, changes=changes, on_behalf_of=organisation)
    begun.update(created_by=successor)
