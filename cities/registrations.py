"""What the cities app adds to the floors below it."""

from cities.selectors import current_levels
from nss_portal.core.registry import level_sources

level_sources.register(current_levels)
