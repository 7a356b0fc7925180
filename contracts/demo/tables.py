"""Tables of the published contracts that no other record holds, and offers to what cities want together."""

from decimal import Decimal

from django.db import transaction

from contracts.models import DemandOffer, Measure
from contracts.models.demand import OfferStatus
from governance.models import Organisation
from governance.models.organisation import Group

# Eindhoven and Helmond, table: what current policy takes away until 2030 (kt), per sector.
CURRENT_POLICY = {
    "ccc-eindhoven-helmond": {"housing": "299", "services": "179", "mobility": "197", "industry": "250"}
}
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


def reduction_by_others(publication: str) -> dict[str, Decimal]:
    """Give what other plans take away per sector (kt), as a contract publishes it."""
    return {sector: Decimal(kt) for sector, kt in CURRENT_POLICY.get(publication, {}).items()}
