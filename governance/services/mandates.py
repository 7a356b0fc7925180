"""Mandates: an organisation's lead lets the coordination team act for it, until a day."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Mandate, Organisation, User
from governance.services import Refused
from nss_portal.core import audit
from nss_portal.core.access import NotAllowed
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

# Trust is given for a time that people oversee, and then again.
LONGEST = timedelta(days=366)


def _require_lead(actor: User, organisation: Organisation) -> None:
    if organisation.pk not in actor.standing.lead_of:
        raise NotAllowed(_("Only a lead of the organisation gives or withdraws its mandate."))


@transaction.atomic
def give_mandate(*, actor: User, organisation: Organisation, valid_to: date, reason: str) -> Mandate:
    """Let the coordination team act for the organisation up to and including a day, at most a year on.

    The same mandate twice is one. Raises NotAllowed for who does not lead it, Refused for a day in the past or
    further off, or without a reason.
    """
    _require_lead(actor, organisation)
    if valid_to < today():
        raise Refused(_("The last day cannot lie in the past."))
    if valid_to > today() + LONGEST:
        raise Refused(_("A mandate holds for a year at most; after that it can be given again."))
    if not reason.strip():
        raise Refused(_("Give a reason."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = Mandate.objects.filter(
        organisation=organisation, valid_to=valid_to, reason=reason.strip(), withdrawn_at__isnull=True
    ).first()
    if same is not None:
        return same
    mandate = Mandate.objects.create(
        organisation=organisation, given_by=actor, valid_to=valid_to, reason=reason.strip()
    )
    audit.record(
        actor=actor,
        event=Event.GRANTED,
        obj=mandate,
        changes={"valid_to": valid_to.isoformat()},
        on_behalf_of=organisation,
        reason=mandate.reason,
    )
    return mandate


@transaction.atomic
def withdraw_mandate(*, actor: User, mandate: Mandate) -> None:
    """Take a mandate back at once. Raises NotAllowed for who does not lead the organisation."""
    _require_lead(actor, mandate.organisation)
    taken_back = Mandate.objects.filter(pk=mandate.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now()
    )
    if taken_back:
        audit.record(actor=actor, event=Event.REVOKED, obj=mandate, on_behalf_of=mandate.organisation)
