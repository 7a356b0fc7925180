"""Who asks, sees and answers questions at the desk."""

from django.db.models import Q

from activities.models.desk_question import DeskInvite
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

IS_RECEIVED = Q(verified_at__isnull=False)


def _own(standing: Standing, organisations: Organisations) -> Q:
    """What the person's own organisation asked."""
    return Q(organisation__in=organisations)


def _addressed(standing: Standing, organisations: Organisations) -> Q:
    """What is with the person's organisation, and what it was asked as a city that may have done this."""
    invited = DeskInvite.objects.filter(organisation__in=organisations).order_by()
    return IS_RECEIVED & (Q(holder__in=organisations) | Q(pk__in=invited.values("question")))


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(published_at__isnull=False)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything that counts as received: its asker confirmed the address."""
    return IS_RECEIVED | _own(standing, standing.organisations)


QUESTION = register(
    Resource(
        name="desk_question",
        model="activities.DeskQuestion",
        actions={
            "ask": cells(
                visitor="form",
                member="own",
                team="own",
                advisor="own",
                signatory="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="own",
                steering="own",
                coordinator="own",
            ),
            "view": cells(
                visitor="published",
                member="own+published",
                team="own+published",
                advisor="own+published",
                signatory="own+published",
                ministry="own+addressed",
                partner="own+addressed",
                desk="all",
                publisher="all",
                steering="published",
                coordinator="all",
            ),
            "answer": cells(
                member="addressed",
                team="addressed",
                advisor="addressed",
                ministry="addressed",
                partner="addressed",
                desk="all",
                publisher="all",
                coordinator="all",
            ),
        },
        scopes={"own": _own, "addressed": _addressed, "published": _published, "all": _all},
    )
)
