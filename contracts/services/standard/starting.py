"""Putting a first draft together, screen by screen; every screen is kept, and the contract is made once."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.models import StandardStart, StandardVersion
from contracts.models.standard import DUTCH
from contracts.services.contract import making_for
from contracts.services.errors import Refused
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.models.audit import Event

SCREENS = ("basis", "maatregelen", "acties", "partijen", "teksten")


@transaction.atomic
def begin(*, actor: Actor, municipality: Municipality) -> StandardStart:
    """Begin a first draft of a municipality, or go on with the one that a colleague began.

    Raises NotAllowed for another municipality, Refused while no version of the approach is in force.
    """
    if municipality.organisation_id not in making_for(actor):
        raise NotAllowed(_("You can make a contract for your own municipality only."))
    # Two colleagues who begin at once begin together.
    Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    there = StandardStart.objects.filter(municipality=municipality, contract=None).first()
    if there is not None:
        return there
    version = StandardVersion.objects.in_force().filter(standard__code=DUTCH).first()
    if version is None:
        raise Refused(_("No version of the standard approach is in force yet."))
    start = StandardStart.objects.create(
        municipality=municipality,
        organisation=municipality.organisation,
        version=version,
        created_by_id=getattr(actor, "pk", None),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=start, on_behalf_of=start.organisation)
    return start


def require_own(actor: Actor, start: StandardStart) -> None:
    """Raise NotAllowed for anybody who may not make a contract of the municipality."""
    if start.organisation_id not in making_for(actor):
        raise NotAllowed(_("You can make a contract for your own municipality only."))


@transaction.atomic
def keep(
    *, actor: Actor, start: StandardStart, screen: str, values: Mapping[str, Any], revision: int
) -> StandardStart:
    """Keep what one screen says, in a form that JSON holds.

    Raises NotAllowed, Refused when the contract is made already, EditConflict when a colleague changed it.
    """
    if screen not in SCREENS:
        raise LookupError(screen)
    require_own(actor, start)
    fresh = StandardStart.objects.select_for_update(of=("self",)).get(pk=start.pk)
    if fresh.contract_id is not None:
        raise Refused(_("The contract is made already. Go on in the contract itself."))
    if fresh.answers.get(screen) == dict(values):
        return fresh
    if fresh.revision != revision:
        raise EditConflict(fresh)
    fresh.answers = {**fresh.answers, screen: dict(values)}
    fresh.revision += 1
    fresh.changed_at = timezone.now()
    fresh.save(update_fields=["answers", "revision", "changed_at"])
    audit.record(
        actor=actor, event=Event.CHANGED, obj=fresh, changes={"screen": screen}, on_behalf_of=fresh.organisation
    )
    return fresh


@transaction.atomic
def discard(*, actor: Actor, start: StandardStart) -> None:
    """Throw away what was put together, while no contract is made of it. Raises NotAllowed, Refused."""
    require_own(actor, start)
    fresh = StandardStart.objects.select_for_update(of=("self",)).get(pk=start.pk)
    if fresh.contract_id is not None:
        raise Refused(_("The contract is made already. Throw its draft away instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
