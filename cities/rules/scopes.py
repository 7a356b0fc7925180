"""Words of the matrix for records that an organisation owns and shares: which records each word means."""

from django.db.models import Q

from cities.models.bottleneck import Sharing
from nss_portal.core.access import Standing
from nss_portal.core.access.standing import Organisations


def own(standing: Standing, organisations: Organisations) -> Q:
    """Records of the person's own organisations."""
    return Q(organisation__in=organisations)


def network(standing: Standing, organisations: Organisations) -> Q:
    """What its owner shared with the network, or with everybody."""
    return Q(sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])


def published(standing: Standing, organisations: Organisations) -> Q:
    """What its owner shared with everybody."""
    return Q(sharing=Sharing.PUBLISHED)


def invited(standing: Standing, organisations: Organisations) -> Q:
    """What the person's organisations were invited to read."""
    return Q(invited__in=organisations)
