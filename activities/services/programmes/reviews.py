"""The midterm review with points to act on; extension, a next tranche and a restart."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import MidtermReview, Phase, Programme, ProgrammePartner, ProgrammeTurn, ReviewPoint
from activities.models.programme import AT_WORK
from activities.models.programme_partner import Answer
from activities.models.programme_work import Conclusion
from activities.selectors.assessments import all_assessments_of
from activities.selectors.programmes import party_keys
from activities.services.programmes.editing import add_lead
from activities.services.programmes.work import noted, opened, partner_or_none
from governance.models import Assessment, Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.editing import locked, locked_among
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

Kind = ProgrammeTurn.Kind
TAKEN_ALONG = (
    "organisation",
    "domain",
    "task",
    "region",
    "challenge",
    "domains",
    "raised_by",
    "goal",
    "mandate",
    "tied_to",
    "tied_note",
    "enough",
    "sharing",
    "is_illustrative",
)
# A next tranche builds on what works and needs a new covenant; a restart asks again who feels the urgency.
FROM = {
    Kind.TRANCHE: ((*AT_WORK, Phase.CLOSED), Phase.PREPARATION),
    Kind.RESTART: ((*AT_WORK, Phase.CLOSED, Phase.STOPPED), Phase.EXPLORATION),
}


@transaction.atomic
def keep_review(
    *,
    actor: Actor,
    programme: Programme,
    held_on: date,
    assessment: str = "",
    conversation: str = "",
    conclusion: Conclusion = Conclusion.NONE,
    based_on: Assessment | None = None,
    review: MidtermReview | None = None,
) -> MidtermReview:
    """Note a midterm review or change it; raises NotAllowed, TransitionRefused before the execution.

    `based_on` is a self-assessment of this programme that the actor sees; raises ValidationError for another one.
    """
    fresh = opened(actor, programme)
    if based_on is not None and not all_assessments_of(actor, fresh).filter(pk=based_on.pk).exists():
        raise ValidationError({"based_on": _("Choose an assessment of this programme.")})
    if fresh.phase not in AT_WORK:
        raise TransitionRefused(_("A midterm review is held during the execution."))
    kept = locked_among(fresh.reviews.all(), review) if review else MidtermReview(programme=fresh)
    kept.held_on, kept.assessment, kept.based_on = held_on, assessment.strip(), based_on
    kept.conversation, kept.conclusion = conversation.strip(), conclusion
    kept.save()
    noted(actor, fresh, {"midterm_review": held_on.isoformat(), "conclusion": str(conclusion)})
    return kept


@transaction.atomic
def add_point(*, actor: Actor, review: MidtermReview, what: str, owner: Organisation, due_on: date) -> ReviewPoint:
    """Agree a point to act on; raises NotAllowed, ValidationError for an owner who does not take part."""
    fresh = opened(actor, review.programme)
    partner_or_none(fresh, owner, "owner")
    point = ReviewPoint.objects.create(review=review, what=what.strip(), owner=owner, due_on=due_on)
    noted(actor, fresh, {"point": point.what, "owner": str(owner), "due_on": due_on.isoformat()})
    return point


@transaction.atomic
def finish_point(*, actor: Actor, point: ReviewPoint, result: str) -> ReviewPoint:
    """Note that a point is done and what came of it; for its owner and who leads the programme.

    Raises NotAllowed, ValidationError without a text, TransitionRefused when it was done already.
    """
    programme = point.review.programme
    if point.owner_id not in party_keys(actor) and not may(actor, "programme", "change", programme):
        raise NotAllowed(_("Only the owner of the point and who leads the programme say that it is done."))
    fresh = locked(programme)
    kept = ReviewPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if not result.strip():
        raise ValidationError({"result": _("Say what came of it.")})
    if kept.done_on is not None:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    kept.done_on, kept.result = today(), result.strip()
    kept.save(update_fields=["done_on", "result"])
    noted(actor, fresh, {"point_done": kept.what}, kept.result, on_behalf_of=kept.owner)
    return kept


@transaction.atomic
def extend(*, actor: Actor, programme: Programme, ends_on: date, reason: str) -> ProgrammeTurn:
    """Let a programme run longer than agreed; raises NotAllowed, ValidationError, TransitionRefused."""
    fresh = opened(actor, programme)
    if fresh.phase not in AT_WORK or fresh.ends_on is None:
        raise TransitionRefused(_("Only a programme that runs can be extended."))
    if ends_on <= fresh.ends_on:
        raise ValidationError({"ends_on": _("An extension ends later than what was agreed.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    turn = ProgrammeTurn.objects.create(
        programme=fresh, kind=Kind.EXTENSION, reason=reason.strip(), ended_on=fresh.ends_on, ends_on=ends_on
    )
    fresh.ends_on = ends_on
    fresh.save(update_fields=["ends_on"])
    noted(actor, fresh, {"ends_on": [str(turn.ended_on), str(ends_on)]}, turn.reason)
    return turn


@transaction.atomic
def go_on_in_another(
    *, actor: Actor, programme: Programme, kind: ProgrammeTurn.Kind, title: str, reason: str
) -> Programme:
    """Begin a next tranche or a restart: a programme of its own, linked, with the same partners asked anew.

    Raises NotAllowed, ValidationError without a reason or title, TransitionRefused where it cannot go on so.
    """
    require(actor, "programme", "change", programme)
    fresh = locked(programme)
    sources, target = FROM[kind]
    if fresh.phase not in sources:
        raise TransitionRefused(_("This programme cannot go on in another one now."))
    if not title.strip() or not reason.strip():
        raise ValidationError({"reason" if title.strip() else "title": _("Fill this in.")})
    following = Programme.objects.create(
        **{name: getattr(fresh, name) for name in TAKEN_ALONG},
        title=title.strip()[:160],
        previous=fresh,
        tranche=fresh.tranche + 1,
        phase=target,
        created_by_id=getattr(actor, "pk", None),
    )
    following.bottlenecks.set(fresh.bottlenecks.all())
    following.steps.set(fresh.steps.all())
    add_lead(following)
    _ask_again(fresh, following)
    ProgrammeTurn.objects.create(programme=fresh, kind=kind, reason=reason.strip(), following=following)
    audit.record(
        actor=actor,
        event=Event.CREATED,
        obj=following,
        changes={"previous": fresh.title, "kind": str(kind)},
        reason=reason.strip(),
        on_behalf_of=fresh.organisation,
    )
    noted(actor, fresh, {"goes_on_in": following.title}, reason.strip())
    return following


def _ask_again(old: Programme, new: Programme) -> None:
    there = old.partners.filter(answer=Answer.YES, left_on=None).exclude(organisation=new.organisation)
    ProgrammePartner.objects.bulk_create(
        ProgrammePartner(
            programme=new,
            organisation_id=one.organisation_id,
            is_location=one.is_location,
            contact_id=one.contact_id,
            asked_on=timezone.localdate(),
        )
        for one in there
    )
