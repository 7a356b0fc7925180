"""Whether somebody may make a record in the name of an organisation: there is no record yet to ask about."""

from django.utils.translation import gettext as _

from governance.models import Organisation
from nss_portal.core.access import Actor, NotAllowed, granted, standing_of


def may_for(actor: Actor, resource: str, action: str, organisation: Organisation) -> bool:
    """Say whether the actor may do `action` with records that belong to this organisation."""
    standing = standing_of(actor)
    if standing.is_system:
        return True
    words = granted(actor, resource, action)
    return (
        "all" in words
        or organisation.pk in words.get("own", frozenset())
        or organisation.pk in words.get("own-lead", frozenset()) & standing.lead_of
        or ("mandate" in words and organisation.pk in standing.mandates)
    )


def require_for(actor: Actor, resource: str, action: str, organisation: Organisation) -> None:
    """Raise NotAllowed unless `may_for` says yes."""
    if not may_for(actor, resource, action, organisation):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
