"""Who may put something on the agenda, and support it. Viewing has no row: what is on the agenda is public."""

from django.db.models import Q

from cities.models.proposition import SHARED
from cities.rules.scopes import own
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def all_shared(standing: Standing, organisations: Organisations) -> Q:
    """Everything but the drafts of others."""
    return Q(state__in=SHARED) | own(standing, standing.organisations)


PROPOSITION = register(
    Resource(
        name="proposition",
        model="cities.Proposition",
        actions={
            "change": cells(member="own", team="own", partner="own", coordinator="all"),
            # In whose name one supports; which propositions follows from what is on the agenda.
            "support": cells(member="own", team="own", ministry="own", partner="own"),
        },
        scopes={"own": own, "all": all_shared},
    )
)
