"""A party hands in its part, or takes it back while the round is open."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import PartyReview
from contracts.models.review import PartState, ReviewState
from contracts.services.review.access import require_answer
from contracts.services.review.answers import (
    is_complete,
    label_of,
    lock_review,
    require_not_submitted,
    require_open,
)
from contracts.services.review.errors import AnswersMissing, ReviewRefused
from contracts.services.review.follow_up import follow_up
from nss_portal.core import audit
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


@transaction.atomic
def submit_part(*, part: PartyReview, actor: Actor) -> PartyReview:
    """Hand in a part: all its efforts are answered; setbacks and obstacles become drafts of its city.

    Raises NotAllowed, ReviewRefused (closed, handed in already, nothing asked) and AnswersMissing, which names
    the efforts that still ask for something.
    """
    current = _locked(part, actor)
    require_not_submitted(current)
    efforts = list(current.efforts.select_related("action", "commitment", "bottleneck"))
    if not efforts:
        raise ReviewRefused(_("Nothing is asked of this party, so there is nothing to hand in."))
    open_ones = [effort for effort in efforts if not is_complete(effort)]
    if open_ones:
        text = ngettext(
            "%(count)d answer is not complete yet.", "%(count)d answers are not complete yet.", len(open_ones)
        )
        raise AnswersMissing(text % {"count": len(open_ones)}, open_ones)
    current.state = PartState.SUBMITTED
    current.submitted_at = timezone.now()
    current.submitted_by_label = label_of(actor)
    current.save(update_fields=["state", "submitted_at", "submitted_by_label"])
    follow_up(part=current, efforts=efforts)
    audit.record(actor=actor, event=Event.SUBMITTED, obj=current, on_behalf_of=current.party.organisation)
    return current


@transaction.atomic
def reopen_part(*, part: PartyReview, actor: Actor) -> PartyReview:
    """Take a part back to change it, as long as the city has not handed in the review.

    Raises NotAllowed and ReviewRefused (closed, not handed in yet, or the review itself is handed in).
    """
    current = _locked(part, actor)
    if current.state != PartState.SUBMITTED:
        raise ReviewRefused(_("This part was not handed in yet."))
    if current.review.state != ReviewState.OPEN:
        raise ReviewRefused(_("The city has handed in the whole review. Ask the city to open it again."))
    current.state = PartState.STARTED
    current.submitted_at = None
    current.submitted_by_label = ""
    current.save(update_fields=["state", "submitted_at", "submitted_by_label"])
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=current,
        changes={"state": [PartState.SUBMITTED.value, PartState.STARTED.value]},
        on_behalf_of=current.party.organisation,
    )
    return current


def _locked(part: PartyReview, actor: Actor) -> PartyReview:
    review = lock_review(part.review_id)
    current = PartyReview.objects.select_related("party__organisation", "review__contract").get(pk=part.pk)
    contract = current.review.contract
    require_answer(actor, current)
    review.contract = contract
    current.review = review
    require_open(review)
    return current
