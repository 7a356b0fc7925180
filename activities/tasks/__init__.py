"""Work of the activities app outside a page: one file per part of the site."""

from activities.tasks import agenda, desk, lessons, polls, programmes, workspace

__all__ = ["agenda", "desk", "lessons", "polls", "programmes", "workspace"]
