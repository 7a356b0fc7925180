"""Who makes the newsletter: who brings news. It is not in the matrix, which has a row for news."""

from nss_portal.core.access import Resource, cells, register

_EDITORS = cells(publisher="all", coordinator="all")

NEWSLETTER = register(
    Resource(
        name="newsletter",
        model="activities.Newsletter",
        actions={"view": _EDITORS, "change": _EDITORS},
        in_matrix=False,
    )
)
