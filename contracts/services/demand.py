"""Companies and financiers answer a joint demand: one offer per organisation and kind of measure."""

from django.db import transaction
from django.utils.translation import gettext as _

from cities.services.editing import EditConflict
from contracts.models import DemandOffer, Measure
from contracts.models.demand import OfferStatus
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, Role, standing_of
from nss_portal.core.models.audit import Event

# Who has something to offer; a province or an umbrella organisation joins a contract as a party instead.
OFFERING = (Group.COMPANY, Group.FINANCIAL, Group.KNOWLEDGE, Group.CIVIL)


def offering_for(actor: Actor) -> list[Organisation]:
    """Give the organisations for which somebody may answer; at most one query."""
    held = standing_of(actor).roles.get(Role.PARTNER, frozenset())
    if not held:
        return []
    return list(Organisation.objects.filter(pk__in=held, group__in=OFFERING).order_by("name"))


@transaction.atomic
def save_offer(
    *,
    actor: Actor,
    measure: Measure,
    organisation: Organisation,
    text: str,
    contact: str,
    status: str = OfferStatus.OPEN,
    revision: int = 0,
) -> DemandOffer:
    """Answer a demand for one's own organisation, or change that answer.

    Raises NotAllowed, EditConflict when a colleague saved meanwhile, and ValidationError. The words of an offer
    are for the cities that want this: they stand in no log.
    """
    if organisation.pk not in {each.pk for each in offering_for(actor)}:
        raise NotAllowed(_("You can answer for your own company or financial institution only."))
    Measure.objects.select_for_update().get(pk=measure.pk)
    held = DemandOffer.objects.filter(measure=measure, organisation=organisation).first()
    offer = held or DemandOffer(measure=measure, organisation=organisation)
    wanted = {"text": text.strip(), "contact": contact.strip(), "status": status}
    changed = [name for name, value in wanted.items() if getattr(offer, name) != value]
    if held is not None and not changed:
        return held
    if held is not None and held.revision != revision:
        raise EditConflict(held)
    for name, value in wanted.items():
        setattr(offer, name, value)
    offer.revision += 1
    offer.full_clean()
    offer.save()
    event = Event.CHANGED if held else Event.CREATED
    audit.record(
        actor=actor, event=event, obj=offer, changes=dict.fromkeys(changed, True), on_behalf_of=organisation
    )
    return offer
