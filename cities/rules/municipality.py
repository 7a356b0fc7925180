"""Who may see municipalities, ask for a level of involvement and decide on it."""

from django.db.models import Q

from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

MUNICIPALITY = register(
    Resource(
        name="municipality",
        model="cities.Municipality",
        actions={
            "view": cells(
                visitor="all",
                member="all",
                team="all",
                advisor="all",
                signatory="all",
                ministry="all",
                partner="all",
                desk="all",
                publisher="all",
                steering="all",
                coordinator="all",
            )
        },
    )
)


def _request_of(standing: Standing, organisations: Organisations) -> Q:
    return Q(municipality__organisation__in=organisations)


INVOLVEMENT = register(
    Resource(
        name="involvement",
        model="cities.InvolvementRequest",
        actions={
            "request": cells(visitor="form", member="own", team="own", signatory="own", coordinator="all"),
            "decide": cells(coordinator="all"),
        },
        scopes={"own": _request_of},
    )
)
