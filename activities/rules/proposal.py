"""Who sees, writes, supports and decides on proposals for the agenda.

The matrix speaks of them in the rows of activities (propose, support_proposal): those rows count here as they
stand. It has no row for seeing them. What is proposed is read by everybody who logs in: who may support it has to
read it. Visitors see what came of it on the agenda.
"""

from django.db.models import Q

from activities.models.proposal import SHARED, ProposalState
from activities.rules.activity import ACTIVITY
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations

OTHERS = [role.value for role in Role if role not in (Role.VISITOR, Role.COORDINATOR)]


def own(standing: Standing, organisations: Organisations) -> Q:
    """Proposals of the person's organisations."""
    return Q(organisation__in=organisations)


def shared(standing: Standing, organisations: Organisations) -> Q:
    """What is proposed, and what became of it."""
    return Q(state__in=SHARED)


def everything(standing: Standing, organisations: Organisations) -> Q:
    """All that are not drafts of others."""
    return ~Q(state=ProposalState.DRAFT) | own(standing, standing.organisations)


PROPOSAL = register(
    Resource(
        name="agenda_proposal",
        model="activities.AgendaProposal",
        actions={
            "view": cells(**dict.fromkeys(OTHERS, "network"), coordinator="all"),
            "change": ACTIVITY.actions["propose"],
            "support": ACTIVITY.actions["support_proposal"],
            "decide": cells(coordinator="all"),
        },
        scopes={"own": own, "network": shared, "all": everything},
        in_matrix=False,
    )
)
