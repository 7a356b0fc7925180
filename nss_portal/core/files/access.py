"""Who sees a file: whoever sees the record it belongs to."""

from typing import Any

from django.apps import apps

from nss_portal.core.access import Actor, standing_of
from nss_portal.core.models import StoredFile


def may_open(actor: Actor, stored: StoredFile) -> bool:
    """Say whether the actor may open a file: by its record's `visible_to`, or, still without one, as its sender
    or whoever took it over.

    A record whose model has no `visible_to`, or that is gone, opens for nobody but the portal itself.
    """
    standing = standing_of(actor)
    if standing.is_system:
        return True
    if not stored.owner_type:
        return standing.user_id is not None and standing.user_id == (stored.keeper_id or stored.uploaded_by_id)
    try:
        model: Any = apps.get_model(stored.owner_type)
    except LookupError:
        return False
    records = model._default_manager.all()
    if not hasattr(records, "visible_to"):
        return False
    return bool(records.visible_to(actor).filter(pk=stored.owner_id).exists())
