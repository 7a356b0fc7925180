"""Who may see and change Expressions of Interest, see their analysis, and run a call."""

from django.db.models import Q

from cities.models.bottleneck import Sharing
from cities.models.eoi import CallState
from cities.rules.scopes import own
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _handed_in(standing: Standing, organisations: Organisations) -> Q:
    """All that are not drafts of others."""
    return Q(submitted_at__isnull=False)


def _network(standing: Standing, organisations: Organisations) -> Q:
    """What was handed in and its city shares with the network."""
    return Q(submitted_at__isnull=False, sharing=Sharing.NETWORK)


SUBMISSION = register(
    Resource(
        name="eoi_submission",
        model="cities.EoiSubmission",
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
            "change": cells(member="own", team="own", coordinator="mandate"),
        },
        scopes={"own": own, "network": _network, "all": _handed_in},
    )
)


def _analysis_all(standing: Standing, organisations: Organisations) -> Q:
    """A call that is still a draft has nothing to analyse."""
    return ~Q(state=CallState.DRAFT)


def _analysis_published(standing: Standing, organisations: Organisations) -> Q:
    return Q(analysis_published=True) & ~Q(state=CallState.DRAFT)


ANALYSIS = register(
    Resource(
        name="eoi_analysis",
        model="cities.EoiAnalysis",
        actions={
            "view": cells(
                visitor="published",
                member="published",
                team="all",
                advisor="all",
                signatory="all",
                ministry="all",
                partner="published",
                desk="all",
                publisher="all",
                steering="all",
                coordinator="all",
            )
        },
        scopes={"all": _analysis_all, "published": _analysis_published},
    )
)


def _announced(standing: Standing, organisations: Organisations) -> Q:
    return ~Q(state=CallState.DRAFT)


# A call is an announcement that everybody reads; running it is the work of the coordination team, which the
# matrix of the mission does not name.
CALL = register(
    Resource(
        name="eoi_call",
        model="cities.EoiCall",
        actions={
            "view": cells(**{role.value: "published" for role in Role}),
            "manage": cells(coordinator="all"),
        },
        scopes={"published": _announced},
        in_matrix=False,
    )
)
