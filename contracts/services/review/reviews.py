"""The city says what stands out, and hands in the review of its contract."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.models import AnnualReview, PartyReview
from contracts.models.review import PartState, ReviewState
from contracts.services.review.access import require_owner
from contracts.services.review.answers import TEXT_LIMIT, label_of, lock_review, require_open
from contracts.services.review.errors import AnswerRefused, Overtaken, PartsOpen, ReviewRefused
from contracts.workflow_review import REVIEW
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor
from nss_portal.core.models.audit import Event


def open_parts(review: AnnualReview) -> list[PartyReview]:
    """Give the parts in which something is asked and that were not handed in."""
    parts = review.parts.filter(efforts__isnull=False).exclude(state=PartState.SUBMITTED)
    return list(parts.select_related("party").distinct())


@transaction.atomic
def save_conclusion(*, review: AnnualReview, conclusion: str, revision: int, actor: Actor) -> AnnualReview:
    """Save what stands out this year, as a draft.

    Raises NotAllowed, ReviewRefused (closed, handed in), AnswerRefused (too long) and Overtaken (a colleague saved
    another text in between; nothing is written).
    """
    current = _locked(review, actor)
    if current.state != ReviewState.OPEN:
        raise ReviewRefused(_already(current))
    return _write_conclusion(current, conclusion, revision, actor)


@transaction.atomic
def submit_review(
    *, review: AnnualReview, conclusion: str, revision: int, actor: Actor, accept_open: bool = False
) -> AnnualReview:
    """Hand in the review of a contract. Open parts are allowed knowingly: `accept_open` says so.

    Raises NotAllowed, ReviewRefused (closed, handed in already), AnswerRefused, Overtaken and PartsOpen, which
    names the parts that their parties did not hand in.
    """
    current = _locked(review, actor)
    if current.state != ReviewState.OPEN:
        raise ReviewRefused(_already(current))
    waiting = open_parts(current)
    if waiting and not accept_open:
        text = ngettext(
            "%(count)d party has not handed in its part.",
            "%(count)d parties have not handed in their part.",
            len(waiting),
        )
        raise PartsOpen(text % {"count": len(waiting)}, waiting)
    current = _write_conclusion(current, conclusion, revision, actor)
    workflow.take(REVIEW, "submit", current, actor=actor)
    current.submitted_at = timezone.now()
    current.submitted_by_label = label_of(actor)
    current.save(update_fields=["submitted_at", "submitted_by_label"])
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=current,
        changes={"open_parts": [str(one.party) for one in waiting]},
    )
    return current


@transaction.atomic
def reopen_review(*, review: AnnualReview, actor: Actor) -> AnnualReview:
    """Take back a review that was handed in. Raises NotAllowed, ReviewRefused (closed, not handed in)."""
    current = _locked(review, actor)
    if current.state != ReviewState.SUBMITTED:
        raise ReviewRefused(_("This review was not handed in yet."))
    workflow.take(REVIEW, "reopen", current, actor=actor)
    current.submitted_at = None
    current.submitted_by_label = ""
    current.save(update_fields=["submitted_at", "submitted_by_label"])
    return current


def _locked(review: AnnualReview, actor: Actor) -> AnnualReview:
    current = lock_review(review.pk)
    require_owner(actor, current)
    require_open(current)
    return current


def _write_conclusion(review: AnnualReview, conclusion: str, revision: int, actor: Actor) -> AnnualReview:
    text = conclusion.strip()
    if len(text) > TEXT_LIMIT:
        problem = _("At most %(limit)d characters; this text has %(length)d.") % {
            "limit": TEXT_LIMIT,
            "length": len(text),
        }
        raise AnswerRefused(problem, {"conclusion": problem})
    if text == review.conclusion:
        return review
    if revision != review.revision:
        raise Overtaken(_("A colleague saved another text here in the meantime."), review)
    changes = {"conclusion": [review.conclusion, text]}
    review.conclusion = text
    review.revision += 1
    review.save(update_fields=["conclusion", "revision"])
    audit.record(actor=actor, event=Event.CHANGED, obj=review, changes=changes)
    return review


def _already(review: AnnualReview) -> str:
    return _("This review was handed in already, by %(who)s.") % {"who": review.submitted_by_label}
