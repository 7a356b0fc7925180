"""Reads on the evaluation of variants: each with its conclusion, and the eight factors over the years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from governance import presenting_assessments as words
from governance.models import (
    Assessment,
    AssessmentState,
    EvaluationConclusion,
    Meeting,
    MeetingState,
    Outcome,
    VariantEvaluation,
    VariantPeriod,
    VariantProposal,
)
from governance.models.assessment import STRUCTURE
from governance.models.design import ProposalState
from governance.models.membership import current_q
from nss_portal.core.access import Actor
from nss_portal.core.time import today

# So long before its day an evaluation comes up in somebody's work.
AHEAD = timedelta(days=30)
# The body that decides on variants (`governance/data`).
STEERING_GROUP = "stuurgroep"


@dataclass
class Look:
    """One evaluation as pages show it, with what the actor may see of it."""

    evaluation: VariantEvaluation
    assessment: Assessment | None
    conclusion: EvaluationConclusion | None

    @property
    def mean(self) -> float | None:
        """Give the mean of the eight factors; None where the actor does not see it, or too few answered."""
        return self.assessment.result["mean"] if self.assessment and self.assessment.result else None


def looks(actor: Actor) -> list[Look]:
    """Give all evaluations, the latest first, with what the actor sees of each; two queries."""
    stands = Q(conclusions__state__in=[ProposalState.PROPOSED, ProposalState.DECIDED])
    evaluations: Any = VariantEvaluation.objects.visible_to(actor).annotate(
        standing=FilteredRelation("conclusions", condition=stands)
    )
    found = list(evaluations.select_related("period__variant", "standing"))
    if not found:
        return []
    seen = Assessment.objects.visible_to(actor).select_related("instrument")
    assessments = {one.pk: one for one in seen.filter(evaluation__in=[one.pk for one in found])}
    # A constraint lets only one conclusion stand, so that the relation names one row or none.
    return [Look(one, assessments.get(one.assessment_id or 0), getattr(one, "standing", None)) for one in found]


def factors_over_years(found: Sequence[Look]) -> dict[str, Any] | None:
    """Give the eight factors per evaluation, oldest first, of those with the same instrument as the latest."""
    closed = [one.assessment for one in found if one.assessment and one.assessment.state == AssessmentState.CLOSED]
    same = [one for one in closed if one.instrument_id == closed[0].instrument_id]
    if len(same) < 2:
        return None
    same.sort(key=lambda one: (one.closes_on, one.pk))
    return words.over_years(same, list(same[0].instrument.indicators.all()))


def due_periods() -> QuerySet[VariantPeriod]:
    """Give the period in force when it is time, or nearly, to see whether its variant still fits."""
    running = VariantEvaluation.objects.filter(period=OuterRef("pk"), is_concluded=False)
    return VariantPeriod.objects.filter(
        current_q(today()), ~Exists(running), evaluate_on__lte=today() + AHEAD
    ).order_by("pk")


def to_conclude() -> QuerySet[VariantEvaluation]:
    """Give evaluations of which the result is there, and no conclusion waits."""
    there = EvaluationConclusion.objects.filter(evaluation=OuterRef("pk"), state=ProposalState.PROPOSED)
    ended = ~Q(assessment__state__in=[AssessmentState.DRAFT, AssessmentState.OPEN]) | Q(assessment=None)
    return VariantEvaluation.objects.filter(ended, ~Exists(there), is_concluded=False).order_by("pk")


def that_ask_for_a_variant() -> QuerySet[VariantEvaluation]:
    """Give evaluations after which another variant has to be proposed still."""
    change = EvaluationConclusion.objects.filter(
        evaluation=OuterRef("pk"), state=ProposalState.DECIDED, outcome=Outcome.CHANGE
    )
    proposed = VariantProposal.objects.filter(evaluation=OuterRef("pk")).exclude(state=ProposalState.WITHDRAWN)
    return VariantEvaluation.objects.filter(Exists(change), ~Exists(proposed)).order_by("pk")


def free_assessments(actor: Actor) -> QuerySet[Assessment]:
    """Give assessments of the cooperation that an evaluation can be built on: of the last year, of none yet."""
    states = [AssessmentState.DRAFT, AssessmentState.OPEN, AssessmentState.CLOSED]
    return Assessment.objects.visible_to(actor).filter(
        subject_kind=STRUCTURE,
        state__in=states,
        evaluation=None,
        closes_on__gte=today() - timedelta(days=365),
    )


def steering_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Give the meetings of the steering group that are still to come."""
    planned = Meeting.objects.open_to(actor, "change").filter(
        body__code=STEERING_GROUP, state=MeetingState.PLANNED
    )
    return planned.select_related("body").order_by("starts_at", "pk")
