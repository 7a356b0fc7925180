"""What went faster elsewhere, offered to contracts with similar actions: taken over or dismissed."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from contracts.models import Action, AnnualReview, ClimateContract, ContractVersion, Effort, ReviewRound, Tip
from contracts.models.action import FIELDS, Certainty
from contracts.models.review import EffortStatus, PartState, RoundState
from contracts.models.tip import TipAnswer
from contracts.models.version import OPEN_STATES
from contracts.services.draft import save_action
from contracts.services.errors import Refused
from contracts.services.review.answers import label_of
from contracts.services.review.errors import ReviewRefused
from contracts.services.version import new_version
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.models.audit import Event

SHOWN = 3


def tips_for(review: AnnualReview, actor: Actor) -> QuerySet[Effort]:
    """Give what other contracts reported as "more than promised" in the last closed round.

    First of all about actions of a kind of measure that this contract has too (`same_measure`), then about those
    in a field (a sector, or those beside it) in which it has actions; the most first. Only out of reviews that the
    actor may see, and without what this contract's city answered already. Carries action, party and contract.
    """
    closed = ReviewRound.objects.filter(state=RoundState.CLOSED, year__lt=review.round.year).order_by("-year")
    elsewhere = (
        AnnualReview.objects.visible_to(actor)
        .filter(round__in=closed.values("pk")[:1])
        .exclude(contract=review.contract_id)
    )
    own = Action.objects.filter(version=review.version_id)
    same_measure = Exists(own.filter(measure=OuterRef("action__measure")).exclude(measure=""))
    same_field: Q = Q(same_measure) | Q(Exists(own.filter(sector=OuterRef("action__sector"))))
    for field in FIELDS:
        same_field |= Q(action__sector__in=field) & Q(Exists(own.filter(sector__in=field)))
    found = Effort.objects.filter(
        same_field,
        part__review__in=elsewhere.values("pk"),
        part__state=PartState.SUBMITTED,
        status=EffortStatus.AHEAD,
    ).exclude(tips__contract=review.contract_id)
    return (
        found.annotate(same_measure=same_measure)
        .select_related("action", "part__party", "part__review__contract")
        .defer("part__review__prefilled", "part__review__outcome")
        .order_by("-same_measure", (F("expected_kt") - F("planned_kt")).desc(nulls_last=True), "pk")
    )


@transaction.atomic
def take_over_tip(*, review: AnnualReview, effort_id: int, actor: Actor) -> Action:
    """Make a draft action of a tip, in the contract's open draft or in a new one.

    Title, field and kind of measure come along; effect, money and who does it are the city's own to fill in.
    Raises NotAllowed, and ReviewRefused when the tip is not there (any more) or a draft cannot be started.
    """
    contract = _locked(review, actor)
    effort = _tip(review, effort_id, actor)
    theirs = effort.action
    assert theirs is not None  # noqa: S101 - tips are about actions
    try:
        action = save_action(
            version=draft_for(contract, actor),
            actor=actor,
            title=theirs.title,
            sector=theirs.sector,
            certainty=Certainty.VAGUE,
        )
    except Refused as error:
        raise ReviewRefused(str(error)) from error
    if theirs.title_en or theirs.measure:
        action.title_en, action.measure = theirs.title_en, theirs.measure
        action.save(update_fields=["title_en", "measure"])
    _answer(contract, effort, TipAnswer.TAKEN, actor, action)
    return action


@transaction.atomic
def dismiss_tip(*, review: AnnualReview, effort_id: int, actor: Actor) -> Tip:
    """Say that a tip is not for this contract; it is not offered again. Raises as `take_over_tip` does."""
    contract = _locked(review, actor)
    return _answer(contract, _tip(review, effort_id, actor), TipAnswer.DISMISSED, actor)


def _locked(review: AnnualReview, actor: Actor) -> ClimateContract:
    contract = ClimateContract.objects.select_for_update().get(pk=review.contract_id)
    require(actor, "contract", "change", contract)
    return contract


def _tip(review: AnnualReview, effort_id: int, actor: Actor) -> Effort:
    effort = tips_for(review, actor).filter(pk=effort_id).first()
    if effort is None:
        raise ReviewRefused(_("This tip is not there any more. Perhaps a colleague answered it."))
    return effort


def draft_for(contract: ClimateContract, actor: Actor) -> ContractVersion:
    """Give the contract's open draft, or start one. Raises NotAllowed, Refused."""
    draft = contract.versions.filter(state__in=OPEN_STATES).order_by("-number").first()
    return draft or new_version(contract=contract, actor=actor)


def _answer(
    contract: ClimateContract, effort: Effort, answer: TipAnswer, actor: Actor, action: Action | None = None
) -> Tip:
    try:
        with transaction.atomic():
            tip = Tip.objects.create(
                contract=contract, effort=effort, answer=answer, action=action, answered_by_label=label_of(actor)
            )
    except IntegrityError as error:
        raise ReviewRefused(_("This tip is not there any more. Perhaps a colleague answered it.")) from error
    audit.record(actor=actor, event=Event.CREATED, obj=tip, changes={"answer": answer.value})
    return tip
