"""Who may see, change and merge bottlenecks."""

from cities.rules.scopes import invited, network, own, published
from nss_portal.core.access import Resource, cells, register

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
            "own": own,
            "network": network,
            "published": published,
            "invited": invited,
        },
    )
)
