"""The page of one programme."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from activities.models import Programme


def visible(request: HttpRequest, public_id: str) -> Programme:
    """Give a programme that the person may see; raises Http404."""
    seen = Programme.objects.visible_to(request.user).select_related("organisation", "domain", "task")
    return get_object_or_404(seen, public_id=public_id)


def record(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One programme; an older readable part of the address leads to the present one."""
    programme = visible(request, public_id)
    if slug != programme.slug:
        return redirect(programme, permanent=True)
    return render(request, "activities/programmes/record.html", {"programme": programme})
