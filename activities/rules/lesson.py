"""Who may do what with lessons: the rows of the matrix."""

from django.db.models import Q

from activities.models.lesson import LessonState
from cities.models.bottleneck import Sharing
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _own(standing: Standing, organisations: Organisations) -> Q:
    """Lessons about the person's own organisation, and those that it wrote about another."""
    return Q(organisation__in=organisations) | Q(author_organisation__in=organisations)


def _own_lead(standing: Standing, organisations: Organisations) -> Q:
    """Only who leads the organisation that the lesson is about lets it go."""
    return Q(organisation__in=organisations)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Every lesson that is not another organisation's draft."""
    return ~Q(state=LessonState.DRAFT) | _own(standing, organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(sharing=Sharing.PUBLISHED)


LESSON = register(
    Resource(
        name="lesson",
        model="activities.Lesson",
        actions={
            "view": cells(
                visitor="published",
                member="own",
                team="own+network",
                advisor="network",
                signatory="network",
                ministry="own+network",
                partner="own+published",
                desk="network",
                publisher="all",
                steering="network",
                coordinator="network",
            ),
            "write": cells(
                member="own",
                team="own",
                advisor="own",
                ministry="own",
                partner="own",
                desk="own",
                publisher="all",
                coordinator="own",
            ),
            "consent": cells(
                member="own-lead", team="own-lead", ministry="own-lead", partner="own-lead", desk="own-lead"
            ),
            "publish": cells(publisher="all"),
        },
        scopes={"own": _own, "own-lead": _own_lead, "all": _all, "network": _network, "published": _published},
    )
)
