"""Two people edit one record: where it was before other parts of the portal came to need it."""

from nss_portal.core.editing import EditConflict, apply_changes, locked, readable

__all__ = ["EditConflict", "apply_changes", "locked", "readable"]
