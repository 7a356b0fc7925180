"""Who may change knowledge products and news. Viewing has no row: what is published is public."""

from django.db.models import Q

from activities.models.knowledge import PublishingState
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _own(standing: Standing, organisations: Organisations) -> Q:
    return Q(organisation__in=organisations)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything but the drafts of others."""
    return ~Q(state=PublishingState.DRAFT) | _own(standing, standing.organisations)


KNOWLEDGE_PRODUCT = register(
    Resource(
        name="knowledge_product",
        model="activities.KnowledgeProduct",
        actions={
            "change": cells(
                member="own",
                team="own",
                advisor="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="all",
                coordinator="all",
            )
        },
        scopes={"own": _own, "all": _all},
    )
)
NEWS = register(
    Resource(
        name="news",
        model="activities.News",
        actions={"change": cells(publisher="all", coordinator="all")},
        # The two who bring news work on it together, drafts included.
    )
)
