"""Who may do what: one engine for the matrix in `tests/permissions.csv`.

A resource says, per action and role, one of the matrix's words ('own', 'network', …), and what each
word means for its records, as a `Q`. Lists, pages, exports and checks on one record all follow from that.
"""

from nss_portal.core.access.errors import NotAllowed
from nss_portal.core.access.resources import (
    Resource,
    action_q,
    allowed,
    cells,
    granted,
    may,
    register,
    require,
    resources,
    visible_q,
)
from nss_portal.core.access.standing import VISITOR, Actor, LinkActor, Role, Standing, standing_of

__all__ = [
    "VISITOR",
    "Actor",
    "LinkActor",
    "NotAllowed",
    "Resource",
    "Role",
    "Standing",
    "action_q",
    "allowed",
    "cells",
    "granted",
    "may",
    "register",
    "require",
    "resources",
    "standing_of",
    "visible_q",
]
