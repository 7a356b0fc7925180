"""The national reflection as a page to read; public, as far as the contracts in it are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from contracts.models import AnnualReview, ReviewRound
from contracts.models.review import RoundState
from contracts.presenting_reflection import Reflection


@require_GET
def reflection(request: HttpRequest, year: int) -> HttpResponse:
    """What all reviews of a year say together. 404 until the round is closed."""
    current = get_object_or_404(ReviewRound, year=year, state=RoundState.CLOSED, reflection__isnull=False)
    reviews = AnnualReview.objects.visible_to(request.user).filter(round=current)
    visible = frozenset(reviews.values_list("contract__public_id", flat=True))
    return render(request, "contracts/reflection/page.html", {"reflection": Reflection(current, visible)})
