"""What every page needs."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """Give the base template its settings."""
    return {"demo_mode": settings.NSS_DEMO}
