"""Whether somebody may make a record in the name of an organisation: there is no record yet to ask about."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from governance.models import Organisation
from nss_portal.core.access import Actor, NotAllowed, granted, standing_of
from nss_portal.core.access.resources import NARROWED
from nss_portal.core.time import today


def may_for(actor: Actor, resource: str, action: str, organisation: Organisation) -> bool:
    """Say whether the actor may do `action` with records that belong to this organisation."""
    standing = standing_of(actor)
    if standing.is_system:
        return True
    words = granted(actor, resource, action)
    return "all" in words or any(organisation.pk in words.get(word, ()) for word in NARROWED)


def require_for(actor: Actor, resource: str, action: str, organisation: Organisation) -> None:
    """Raise NotAllowed unless `may_for` says yes."""
    if not may_for(actor, resource, action, organisation):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))


def organisations_for(actor: Actor, resource: str, action: str) -> QuerySet[Organisation]:
    """Give the organisations in whose name the actor may make a record, those with 'all' only their own.

    What went on in another one is left out: new records are made in the name of the successor.
    """
    standing = standing_of(actor)
    words = granted(actor, resource, action)
    keys: set[int] = set()
    for word, held in words.items():
        keys |= held if word != "all" else standing.organisations
    return Organisation.objects.filter(pk__in=keys).existing_on(today())
