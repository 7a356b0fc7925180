"""Who votes on, proposes and decides the agenda of a period: the row of the matrix. Who sees it: `version_q`."""

from nss_portal.core.access import Resource, cells, register

PERIOD = register(
    Resource(
        name="agenda_period",
        model="activities.AgendaPeriod",
        actions={
            "adopt": cells(team="vote", ministry="vote", partner="vote", steering="decide", coordinator="propose")
        },
    )
)
