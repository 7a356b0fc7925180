"""Work of the activities app outside a page: one file per part of the site."""

from activities.tasks import desk, lessons, polls, programmes, workspace

__all__ = ["desk", "lessons", "polls", "programmes", "workspace"]
