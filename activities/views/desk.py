"""The front page of the desk: search first, then ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from activities.models.desk import DirectoryEntry
from activities.selectors.desk import directory_rows
from activities.selectors.desk_search import with_words
from nss_portal.core.time import today

SHOWN = 5
LONGEST_SEARCH = 100


def desk(request: HttpRequest) -> HttpResponse:
    """What exists already, found by one's own words; and what closes soon."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    language = get_language() or "nl"
    listed = DirectoryEntry.objects.visible_to(request.user).listed()
    found = directory_rows(with_words(listed, words, "search")[: 2 * SHOWN], language) if words else []
    soon = listed.money().filter(deadline__gte=today()).order_by("deadline", "name")[:SHOWN]
    context = {"words": words, "found": found, "soon": directory_rows(soon, language)}
    return render(request, "activities/desk/desk.html", context)
