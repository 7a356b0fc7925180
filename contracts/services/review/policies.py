"""New national policy, offered to contracts: entered once, taken over as a draft action or put aside."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from contracts.models import Action, AnnualReview, ClimateContract, NationalPolicy, PolicyAnswer
from contracts.models.action import FIELDS, Certainty, Sector
from contracts.models.tip import TipAnswer
from contracts.services.draft import save_action
from contracts.services.errors import Refused
from contracts.services.review.answers import label_of
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.tips import draft_for
from nss_portal.core import audit
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import EditConflict, readable
from nss_portal.core.models.audit import Event

MANAGE = ("review_round", "manage")
SHOWN = 3


@transaction.atomic
def add_policy(*, actor: Actor, **fields: Any) -> NationalPolicy:
    """Enter a national policy, to be offered to contracts. Raises NotAllowed, ValidationError."""
    require(actor, *MANAGE)
    policy = NationalPolicy(created_by_id=getattr(actor, "pk", None), **fields)
    policy.full_clean()
    policy.save()
    audit.record(actor=actor, event=Event.CREATED, obj=policy)
    return policy


@transaction.atomic
def change_policy(*, actor: Actor, policy: NationalPolicy, revision: int, **fields: Any) -> NationalPolicy:
    """Change what is said of a policy, or stop offering it. Raises NotAllowed, EditConflict, ValidationError."""
    require(actor, *MANAGE)
    fresh = NationalPolicy.objects.select_for_update().get(pk=policy.pk)
    changes = {name: [getattr(fresh, name), new] for name, new in fields.items() if getattr(fresh, name) != new}
    if not changes:
        return fresh
    if fresh.revision != revision:
        raise EditConflict(fresh)
    for name, value in fields.items():
        setattr(fresh, name, value)
    fresh.revision += 1
    fresh.full_clean()
    fresh.save()
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=readable(changes))
    return fresh


def policies_for(review: AnnualReview) -> QuerySet[NationalPolicy]:
    """Give the policies that are offered to a review's contract and that its city did not answer, newest first.

    Those without a sector, and those in a field in which the contract has actions.
    """
    own = Action.objects.filter(version=review.version_id)
    fitting: Q = Q(sector="") | Q(Exists(own.filter(sector=OuterRef("sector"))))
    for field in FIELDS:
        fitting |= Q(sector__in=field) & Q(Exists(own.filter(sector__in=field)))
    found = NationalPolicy.objects.filter(fitting, is_withdrawn=False)
    return found.exclude(answers__contract=review.contract_id)


@transaction.atomic
def take_over_policy(*, review: AnnualReview, public_id: str, actor: Actor) -> Action:
    """Make a draft action of a policy, in the contract's open draft or in a new one.

    What it brings is the city's own to fill in; where it came from stands in the description. Raises NotAllowed,
    and ReviewRefused when the policy is not offered (any more) or a draft cannot be started.
    """
    contract, policy = _offered(review, public_id, actor)
    try:
        action = save_action(
            version=draft_for(contract, actor),
            actor=actor,
            title=policy.title,
            sector=policy.sector or Sector.OTHER,
            certainty=Certainty.VAGUE,
        )
    except Refused as error:
        raise ReviewRefused(str(error)) from error
    action.title_en, action.measure = policy.title_en, policy.measure
    action.description = f"{policy.text}\n\n{policy.url}"
    action.save(update_fields=["title_en", "measure", "description"])
    _answer(contract, policy, TipAnswer.TAKEN, actor, action)
    return action


@transaction.atomic
def dismiss_policy(*, review: AnnualReview, public_id: str, actor: Actor) -> PolicyAnswer:
    """Say that a policy is not for this contract; it is not offered again. Raises as `take_over_policy` does."""
    contract, policy = _offered(review, public_id, actor)
    return _answer(contract, policy, TipAnswer.DISMISSED, actor)


def _offered(review: AnnualReview, public_id: str, actor: Actor) -> tuple[ClimateContract, NationalPolicy]:
    contract = ClimateContract.objects.select_for_update().get(pk=review.contract_id)
    require(actor, "contract", "change", contract)
    policy = policies_for(review).filter(public_id=public_id).first()
    if policy is None:
        raise ReviewRefused(_("This policy is not offered any more. Perhaps a colleague answered it."))
    return contract, policy


def _answer(
    contract: ClimateContract,
    policy: NationalPolicy,
    answer: TipAnswer,
    actor: Actor,
    action: Action | None = None,
) -> PolicyAnswer:
    try:
        with transaction.atomic():
            given = PolicyAnswer.objects.create(
                contract=contract, policy=policy, answer=answer, action=action, answered_by_label=label_of(actor)
            )
    except IntegrityError as error:
        raise ReviewRefused(_("This policy is not offered any more. Perhaps a colleague answered it.")) from error
    audit.record(actor=actor, event=Event.CREATED, obj=given, changes={"answer": answer.value})
    return given
