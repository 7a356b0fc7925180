"""Who may see, change and sign what of programmes: the rows of the matrix."""

from django.db.models import Q

from activities.models.programme_partner import Answer, ProgrammePartner
from cities.models.bottleneck import Sharing
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _organiser(standing: Standing, organisations: Organisations) -> Q:
    """Programmes that the person's organisation leads."""
    return Q(organisation__in=organisations)


def _own_party(standing: Standing, organisations: Organisations) -> Q:
    """Programmes in which the person's organisation is a partner, or is asked to be one."""
    parts = ProgrammePartner.objects.filter(organisation__in=organisations, left_on__isnull=True)
    return Q(pk__in=parts.values("programme")) | _organiser(standing, organisations)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything but the drafts of others."""
    return ~Q(sharing=Sharing.DRAFT) | _organiser(standing, standing.organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing=Sharing.PUBLISHED)


def _signing_party(standing: Standing, organisations: Organisations) -> Q:
    """Covenants of programmes in which the person's organisation said yes."""
    parts = ProgrammePartner.objects.filter(
        organisation__in=organisations, left_on__isnull=True, answer=Answer.YES
    )
    return Q(programme__in=parts.values("programme"))


PROGRAMME = register(
    Resource(
        name="programme",
        model="activities.Programme",
        actions={
            "view": cells(
                visitor="published",
                member="published",
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
        },
        scopes={
            "organiser": _organiser,
            "own-party": _own_party,
            "all": _all,
            "network": _network,
            "published": _published,
        },
    )
)

COVENANT = register(
    Resource(
        name="covenant",
        model="activities.Covenant",
        actions={"sign": cells(signatory="own-party")},
        scopes={"own-party": _signing_party},
    )
)
