"""Offers of companies and financiers to what cities want together; made up, and marked so."""

from django.db import transaction

from contracts.models import DemandOffer, Measure
from contracts.models.demand import OfferStatus
from governance.models import Organisation
from governance.models.organisation import Group

# What the demonstration's companies and financiers say to cities; made up.
OFFERS = (
    (
        "warmte-infrastructuur",
        Group.FINANCIAL,
        "Leningen die net zo lang lopen als een warmtenet meegaat. Met vier steden of meer in één regeling "
        "wordt de rente lager; we beginnen met een verkenning per stad.",
        "Afdeling duurzame leningen, via de contactpagina",
    ),
    (
        "laadinfrastructuur",
        Group.COMPANY,
        "Palen, plaatsing en beheer voor meer gemeenten tegelijk, vanaf 200 palen. "
        "Eén aanspreekpunt voor alle steden.",
        "Bureau gemeenten, via de contactpagina",
    ),
)


@transaction.atomic
def load_offers(scale: str, seed: int) -> list[str]:
    """Load the offers that are not there yet; gives lines for the console."""
    added = 0
    for code, group, text, contact in OFFERS:
        measure = Measure.objects.filter(code=code).first()
        found = Organisation.objects.filter(group=group, memberships__isnull=False).order_by("pk").first()
        if measure is None or found is None:
            continue
        _offer, made = DemandOffer.objects.get_or_create(
            measure=measure,
            organisation=found,
            defaults={"text": text, "contact": contact, "status": OfferStatus.OPEN, "is_illustrative": True},
        )
        added += made
    return [f"offers to joint demands {added}"]
