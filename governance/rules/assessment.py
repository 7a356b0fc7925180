"""Who may hold an assessment, answer one and see what came of it: the rows of the matrix."""

from django.db.models import Q

from governance.models.assessment import AssessmentState, Participant, ResultSharing
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

CLOSED = Q(state=AssessmentState.CLOSED)


def _organiser(standing: Standing, organisations: Organisations) -> Q:
    """Assessments that the person's organisation holds."""
    return Q(organisation__in=organisations)


def _participant(standing: Standing, organisations: Organisations) -> Q:
    """Assessments in which the person is asked for an answer, once it is closed."""
    asked = Participant.objects.filter(user=standing.user_id)
    return CLOSED & Q(pk__in=asked.values("assessment"))


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything but the drafts of others."""
    return ~Q(state=AssessmentState.DRAFT) | _organiser(standing, standing.organisations)


ASSESSMENT = register(
    Resource(
        name="assessment",
        model="governance.Assessment",
        view="view_result",
        actions={
            "manage": cells(
                team="organiser",
                ministry="organiser",
                partner="organiser",
                desk="organiser",
                coordinator="all",
            ),
            "answer": cells(
                visitor="link",
                member="link",
                team="link",
                advisor="link",
                signatory="link",
                ministry="link",
                partner="link",
                desk="link",
                publisher="link",
                steering="link",
                coordinator="link",
            ),
            "view_result": cells(
                visitor="published",
                member="participant+published",
                team="participant+network",
                advisor="network",
                signatory="network",
                ministry="participant+network",
                partner="participant+published",
                desk="network",
                publisher="network",
                steering="all",
                coordinator="all",
            ),
        },
        scopes={
            "organiser": _organiser,
            "participant": _participant,
            "all": _all,
            "network": lambda standing, organisations: (
                CLOSED & Q(sharing__in=[ResultSharing.NETWORK, ResultSharing.PUBLISHED])
            ),
            "published": lambda standing, organisations: CLOSED & Q(sharing=ResultSharing.PUBLISHED),
        },
    )
)
