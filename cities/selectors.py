"""Reads across the cities app."""

from collections.abc import Iterable

from cities.models import Involvement


def current_levels(organisations: Iterable[int]) -> dict[int, str]:
    """Give the present level of involvement per organisation (primary keys); those without one are left out."""
    found = Involvement.objects.filter(
        valid_to__isnull=True, municipality__organisation__in=list(organisations)
    ).values_list("municipality__organisation_id", "level")
    return dict(found)
