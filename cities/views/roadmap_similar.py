"""What cities like mine did next."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cities.forms.roadmap import ChooseMunicipalityForm
from cities.presenting_roadmap import city_rows, likeness_in_words, pick_rows, why_alike
from cities.selectors_compare import find_named, names_of_municipalities
from cities.selectors_roadmap import own_city, progress_of, roadmap_steps
from cities.selectors_similar import SHOWN, alike, picks, what_they_did
from cities.similarity import WEIGHTS
from cities.views.codes import find_municipality
from nss_portal.core.access import granted
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render
from nss_portal.core.time import today

ALSO_ALIKE = 5
PICKS_SHOWN = 6


def mine(request: HttpRequest) -> HttpResponse:
    """Go to the page of the own city; who has none, or wants another one, names a municipality."""
    city = own_city(request.user)
    if city is not None and "g" not in request.GET:
        return redirect("cities:roadmap_similar", code=city.code)
    form = ChooseMunicipalityForm(request.GET if "g" in request.GET else None)
    if form.is_valid():
        found = find_named(request.user, form.cleaned_data["g"])
        if found is not None:
            return redirect("cities:roadmap_similar", code=found.code)
        form.add_error("g", _("There is no municipality of this name or code today. Choose one from the list."))
    context = {"form": form, "names": names_of_municipalities(request.user)}
    return render(request, "cities/roadmap_choose.html", context)


def similar(request: HttpRequest, code: str) -> HttpResponse:
    """Which municipalities resemble this one, why, and what they did after the point where this one is."""
    municipality = find_municipality(request, code)  # one that has ended leads on from there
    if municipality.valid_to is not None and municipality.valid_to < today():
        raise Http404
    body = KeptPart(request, "roadmap_similar", lambda: _similar_context(request, municipality.code))
    return render(request, "cities/roadmap_similar.html", {"municipality": municipality, "body": body})


def _similar_context(request: HttpRequest, code: str) -> dict[str, Any]:
    me, found = alike(request.user, code)
    if me is None:
        raise Http404
    steps = roadmap_steps()
    progress = progress_of(request.user, me.organisation)
    cities = what_they_did(request.user, found, progress, steps)
    blocks = [block for step in steps for block in step.blocks]
    also = [like for like in found if not like.city.shares][:ALSO_ALIKE]
    return {
        "city": me,
        "progress": progress,
        "taken_up": progress.taken_up(blocks) if progress else 0,
        "may_change": me.organisation in granted(request.user, "roadmap_progress", "change").get("own", ()),
        "picks": pick_rows(picks(cities, progress, steps)[:PICKS_SHOWN]),
        "cities": city_rows(cities, me.population, blocks),
        "ahead": sum(city.reached is not None for city in cities),
        "also": [
            {
                "city": like.city,
                "likeness": likeness_in_words(like.score),
                "why": why_alike(like, me.population),
            }
            for like in also
        ],
        "shown": SHOWN,
        "weights": {name: round(weight * 100) for name, weight in WEIGHTS.items()},
    }
