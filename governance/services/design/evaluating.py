"""Whether the variant in force still fits: the coordination team concludes, the steering group decides."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import (
    Assessment,
    AssessmentState,
    EvaluationConclusion,
    Instrument,
    Meeting,
    Outcome,
    User,
    VariantEvaluation,
    VariantPeriod,
)
from governance.models.assessment import STRUCTURE
from governance.models.design import ProposalState
from governance.selectors import current_period
from governance.services import Refused
from governance.services.assessments.holding import create_assessment, holds_all
from governance.services.design.deciding import for_decision, note_decision
from governance.services.meetings.holding import keep_item
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def may_evaluate(actor: Actor) -> bool:
    """Say whether the actor looks at the variant for all: who holds assessments of the whole cooperation."""
    return holds_all(actor)


def _evaluator(actor: Actor) -> User:
    if not isinstance(actor, User) or not may_evaluate(actor):
        raise NotAllowed(_("The coordination team looks at the variant; the steering group decides."))
    return actor


def _locked_period() -> VariantPeriod:
    period = current_period()
    if period is None:
        raise Refused(_("No variant is in force yet."))
    return VariantPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)


@transaction.atomic
def begin_evaluation(
    *, actor: Actor, closes_on: date | None = None, note: str = "", assessment: Assessment | None = None
) -> VariantEvaluation:
    """Begin to look at the variant in force, with an `assessment` of the cooperation or a new draft of one.

    A new one is open until `closes_on` with a word (`note`) to who takes part. Raises NotAllowed for who is not of
    the coordination team; Refused without a variant, while an evaluation runs, for an assessment that belongs to
    another evaluation or is not about the cooperation; ValidationError for a day past.
    """
    who, period = _evaluator(actor), _locked_period()
    if period.evaluations.filter(is_concluded=False).exists():
        raise Refused(_("An evaluation of this variant is under way already."))
    if assessment is None:
        assessment = _new_assessment(who, period, closes_on, note)
    elif assessment.subject_kind != STRUCTURE or VariantEvaluation.objects.filter(assessment=assessment).exists():
        raise Refused(_("Choose an assessment of the cooperation that belongs to no other evaluation."))
    made = VariantEvaluation.objects.create(period=period, assessment=assessment, begun_on=today(), begun_by=who)
    audit.record(actor=actor, event=Event.CREATED, obj=made, changes={"assessment": assessment.public_id})
    return made


def _new_assessment(who: User, period: VariantPeriod, closes_on: date | None, note: str) -> Assessment:
    instrument = Instrument.objects.filter(about=STRUCTURE, is_current=True).first()
    if instrument is None or closes_on is None:
        raise Refused(_("Say until when people can answer."))
    return create_assessment(
        actor=who,
        organisation=period.coordinating_organisation,
        instrument=instrument,
        subject_key="",
        values={"note": note, "closes_on": closes_on},
    )


def why_not_concluded(evaluation: VariantEvaluation) -> str:
    """Say what stands in the way of a conclusion; '' when nothing does."""
    if evaluation.conclusions.filter(state__in=[ProposalState.PROPOSED, ProposalState.DECIDED]).exists():
        return _("A conclusion waits already, or was decided.")
    assessment = evaluation.assessment
    if assessment is not None and assessment.state in (AssessmentState.DRAFT, AssessmentState.OPEN):
        return _("The assessment is not closed yet. Conclude once the result is there.")
    return ""


@transaction.atomic
def propose_conclusion(
    *,
    actor: Actor,
    evaluation: VariantEvaluation,
    outcome: Outcome,
    reason: str,
    next_on: date,
    adjustments: str = "",
    meeting: Meeting | None = None,
) -> EvaluationConclusion:
    """Lay a conclusion before the steering group, and on the agenda of a `meeting` where one is given.

    Raises NotAllowed for who is not of the coordination team; Refused while the assessment runs, when a conclusion
    is there already, without a reason or adjustments that are named, or for a next look in the past.
    """
    who = _evaluator(actor)
    fresh = VariantEvaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    problem = why_not_concluded(fresh)
    if not problem and not reason.strip():
        problem = _("Give a reason.")
    if not problem and outcome == Outcome.ADJUST and not adjustments.strip():
        problem = _("Say what is adjusted.")
    if not problem and next_on <= today():
        problem = _("Choose a day that is still to come.")
    if problem:
        raise Refused(problem)
    conclusion = EvaluationConclusion.objects.create(
        evaluation=fresh,
        outcome=outcome,
        reason=reason.strip(),
        adjustments=adjustments.strip() if outcome == Outcome.ADJUST else "",
        next_on=next_on,
        valid_from=today(),
        proposed_by=who,
    )
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=conclusion,
        changes={"outcome": outcome.value},
        reason=reason.strip(),
    )
    if meeting is not None:
        title = _("Does the variant still fit: {variant}").format(variant=fresh.period.variant)
        text = f"{conclusion.get_outcome_display()}. {conclusion.reason}".strip()
        keep_item(actor=actor, meeting=meeting, values={"title": title[:200], "text": text, "minutes": 20})
    return conclusion


@transaction.atomic
def decide_conclusion(*, actor: User, conclusion: EvaluationConclusion, reason: str = "") -> None:
    """Take a conclusion over: the evaluation is done, and the next look is on the day that was proposed.

    Raises as `for_decision`.
    """
    fresh = for_decision(conclusion, actor)
    note_decision(fresh, ProposalState.DECIDED, actor=actor, reason=reason)
    evaluation = VariantEvaluation.objects.select_for_update(of=("self",)).get(pk=fresh.evaluation_id)
    evaluation.is_concluded = True
    evaluation.save(update_fields=["is_concluded"])
    VariantPeriod.objects.filter(pk=evaluation.period_id).update(evaluate_on=fresh.next_on)


def asks_for_a_variant(evaluation: VariantEvaluation) -> bool:
    """Say whether the steering group decided that another variant is needed, and none was proposed since."""
    wanted = evaluation.conclusions.filter(state=ProposalState.DECIDED, outcome=Outcome.CHANGE).exists()
    return wanted and not evaluation.proposals.exclude(state=ProposalState.WITHDRAWN).exists()
