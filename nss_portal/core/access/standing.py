"""Standing: which roles a person holds, through which organisations, at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The columns of the permission matrix, in its order."""

    VISITOR = "visitor"
    MEMBER = "member"
    TEAM = "team"
    ADVISOR = "advisor"
    SIGNATORY = "signatory"
    MINISTRY = "ministry"
    PARTNER = "partner"
    DESK = "desk"
    PUBLISHER = "publisher"
    STEERING = "steering"
    COORDINATOR = "coordinator"


Organisations = frozenset[int]


@dataclass(frozen=True)
class Standing:
    """What the matrix needs to know of somebody; rights of several roles add up.

    `roles` maps a role to the primary keys of the organisations through which it is held, `lead_of` are
    those the person leads, `advised` the cities' organisations a City Advisor is tied to, `mandates` those
    that let this person's organisation act for them, `levels` an organisation to its level of involvement.
    """

    user_id: int | None = None
    roles: Mapping[Role, Organisations] = field(default_factory=dict)
    lead_of: Organisations = frozenset()
    advised: Organisations = frozenset()
    mandates: Organisations = frozenset()
    levels: Mapping[int, str] = field(default_factory=dict)
    is_system: bool = False

    @property
    def organisations(self) -> Organisations:
        """All organisations on whose behalf the person may act."""
        return frozenset().union(*self.roles.values())

    def has(self, *roles: Role) -> bool:
        """Say whether at least one of the roles is held."""
        return any(role in self.roles for role in roles)


VISITOR = Standing(roles={Role.VISITOR: frozenset()})
SYSTEM = Standing(is_system=True)


@dataclass(frozen=True)
class LinkActor:
    """Somebody without an account who came by a personal link; the link is the right, for one thing only."""

    label: str
    organisation_id: int | None
    purpose: str
    pk: None = None

    @property
    def standing(self) -> Standing:
        return VISITOR


Actor = object  # a governance.User, an AnonymousUser, a LinkActor: whoever `standing_of` understands


def standing_of(actor: Actor) -> Standing:
    """Give the standing of an actor; whoever has none (an anonymous user, None) is a visitor."""
    standing = getattr(actor, "standing", None)
    return standing if isinstance(standing, Standing) else VISITOR
