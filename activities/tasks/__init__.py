"""Work of the activities app outside a page: one file per part of the site."""

from activities.tasks import lessons

__all__ = ["lessons"]
