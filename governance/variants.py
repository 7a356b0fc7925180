"""Which variant is in force, and so which organisation coordinates."""

from datetime import date

from django.db.models import Q

from governance.models.variant import VariantPeriod


def coordinating_organisation_id(day: date) -> int | None:
    """Give the primary key of the organisation that coordinates on a day, or None before the first period."""
    current = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return VariantPeriod.objects.filter(current).values_list("coordinating_organisation_id", flat=True).first()
