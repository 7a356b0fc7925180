"""Finding a municipality by the code in an address; a code that a merger ended leads to the successor."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from cities.models import Municipality
from cities.models.municipality import MunicipalityQuerySet
from cities.selectors import planned_merger, successor_of, with_other_names
from nss_portal.core.time import today

View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD"})


class GoesOn(Exception):
    """The page is there under another code: that of the successor, or the same in capitals."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=1)
def _with_all() -> MunicipalityQuerySet:
    """Give the query of every page about a municipality; putting it together takes longer than the database."""
    everything: MunicipalityQuerySet = Municipality.objects.select_related("organisation", "successor")
    return with_other_names(everything.annotate(planned_merger=planned_merger()))


def find_municipality(request: HttpRequest, code: str) -> Municipality:
    """Give the municipality of a code. Raises Http404 when there is none, and GoesOn where the same page stands
    under another code; what is sent (POST) is not led on, since it would be lost on the way."""
    municipality: Municipality | None = _with_all().visible_to(request.user).filter(code=code.upper()).first()
    if municipality is None:
        raise Http404
    goes_on_as = (successor_of(municipality, today()) or municipality).code
    if request.method in SAFE and goes_on_as != code:
        raise GoesOn(goes_on_as)
    return municipality


def led_on(view: View) -> View:
    """Answer GoesOn with a permanent redirect to the same page under the other code."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except GoesOn as moved:
            match = request.resolver_match
            if match is None:
                raise Http404 from moved
            query = request.META.get("QUERY_STRING", "")
            address = reverse(match.view_name, kwargs={**match.kwargs, "code": moved.code})
            return redirect(f"{address}?{query}" if query else address, permanent=True)

    return answer
