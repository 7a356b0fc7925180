"""The two ways to a part of a review: by account, or by a personal link without one.

Behind both stand the same pages. A door knows who acts and where its pages are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from contracts.models import AnnualReview, PartyReview
from contracts.models.review import PartState, ReviewState, RoundState
from contracts.services.review.access import may_answer
from contracts.services.review.links import LinkInvalid, link_actor, part_of
from nss_portal.core.access import Actor
from nss_portal.core.rendering import render

# The token stands in the address, so other sites are told no more than ours. ('no-referrer' would make browsers
# send 'Origin: null' with a form, which the protection against forged requests refuses.)
REFERRER_POLICY = "strict-origin"


@dataclass(frozen=True)
class Door:
    """Somebody at a part: who acts, whether they may answer, and (by link) the token that brought them."""

    part: PartyReview
    actor: Actor
    may_answer: bool
    token: str = ""

    @property
    def is_link(self) -> bool:
        """Say whether the person came by a personal link."""
        return bool(self.token)

    @property
    def is_open(self) -> bool:
        """Say whether answers are taken at this moment."""
        review = self.part.review
        return (
            self.may_answer
            and review.round.state == RoundState.OPEN
            and review.state != ReviewState.CLOSED
            and self.part.state != PartState.SUBMITTED
        )

    def url(self, page: str = "part", **kwargs: object) -> str:
        """Give the address of one of the part's pages: 'part', 'effort', 'check', 'receipt', …"""
        if self.is_link:
            return reverse(f"review_link:{page}", kwargs={"token": self.token, **kwargs})
        review = self.part.review
        own = {"public_id": review.contract.public_id, "year": review.round.year, "part": self.part.public_id}
        return reverse(f"contracts:review_{page}", kwargs={**own, **kwargs})


PartPage = Callable[..., HttpResponse]


def by_account(view: PartPage) -> Callable[..., HttpResponseBase]:
    """Let a person with an account in: to a part they may answer, or one that was handed in and they may see."""

    @never_cache
    @wraps(view)
    def entered(request: HttpRequest, public_id: str, year: int, part: str, **kwargs: object) -> HttpResponse:
        reviews = AnnualReview.objects.visible_to(request.user).with_round().select_related("contract", "version")
        review = get_object_or_404(reviews, contract__public_id=public_id, round__year=year)
        found = get_object_or_404(PartyReview.objects.select_related("party"), review=review, public_id=part)
        found.review = review
        answers = may_answer(request.user, found)
        if not answers and found.state != PartState.SUBMITTED:
            raise Http404
        return view(request, Door(found, request.user, answers), **kwargs)

    return entered


def by_link(view: PartPage) -> Callable[..., HttpResponseBase]:
    """Let somebody with a personal link in; whoever has an account for it comes by the ordinary page."""

    @never_cache
    @wraps(view)
    def entered(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
        try:
            part = part_of(token)
        except LinkInvalid:
            return _answer(request, "contracts/review/link_invalid.html", {}, status=404)
        if request.user.is_authenticated and may_answer(request.user, part):
            return redirect(Door(part, request.user, True).url())
        if part.review.round.state in (RoundState.CLOSING, RoundState.CLOSED) and request.method != "POST":
            context = {"part": part, "review": part.review, "round": part.review.round}
            return _answer(request, "contracts/review/link_closed.html", context, status=410)
        return _quiet(view(request, Door(part, link_actor(part), True, token), **kwargs))

    return entered


def _answer(request: HttpRequest, template: str, context: Mapping[str, object], *, status: int) -> HttpResponse:
    return _quiet(render(request, template, dict(context), status=status))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Keep the token in the address out of other sites' hands and out of the log of requests that went wrong."""
    response["Referrer-Policy"] = REFERRER_POLICY
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
