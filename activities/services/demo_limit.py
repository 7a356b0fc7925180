"""An illustrative limit to the hours that are asked of a city, marked as made up."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from activities.models.limit import HoursLimit
from nss_portal.core.time import today

HOURS = {"small": Decimal(72), "national": Decimal(120)}


@transaction.atomic
def load_demo(scale: str, seed: int) -> list[str]:
    """Set a limit from the first day of this year, where there is none."""
    if HoursLimit.objects.exists():
        return ["demo: the limit to the hours is there already"]
    HoursLimit.objects.create(
        hours=HOURS[scale],
        valid_from=date(today().year, 1, 1),
        reason="Een projectleider heeft naast het eigen werk ongeveer een dag per maand voor het netwerk.",
        is_illustrative=True,
    )
    return ["demo: limit to the hours 1"]
