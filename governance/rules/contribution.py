"""Who sees what an organisation contributes, and who confirms it: the rows of the matrix.

Those who confirm what was given also pledge it, correct it and say who sees it.
"""

from django.db.models import Q

from governance.models.contribution import ContributionSharing
from governance.rules.organisation import OWN_LEAD_EVERYWHERE, of_own_organisation
from nss_portal.core.access import Resource, cells, register

register(
    Resource(
        name="contribution",
        model="governance.Contribution",
        actions={
            "view": cells(
                visitor="published",
                member="own+published",
                team="own+network",
                advisor="published",
                signatory="own+network",
                ministry="own+network",
                partner="own+published",
                desk="network",
                publisher="network",
                steering="all",
                coordinator="all",
            ),
            "confirm": cells(**OWN_LEAD_EVERYWHERE),
        },
        scopes={
            "own": of_own_organisation,
            "network": lambda standing, organisations: Q(
                sharing__in=[ContributionSharing.NETWORK, ContributionSharing.PUBLISHED]
            ),
            "published": lambda standing, organisations: Q(sharing=ContributionSharing.PUBLISHED),
        },
    )
)
