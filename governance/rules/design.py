"""Who keeps the facts of an organisation: its lead, and the coordination team. Not in the mission's matrix."""

from governance.rules.organisation import OWN_LEAD_EVERYWHERE, own_organisation
from nss_portal.core.access import Resource, cells, register

register(
    Resource(
        name="organisation_facts",
        model="governance.Organisation",
        actions={
            "change": cells(**OWN_LEAD_EVERYWHERE, coordinator="all"),
            "keep_all": cells(coordinator="all"),
        },
        scopes={"own": own_organisation},
        in_matrix=False,
    )
)
