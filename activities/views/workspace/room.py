"""The page of a workspace."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from activities.models import Activity, Workspace
from activities.services.workspace.rooms import enter


def room(request: HttpRequest, public_id: str) -> Workspace:
    """Give the workspace of an activity: 404 for whoever may not be in it, whether it is there or not."""
    visible = Workspace.objects.visible_to(request.user).select_related("activity__organisation")
    found = visible.filter(activity__public_id=public_id).first()
    if found is None:
        activity = get_object_or_404(Activity.objects.select_related("organisation"), public_id=public_id)
        found = enter(actor=request.user, activity=activity)
    return found


@require_safe
def workspace(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """What is asked of me, notes, files, decisions and action points."""
    return render(request, "activities/workspace/room.html", {"workspace": room(request, public_id)})
