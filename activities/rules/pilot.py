"""Who sees and changes pilots and twinnings. They are not in the matrix; their rows follow from others in it.

A pilot is to cities what a programme is, only smaller: whoever sees a programme in the same position sees a pilot,
and whoever leads it changes it. To follow one is to join what others began, as one supports a proposition; only
municipalities follow. A twinning is of its two cities and whoever leads the pilot; the network sees those that
were agreed, as it sees the pilot; visitors see none, only that there is one.
"""

from django.db.models import Q

from activities.models import Pilot, PilotPart, Twinning
from activities.models.pilot import PilotPartState
from activities.models.twinning import TwinningState
from cities.models.bottleneck import Sharing
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

SHARED = (Sharing.NETWORK, Sharing.PUBLISHED)
AGREED = (TwinningState.AGREED, TwinningState.FINISHED, TwinningState.ENDED)


def _organiser(standing: Standing, organisations: Organisations) -> Q:
    """Pilots that the person's organisations lead."""
    return Q(organisation__in=organisations)


def _own_party(standing: Standing, organisations: Organisations) -> Q:
    """Pilots in which the person's organisation takes part or is asked to, or that it follows."""
    parts = PilotPart.objects.filter(organisation__in=organisations).exclude(state=PilotPartState.LEFT)
    following = Twinning.objects.filter(
        follower__in=organisations, state__in=[TwinningState.ASKED, TwinningState.AGREED]
    )
    return (
        Q(pk__in=parts.order_by().values("pilot"))
        | Q(pk__in=following.order_by().values("pilot"))
        | _organiser(standing, organisations)
    )


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything but the drafts of others."""
    return ~Q(sharing=Sharing.DRAFT) | _organiser(standing, standing.organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing__in=SHARED)


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing=Sharing.PUBLISHED)


PILOT = register(
    Resource(
        name="pilot",
        model=Pilot._meta.label,
        actions={
            "view": cells(
                visitor="published",
                member="own-party+published",
                team="own-party+network",
                advisor="network",
                signatory="own-party+network",
                ministry="own-party+network",
                partner="own-party+published",
                desk="network",
                publisher="network",
                steering="all",
                coordinator="all",
            ),
            "change": cells(
                member="organiser",
                team="organiser",
                ministry="organiser",
                partner="organiser",
                desk="organiser",
                coordinator="all",
            ),
            "join": cells(member="own", team="own", ministry="own", partner="own"),
            "follow": cells(member="own", team="own"),
        },
        scopes={
            "organiser": _organiser,
            "own-party": _own_party,
            "own": _own_party,
            "all": _all,
            "network": _network,
            "published": _published,
        },
        in_matrix=False,
    )
)


def _both(standing: Standing, organisations: Organisations) -> Q:
    """Twinnings of the person's own city, on either side, or of a pilot that it leads."""
    return Q(follower__in=organisations) | _giving(standing, organisations)


def _giving(standing: Standing, organisations: Organisations) -> Q:
    return Q(city__in=organisations) | Q(pilot__organisation__in=organisations)


def _following(standing: Standing, organisations: Organisations) -> Q:
    return Q(follower__in=organisations)


def _agreed(standing: Standing, organisations: Organisations) -> Q:
    """Those that were agreed, of pilots that are shared."""
    return Q(state__in=AGREED, pilot__sharing__in=SHARED)


TWINNING = register(
    Resource(
        name="twinning",
        model=Twinning._meta.label,
        actions={
            "view": cells(
                member="both",
                team="both+network",
                advisor="network",
                signatory="both+network",
                ministry="both+network",
                partner="both",
                desk="network",
                publisher="network",
                steering="network",
                coordinator="all",
            ),
            "change": cells(member="both", team="both"),
            "decide": cells(member="giving", team="giving"),
            "report": cells(member="following", team="following"),
        },
        scopes={"both": _both, "giving": _giving, "following": _following, "network": _agreed},
        in_matrix=False,
    )
)
