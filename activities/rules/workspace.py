"""Who enters a workspace: those who take part, and the coordination team where it leads what it belongs to."""

from django.db.models import Q

from activities.selectors.insiders import inside
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def participant(standing: Standing, organisations: Organisations) -> Q:
    """Workspaces in which the person takes part: by a place of its own, or for a partner of a programme."""
    return inside(standing.user_id, organisations)


def organiser(standing: Standing, organisations: Organisations) -> Q:
    """Workspaces of activities and programmes that the person's organisations lead."""
    return (
        Q(activity__organisation__in=organisations)
        | Q(programme__organisation__in=organisations)
        | Q(group__programme__organisation__in=organisations)
    )


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
