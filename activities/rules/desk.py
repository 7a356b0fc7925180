"""Who keeps the directory of the desk. Viewing has no row: the directory is public."""

from cities.rules.scopes import own
from nss_portal.core.access import Resource, cells, register

DIRECTORY = register(
    Resource(
        name="desk_directory",
        model="activities.DirectoryEntry",
        actions={
            "change": cells(ministry="own", partner="own", desk="all", publisher="all", coordinator="all"),
        },
        scopes={"own": own},
    )
)

# Which organisation gets questions on which theme; everybody sees it where a question says with whom it is.
ROUTE = register(
    Resource(
        name="desk_route",
        model="activities.DeskRoute",
        actions={"change": cells(desk="all", coordinator="all")},
        in_matrix=False,
    )
)
