"""Work of the cities app outside a page: one file per part of the site."""

from cities.tasks import day, signals

__all__ = ["day", "signals"]
