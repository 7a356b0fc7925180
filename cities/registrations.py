"""What the cities app adds to the floors below it."""

from cities.selectors import current_levels
from cities.services.reference import load_reference
from nss_portal.core.registry import level_sources, reference_loaders

level_sources.register(current_levels)
reference_loaders.register(load_reference)
