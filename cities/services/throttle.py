"""The count of public forms, where it was before other parts of the portal came to need it."""

from nss_portal.core.throttle import too_often

__all__ = ["too_often"]
