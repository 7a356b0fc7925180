"""Who enters a workspace: those who take part, and the coordination team where it leads the activity itself."""

from functools import lru_cache

from django.db.models import Q

from activities.models import Participation
from activities.models.activity import TAKING_PART, ActivityState
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def participant(standing: Standing, organisations: Organisations) -> Q:
    """Workspaces of activities in which the person has a place."""
    return _of_person(standing.user_id)


@lru_cache(maxsize=1024)
def _of_person(user_id: int | None) -> Q:
    there = Participation.objects.filter(user=user_id, state__in=TAKING_PART).exclude(
        activity__state=ActivityState.DRAFT
    )
    return Q(activity__in=there.order_by().values("activity"))


def organiser(standing: Standing, organisations: Organisations) -> Q:
    """Workspaces of activities that the person's organisations lead."""
    return Q(activity__organisation__in=organisations)


_PARTICIPANTS = cells(
    member="participant",
    team="participant",
    advisor="participant",
    signatory="participant",
    ministry="participant",
    partner="participant",
    desk="participant",
    publisher="participant",
    steering="participant",
    coordinator="participant+organiser",
)

WORKSPACE = register(
    Resource(
        name="activity_workspace",
        model="activities.Workspace",
        actions={"view": _PARTICIPANTS, "contribute": _PARTICIPANTS},
        scopes={"participant": participant, "organiser": organiser},
    )
)
