"""Which variant is in force, and so which organisation coordinates."""

from datetime import date

from governance.models.membership import current_q
from governance.models.variant import VariantPeriod


def coordinating_organisation_id(day: date) -> int | None:
    """Give the primary key of the organisation that coordinates on a day, or None before the first period."""
    return (
        VariantPeriod.objects.filter(current_q(day)).values_list("coordinating_organisation_id", flat=True).first()
    )
