"""Who may see, send and answer signals."""

from functools import lru_cache

from django.db.models import Q

from cities.models import SignalAddressee, SignalCosigner
from cities.models.signal import READING_STATES, Audience, SignalState
from cities.selectors_signals import held_q
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations
from nss_portal.core.time import today

SENT = ~Q(state=SignalState.DRAFT)


def own(standing: Standing, organisations: Organisations) -> Q:
    """Signals of the person's organisations, and those that these co-sign or are asked to co-sign."""
    return _own(organisations)


# The same condition for the same organisations, so that rows of the matrix that open the same ask it once.
@lru_cache(maxsize=1024)
def _own(organisations: Organisations) -> Q:
    cosigned = SignalCosigner.objects.filter(organisation__in=organisations, state__in=READING_STATES)
    return Q(organisation__in=organisations) | Q(pk__in=cosigned.values("signal"))


def everything(standing: Standing, organisations: Organisations) -> Q:
    """All but the drafts of others."""
    return SENT | own(standing, organisations)


def network(standing: Standing, organisations: Organisations) -> Q:
    """What was sent: its readers are the network, or everybody."""
    return SENT


def published(standing: Standing, organisations: Organisations) -> Q:
    """What was sent in public, and what a partner's organisation (a province) had on its desk and referred on."""
    return _published(organisations & standing.roles.get(Role.PARTNER, frozenset()))


@lru_cache(maxsize=1024)
def _published(organisations: Organisations) -> Q:
    open_to_all = SENT & Q(audience=Audience.PUBLISHED)
    if not organisations:
        return open_to_all
    # Whoever referred a signal on has to see what became of it; taking part in it ended there.
    had = SignalAddressee.objects.filter(organisation__in=organisations, until__isnull=False)
    return open_to_all | (SENT & Q(pk__in=had.values("signal")))


def addressed(standing: Standing, organisations: Organisations) -> Q:
    """What is addressed to the person's organisations today, or to those whose task they took over."""
    held = SignalAddressee.objects.filter(held_q(organisations, today()), until__isnull=True)
    return SENT & Q(pk__in=held.values("signal"))


SIGNAL = register(
    Resource(
        name="signal",
        model="cities.Signal",
        actions={
            "view": cells(
                visitor="published",
                member="published",
                team="own+network",
                advisor="network",
                signatory="network",
                ministry="network",
                partner="published",
                desk="network",
                publisher="network",
                steering="all",
                coordinator="all",
            ),
            "send": cells(team="own", coordinator="all"),
            "respond": cells(ministry="addressed", partner="addressed"),
        },
        scopes={
            "own": own,
            "all": everything,
            "network": network,
            "published": published,
            "addressed": addressed,
        },
    )
)
