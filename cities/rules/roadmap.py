"""Who may see and change how far a city is, and who keeps the texts of the roadmap."""

from django.db.models import Q

from cities.rules.scopes import network, own, published
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def all_shared(standing: Standing, organisations: Organisations) -> Q:
    """Everything but what another city keeps to itself."""
    return network(standing, organisations) | own(standing, standing.organisations)


ROADMAP_PROGRESS = register(
    Resource(
        name="roadmap_progress",
        model="cities.CityRoadmap",
        actions={
            "view": cells(
                member="own",
                team="own+network",
                advisor="advised",
                signatory="own+network",
                ministry="network",
                desk="network",
                publisher="network",
                steering="network",
                coordinator="all",
            ),
            "change": cells(member="own", team="own"),
        },
        scopes={"own": own, "network": network, "published": published, "all": all_shared},
    )
)

# The texts of the roadmap are the portal's own reference data: all read them, the coordination team keeps them.
ROADMAP = register(
    Resource(
        name="roadmap",
        model="cities.BuildingBlock",
        actions={"change": cells(coordinator="all")},
        in_matrix=False,
    )
)
