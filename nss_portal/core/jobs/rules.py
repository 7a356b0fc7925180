"""Who may look at jobs and mails, and who keeps the terms of records.

They are not in the matrix of the mission, since they are about the running of the portal. Whoever asked for a
job sees how far it is; coordinators see and mend all of it.
"""

from django.db.models import Q

from nss_portal.core.access import Resource, Role, Standing, cells
from nss_portal.core.access.resources import register
from nss_portal.core.access.standing import Organisations

_MEMBERS = {role.value: "own" for role in Role if role not in (Role.VISITOR, Role.COORDINATOR)}


def _own(standing: Standing, _organisations: Organisations) -> Q:
    return Q(actor_id=standing.user_id, actor_id__isnull=False)


register(
    Resource(
        name="job",
        model="core.Job",
        actions={"view": cells(**_MEMBERS, coordinator="all"), "manage": cells(coordinator="all")},
        scopes={"own": _own},
        in_matrix=False,
    )
)
register(
    Resource(
        name="mail",
        model="core.OutgoingMail",
        actions={"view": cells(coordinator="all"), "manage": cells(coordinator="all")},
        in_matrix=False,
    )
)
register(
    Resource(
        name="retention",
        model="core.RetentionHold",
        actions={"view": cells(coordinator="all"), "manage": cells(coordinator="all")},
        in_matrix=False,
    )
)
