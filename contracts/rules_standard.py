"""Who may read, comment on, propose and decide on the standard approach: the rows of the matrix."""

from django.db.models import Q

from contracts.models.standard import PUBLIC, StandardState
from contracts.models.standard_change import StandardChange, StandardComment
from nss_portal.core.access import Actor, Resource, Role, Standing, cells, granted, standing_of
from nss_portal.core.access.resources import EVERYTHING, NOTHING, register
from nss_portal.core.access.standing import Organisations


def _published(standing: Standing, organisations: Organisations) -> Q:
    return Q(state__in=PUBLIC)


def _all(standing: Standing, organisations: Organisations) -> Q:
    """Everything that was proposed; a draft is the coordination team's own until then."""
    return EVERYTHING if standing.has(Role.COORDINATOR) else ~Q(state=StandardState.DRAFT)


def _own(standing: Standing, organisations: Organisations) -> Q:
    """Versions of which the own organisation said something."""
    changed = StandardChange.objects.filter(organisation__in=organisations).order_by().values("version")
    said = StandardComment.objects.filter(organisation__in=organisations).order_by().values("version")
    return Q(pk__in=changed) | Q(pk__in=said)


COMMENTERS = (
    "member",
    "team",
    "advisor",
    "signatory",
    "ministry",
    "partner",
    "desk",
    "publisher",
    "steering",
    "coordinator",
)

STANDARD = register(
    Resource(
        name="contract_standard",
        model="contracts.StandardVersion",
        actions={
            "view": cells(
                visitor="published",
                member="published",
                team="all",
                advisor="all",
                signatory="all",
                ministry="all",
                partner="published",
                desk="all",
                publisher="all",
                steering="all",
                coordinator="all",
            ),
            # In whose name one speaks; of which versions follows from what one sees.
            "comment": cells(**dict.fromkeys(COMMENTERS, "own")),
            "publish": cells(steering="decide", coordinator="propose"),
        },
        scopes={"own": _own, "published": _published, "all": _all},
    )
)


def reads_open(actor: Actor) -> bool:
    """Say whether somebody reads versions that are not in force, with what is said of them."""
    return standing_of(actor).is_system or "all" in granted(actor, "contract_standard", "view")


def proposes(actor: Actor) -> bool:
    """Say whether somebody keeps the approach: takes proposals over, and proposes versions."""
    return standing_of(actor).is_system or "propose" in granted(actor, "contract_standard", "publish")


def decides(actor: Actor) -> bool:
    """Say whether somebody decides on versions."""
    return "decide" in granted(actor, "contract_standard", "publish")


def voice_q(actor: Actor) -> Q:
    """Give the comments and proposals that somebody reads: all, or those of the own organisations."""
    if reads_open(actor):
        return EVERYTHING
    own = standing_of(actor).organisations
    return Q(organisation__in=own) if own else NOTHING
