"""The national path, entered by the coordination team with its source."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.models import NationalPoint
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may
from nss_portal.core.models.audit import Event


def may_set(actor: Actor) -> bool:
    """Say whether somebody may enter the national path."""
    return may(actor, "data_fetch", "manage")


@transaction.atomic
def set_point(*, actor: Actor, year: int, kt: Decimal | None, citation: str) -> NationalPoint | None:
    """Enter a year of the national path, or another number in its place; None takes it away.

    Raises NotAllowed, and ValidationError for what is no year, number or source.
    """
    if not may_set(actor):
        raise NotAllowed(_("The national path is entered by the coordination team."))
    held = NationalPoint.objects.select_for_update().filter(year=year).first()
    before = None if held is None else str(held.kt.normalize())
    if kt is None:
        if held is not None:
            audit.record(actor=actor, event=Event.DELETED, obj=held, changes={"kt": [before, None]})
            held.delete()
        return None
    point = held or NationalPoint(year=year)
    point.kt, point.citation = kt, citation.strip()
    point.full_clean()
    point.save()
    event = Event.CREATED if held is None else Event.CHANGED
    audit.record(actor=actor, event=event, obj=point, changes={"kt": [before, str(kt.normalize())]})
    return point
