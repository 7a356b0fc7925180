"""Who reviews rights, decides on requests of organisations, and breaks the glass; all follow from other rows.

The review and the requests follow from `account, invite`; an emergency role is given by who decides on variants.
"""

from django.db.models import Q

from governance.rules.organisation import OWN_LEAD_EVERYWHERE, of_own_organisation
from nss_portal.core.access import Resource, Role, Standing, cells, register
from nss_portal.core.access.standing import Organisations

EVERY_MEMBER = {role.value: "participant" for role in Role if role != Role.VISITOR}


def _oneself(standing: Standing, organisations: Organisations) -> Q:
    """The person whom it is about."""
    return Q(user=standing.user_id) & Q(user__isnull=False)


register(
    Resource(
        name="rights_review",
        model="governance.RightsReview",
        actions={
            "view": cells(**OWN_LEAD_EVERYWHERE, coordinator="all"),
            "overview": cells(coordinator="all"),
        },
        scopes={"own": of_own_organisation},
        in_matrix=False,
    )
)
register(
    Resource(
        name="sign_up",
        model="governance.SignUp",
        view="decide",
        actions={"decide": cells(**OWN_LEAD_EVERYWHERE, coordinator="all")},
        scopes={"own": of_own_organisation},
        in_matrix=False,
    )
)
register(
    Resource(
        name="emergency_role",
        model="governance.EmergencyRole",
        actions={
            "view": cells(**{**EVERY_MEMBER, "steering": "all", "coordinator": "all"}),
            "give": cells(steering="all"),
            "end": cells(**{**EVERY_MEMBER, "steering": "all", "coordinator": "all"}),
        },
        scopes={"participant": _oneself},
        in_matrix=False,
    )
)
