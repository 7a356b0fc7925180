"""Who sees meetings and who runs them: the rows of the matrix."""

from typing import Any

from django.db.models import Q

from governance.models.meeting import Meeting, MeetingState
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations

BOTH = "participant+published"


def _participant(standing: Standing, organisations: Organisations) -> Q:
    """Meetings in which the person takes part."""
    through: Any = Meeting.participants.through
    taking = through._default_manager.filter(user_id=standing.user_id)
    return Q(pk__in=taking.values("meeting_id")) | _chair(standing, organisations)


def _chair(standing: Standing, organisations: Organisations) -> Q:
    """Meetings that the person chairs."""
    return Q(chair=standing.user_id) & Q(chair__isnull=False)


MEETING = register(
    Resource(
        name="meeting",
        model="governance.Meeting",
        actions={
            "view": cells(
                visitor="published",
                member=BOTH,
                team=BOTH,
                advisor=BOTH,
                signatory=BOTH,
                ministry=BOTH,
                partner=BOTH,
                desk=BOTH,
                publisher=BOTH,
                steering="all",
                coordinator="all",
            ),
            "change": cells(steering="organiser", coordinator="all"),
        },
        scopes={
            "participant": _participant,
            "organiser": _chair,
            "published": lambda standing, organisations: Q(state=MeetingState.ADOPTED, is_published=True),
        },
    )
)
