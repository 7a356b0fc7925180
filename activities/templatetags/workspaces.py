"""Addresses of pages of a workspace, whatever it belongs to."""

from django import template

from activities.models import Workspace

register = template.Library()


@register.simple_tag
def room_url(workspace: Workspace, page: str, **more: object) -> str:
    """Give the address of a page of a workspace: `{% room_url workspace 'workspace_note' note_id=… %}`."""
    return workspace.url(page, **more)
