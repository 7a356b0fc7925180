"""Who may do what with municipalities, involvement and bottlenecks: the rows of the matrix."""

from django.db.models import Q

from cities.models.bottleneck import Sharing
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


def _own(standing: Standing, organisations: Organisations) -> Q:
    return Q(organisation__in=organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing=Sharing.PUBLISHED)


def _invited(standing: Standing, organisations: Organisations) -> Q:
    return Q(invited__in=organisations)


BOTTLENECK = register(
    Resource(
        name="bottleneck",
        model="cities.Bottleneck",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="advised+network",
                signatory="own+network",
                ministry="network",
                partner="invited",
                desk="network",
                publisher="network",
                steering="network",
                coordinator="network",
            ),
            "change": cells(member="own", team="own", coordinator="mandate"),
            "merge": cells(team="own", coordinator="network"),
        },
        scopes={
            "own": _own,
            "network": _network,
            "published": _published,
            "invited": _invited,
        },
    )
)
