"""What workspaces made public."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from activities.models import WorkspacePublication
from nss_portal.core.files import files_of
from nss_portal.core.markdown import rendered


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One publication, for everybody."""
    visible = WorkspacePublication.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("workspace__activity"), public_id=public_id)
    context = {"publication": found, "text": rendered(found.text, heading=2), "files": files_of(found)}
    return render(request, "activities/workspace/publication.html", context)
