"""Who may ask for a report: the row of the matrix."""

from django.db.models import Q

from nss_portal.core.access import Resource, Standing, cells
from nss_portal.core.access.resources import register
from nss_portal.core.access.standing import Organisations


def _of_own_organisation(standing: Standing, organisations: Organisations) -> Q:
    """Reports about what belongs to the organisation."""
    return Q(organisations__overlap=sorted(organisations))


register(
    Resource(
        name="report",
        model="core.Report",
        actions={
            "request": cells(
                member="own",
                team="own",
                advisor="advised",
                signatory="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="all",
                steering="all",
                coordinator="all",
            )
        },
        scopes={"own": _of_own_organisation, "advised": _of_own_organisation},
    )
)
