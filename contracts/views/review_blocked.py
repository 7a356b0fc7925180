"""Blocked actions of a contract after its review: how they stand, and whether they are loose by now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cities.models import Bottleneck
from contracts.models import Blockade, ClimateContract
from contracts.presenting.review import promise_of, title_of
from contracts.services.review.blockades import blockades_for, say_how_it_stands
from contracts.services.review.errors import ReviewRefused
from nss_portal.core.rendering import render
from nss_portal.core.time import today

LOOSE_SHOWN = 20


def _contract(request: HttpRequest, public_id: str) -> ClimateContract:
    visible = ClimateContract.objects.visible_to(request.user).only("title", "title_en", "public_id")
    return get_object_or_404(visible, public_id=public_id)


@never_cache
@require_GET
def blockades(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is blocked, longest first, and what came loose by now. 404 for whom none of it concerns."""
    contract = _contract(request, public_id)
    found = list(blockades_for(request.user, contract))
    if not found:
        raise Http404
    keys = {one.effort.bottleneck_id for one in found if one.effort.bottleneck_id}
    seen = set(Bottleneck.objects.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    rows = [_row(one, seen) for one in found]
    context = {
        "contract": contract,
        "blocked": [row for row, one in zip(rows, found, strict=True) if one.loose_at is None],
        "loose": [row for row, one in zip(rows, found, strict=True) if one.loose_at is not None][::-1][
            :LOOSE_SHOWN
        ],
    }
    return render(request, "contracts/review/blocked.html", context)


def _row(blockade: Blockade, seen: set[int]) -> dict[str, object]:
    effort = blockade.effort
    bottleneck = effort.bottleneck if effort.bottleneck_id in seen else None
    return {
        "blockade": blockade,
        "title": title_of(promise_of(effort)),
        "party": effort.part.party.label,
        "year": effort.part.review.round.year,
        "obstacle": effort.obstacle,
        "bottleneck": bottleneck,
        "is_solved": bottleneck is not None and bottleneck.state == "solved",
        "is_due": blockade.is_asked or blockade.ask_on <= today(),
    }


@require_POST
def say(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    """Say that it is loose, or still blocked."""
    contract = _contract(request, public_id)
    blockade = get_object_or_404(blockades_for(request.user, contract), pk=pk)
    is_loose = request.POST.get("answer") == "loose"
    try:
        say_how_it_stands(
            blockade=blockade, actor=request.user, is_loose=is_loose, note=request.POST.get("note", "")
        )
    except ReviewRefused as error:
        messages.error(request, str(error))
    else:
        text = _("Noted: it is loose.") if is_loose else _("Noted. The portal asks again in two months.")
        messages.success(request, text)
    return redirect("contracts:blockades", public_id)
