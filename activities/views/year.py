"""The year at a glance: elections and the time to lobby, NetZeroCities, reviews, last days, activities."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from activities.presenting.year import calendar_of
from activities.selectors.year import years
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today


@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Lead to this year."""
    return redirect("activities:year", today().year)


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Show one year; 404 for one of which nothing can be known."""
    first, last = years()
    if not first <= year <= last:
        raise Http404
    # Own calls and reviews stand in it, so the page is for each person another one.
    body = kept_part(
        request,
        "activities/includes/year.html",
        lambda: calendar_of(request.user, year, first=first, last=last),
        request.user.pk,
    )
    return render(request, "activities/year.html", {"year": year, "body": body})
