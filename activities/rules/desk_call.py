"""Who sees and changes joint applications. They are not in the matrix: interest is shown as a question is asked.

An application that is open to others is seen by municipalities and by who works for all of them; a closed one by
its parties and the desk. Visitors see none: who applies for what is nobody's business before it is granted.
"""

from django.db.models import Q

from activities.models.desk_call import ApplicationParty, ApplicationState, PartyState
from nss_portal.core.access import Resource, Standing, cells, register
from nss_portal.core.access.standing import Organisations


def _own(standing: Standing, organisations: Organisations) -> Q:
    """Applications that the own organisation leads, or is asked for or takes part in."""
    parties = ApplicationParty.objects.filter(organisation__in=organisations).exclude(state=PartyState.LEFT)
    return Q(organisation__in=organisations) | Q(pk__in=parties.order_by().values("application"))


def _led(standing: Standing, organisations: Organisations) -> Q:
    return Q(organisation__in=organisations)


def _network(standing: Standing, organisations: Organisations) -> Q:
    """What is open to others, and what was granted."""
    return Q(is_open=True, state=ApplicationState.FORMING) | Q(state=ApplicationState.GRANTED)


APPLICATION = register(
    Resource(
        name="joint_application",
        model="activities.JointApplication",
        actions={
            "view": cells(
                member="own+network",
                team="own+network",
                advisor="network",
                signatory="own+network",
                ministry="own+network",
                partner="own",
                desk="all",
                publisher="network",
                steering="network",
                coordinator="all",
            ),
            "change": cells(member="led", team="led"),
            "join": cells(member="own+network", team="own+network", ministry="own", partner="own"),
        },
        scopes={"own": _own, "led": _led, "network": _network},
        in_matrix=False,
    )
)
