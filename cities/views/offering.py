"""Bottlenecks that a form offers: those chosen, and those that somebody looked for."""

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest

from cities.forms.signals import FOUND
from cities.models import Bottleneck
from cities.selectors_signals import choosable_bottlenecks


def is_search(request: HttpRequest) -> bool:
    """Say whether a form only looks for bottlenecks: by its button, or by Enter with words not looked for yet."""
    if "search" in request.POST:
        return True
    words = request.POST.get("find", "").strip()
    return "enter" in request.POST and bool(words) and words != request.POST.get("searched", "").strip()


def offered_bottlenecks(request: HttpRequest, linked: Iterable[Bottleneck] = ()) -> list[Bottleneck]:
    """Give the bottlenecks that a form shows: chosen ones or those that the address names (`knelpunt`), those that
    its record is linked to, and when it looks for more those that hold all words of `find`, `FOUND` at the most.

    `linked` holds only what the person may see, with its organisation.
    """
    chosen = request.POST.getlist("bottlenecks") or request.GET.getlist("knelpunt")
    choosable = choosable_bottlenecks(request.user).select_related("organisation")
    found = list(choosable.filter(public_id__in=chosen)) if chosen else []
    found += linked
    words = request.POST.get("find", "").split() if is_search(request) else []
    if words:
        hits = choosable.exclude(pk__in=[one.pk for one in found])
        for word in words:
            hits = hits.filter(Q(title__icontains=word) | Q(organisation__name__icontains=word))
        found += hits[:FOUND]
    return list({one.pk: one for one in found}.values())
