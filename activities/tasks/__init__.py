"""Work of the activities app outside a page: one file per part of the site."""

from activities.tasks import lessons, workspace

__all__ = ["lessons", "workspace"]
