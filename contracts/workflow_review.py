"""The steps of a round and of a review."""

from django.utils.translation import gettext_lazy as _

from contracts.models.review import ReviewState, RoundState
from nss_portal.core.workflow import Step, Workflow

ROUND = Workflow(
    resource="review_round",
    steps=[
        Step("open", [RoundState.OPENING], RoundState.OPEN, None, _("Open")),
        Step("close", [RoundState.OPEN], RoundState.CLOSING, "manage", _("Close the round")),
        Step("closed", [RoundState.CLOSING], RoundState.CLOSED, None, _("Closed")),
    ],
)

REVIEW = Workflow(
    resource="annual_review",
    steps=[
        Step("submit", [ReviewState.OPEN], ReviewState.SUBMITTED, "submit", _("Hand in the review")),
        Step("reopen", [ReviewState.SUBMITTED], ReviewState.OPEN, "submit", _("Open the review again")),
        Step("close", [ReviewState.OPEN, ReviewState.SUBMITTED], ReviewState.CLOSED, None, _("Close")),
    ],
)
