"""Choosing how often the summary comes, and whose turn it is."""

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef

from governance.models import DigestChoice, Membership, User
from governance.models.digest import Rhythm
from nss_portal.core import audit
from nss_portal.core.models.audit import Event

SATURDAY = 5


@transaction.atomic
def choose_rhythm(*, actor: User, rhythm: str) -> DigestChoice:
    """Note how often the actor wants the summary. Raises ValueError for a rhythm that there is not."""
    wanted = Rhythm(rhythm)
    choice, _is_new = DigestChoice.objects.select_for_update().get_or_create(user=actor)
    if choice.rhythm != wanted:
        changes = {"rhythm": [choice.rhythm, wanted.value]}
        choice.rhythm = wanted
        choice.save(update_fields=["rhythm"])
        audit.record(actor=actor, event=Event.CHANGED, obj=choice, changes=changes)
    return choice


def period_of(rhythm: str, day: date) -> str:
    """Name the period that a day lies in; there is one summary a period. '' when none is due at all.

    A weekly one is for the ISO week, so that it comes on Tuesday where the portal slept on Monday.
    """
    if rhythm == Rhythm.DAILY:
        return day.isoformat() if day.weekday() < SATURDAY else ""
    if rhythm == Rhythm.WEEKLY:
        return f"{day:%G-W%V}"
    return f"{day:%Y-%m}" if rhythm == Rhythm.MONTHLY else ""


def due_on(day: date) -> list[tuple[int, str]]:
    """Give whose summary is due on a day: keys of accounts with the period. One query.

    Whoever left, and whoever belongs to no organisation, gets none; nor does somebody who got one this period.
    """
    members = Membership.objects.current(day).filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(members.order_by()), is_active=True, is_system=False)
    rows = people.order_by("pk").values_list("pk", "digest_choice__rhythm", "digest_choice__made_on")
    found = []
    for pk, chosen, made_on in rows:
        rhythm = chosen or Rhythm.WEEKLY
        period = period_of(rhythm, day)
        if period and (made_on is None or period_of(rhythm, made_on) != period):
            found.append((pk, period))
    return found
