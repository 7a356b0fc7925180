"""Let a colleague be asked for a date instead of somebody who leaves."""

from django.db import transaction
from django.db.models import QuerySet

from activities.models import PollGuest
from activities.models.date_poll import PollState
from activities.services.poll_letters import PollLetter, write
from governance.models import Organisation, User
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


def held_invitations(user: User, organisation: Organisation) -> QuerySet[PollGuest]:
    """Give where somebody is asked in person for an organisation, in polls that have not ended."""
    asked = PollGuest.objects.filter(user=user, organisation=organisation, poll__state=PollState.OPEN)
    return asked.order_by("poll__closes_on", "pk")


@transaction.atomic
def give_invitations(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Ask a colleague instead; what somebody answered for themselves goes. The caller has checked that it may be.

    A colleague who is asked in the same poll already answers once, for both.
    """
    held = held_invitations(user, organisation)
    rows = list(held.select_related("poll__activity__organisation", "organisation"))
    same = PollGuest.objects.filter(poll__in=[row.poll_id for row in rows], user=successor)
    there = set(same.values_list("poll_id", flat=True))
    asked = []
    for row in rows:
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=row.poll,
            changes={"asked": [str(user), str(successor)]},
            on_behalf_of=organisation,
        )
        if row.poll_id in there:
            row.delete()
            continue
        row.answers.all().delete()
        row.user, row.answered_by, row.answered_at, row.note = successor, None, None, ""
        row.save(update_fields=["user", "answered_by", "answered_at", "note"])
        if row.poll.takes_answers():
            asked.append(row)
    write(asked, PollLetter.ASKED)
