"""What a service raises when somebody asks for what is not theirs to do."""

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The actor may see the record but not do this; becomes a 403 with the reason on the page."""
