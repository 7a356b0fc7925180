"""Made-up national policy, so that the reviews of the demonstration have something to offer."""

from datetime import timedelta

from django.db import transaction

from contracts.models import NationalPolicy
from contracts.models.action import Sector
from nss_portal.core.time import today

URL = "https://www.rijksoverheid.nl/"
# Title and meaning in both languages, sector, days ago, days until it is in force.
MADE_UP = (
    (
        "Voorbeeld: bijdrage voor wijkwarmtenetten",
        "Example: contribution to district heat networks",
        "Gemeenten kunnen een bijdrage vragen voor de aanleg van een warmtenet in een bestaande wijk. "
        "Verzonnen voor de demonstratie.",
        "Municipalities can ask for a contribution to a heat network in an existing district. "
        "Made up for the demonstration.",
        Sector.BUILT,
        40,
        60,
    ),
    (
        "Voorbeeld: laadpunten bij nieuwbouw verplicht",
        "Example: charging points required with new buildings",
        "Bij nieuwe gebouwen met een parkeerplaats horen laadpunten. Verzonnen voor de demonstratie.",
        "New buildings with a car park have charging points. Made up for the demonstration.",
        Sector.MOBILITY,
        25,
        120,
    ),
    (
        "Voorbeeld: eenvoudiger vergunning voor zon op daken",
        "Example: simpler permit for solar on roofs",
        "Voor zonnepanelen op grote daken volstaat een melding. Verzonnen voor de demonstratie.",
        "For solar panels on large roofs a notification is enough. Made up for the demonstration.",
        Sector.ENERGY,
        10,
        None,
    ),
)


@transaction.atomic
def load_policies(scale: str, seed: int) -> list[str]:
    """Add the policies once; gives a line for the console."""
    if NationalPolicy.objects.exists():
        return []
    day = today()
    made = [
        NationalPolicy(
            title=title,
            title_en=title_en,
            text=text,
            text_en=text_en,
            url=URL,
            sector=sector,
            offered_on=day - timedelta(days=ago),
            in_force_on=day + timedelta(days=ahead) if ahead else None,
            is_illustrative=True,
        )
        for title, title_en, text, text_en, sector, ago, ahead in MADE_UP
    ]
    NationalPolicy.objects.bulk_create(made)
    return [f"national policies added {len(made)}"]
