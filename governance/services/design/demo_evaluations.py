"""Demonstration: two earlier looks at the variant in force and one that is under way. Made up."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from governance.models import (
    Assessment,
    AssessmentState,
    EvaluationConclusion,
    Outcome,
    User,
    VariantEvaluation,
    VariantPeriod,
)
from governance.models.assessment import STRUCTURE
from governance.models.design import ProposalState
from governance.models.membership import Function
from governance.selectors import current_period
from nss_portal.core import audit
from nss_portal.core.models.audit import Event
from nss_portal.core.time import end_of

REASONS = (
    (Outcome.STAY, "Verzonnen: deelnemers zijn tevreden over vertrouwen en samenwerking.", ""),
    (
        Outcome.ADJUST,
        "Verzonnen: de variant past nog, maar cijfers komen te laat om op te sturen.",
        "Cijfers over uitstoot komen elk half jaar op hetzelfde moment; RVO ziet daarop toe.",
    ),
)


@transaction.atomic
def load_demo_evaluations(scale: str, seed: int) -> Iterable[str]:
    """Tie the made-up assessments of the cooperation to the variant in force; once."""
    period = current_period()
    if not settings.NSS_DEMO or period is None or VariantEvaluation.objects.exists():
        return []
    found = Assessment.objects.filter(subject_kind=STRUCTURE, is_illustrative=True).order_by("closes_on", "pk")
    closed = list(found.filter(state=AssessmentState.CLOSED, closes_on__gt=period.valid_from))[-2:]
    for assessment, said in zip(closed, REASONS[-len(closed) :] if closed else (), strict=True):
        _concluded(period, assessment, said)
    running = found.filter(state=AssessmentState.OPEN).first()
    if running is not None:
        _tied(period, running)
    return [f"demo: evaluations of the variant {VariantEvaluation.objects.count()}"]


def _tied(period: VariantPeriod, assessment: Assessment) -> VariantEvaluation:
    made = VariantEvaluation.objects.create(
        period=period,
        assessment=assessment,
        begun_on=timezone.localdate(assessment.opened_at),
        is_concluded=assessment.state == AssessmentState.CLOSED,
        is_illustrative=True,
    )
    audit.record(actor=User.objects.system(), event=Event.CREATED, obj=made)
    return made


def _concluded(period: VariantPeriod, assessment: Assessment, said: tuple[Outcome, str, str]) -> None:
    outcome, reason, adjustments = said
    accounts = User.objects.filter(is_demo=True).order_by("pk")
    evaluation = _tied(period, assessment)
    day = assessment.closes_on + timedelta(days=35)
    conclusion = EvaluationConclusion.objects.create(
        evaluation=evaluation,
        outcome=outcome,
        reason=reason,
        adjustments=adjustments,
        next_on=assessment.closes_on + timedelta(days=365),
        valid_from=day,
        state=ProposalState.DECIDED,
        proposed_by=accounts.filter(memberships__function=Function.COORDINATION).first(),
        decided_by=accounts.filter(memberships__function=Function.STEERING).first(),
        decided_at=end_of(day) - timedelta(hours=8),
    )
    # The day itself is written when a row is made: here it lies in the past.
    proposed_at = end_of(day - timedelta(days=14)) - timedelta(hours=8)
    EvaluationConclusion.objects.filter(pk=conclusion.pk).update(proposed_at=proposed_at)
    audit.record(actor=User.objects.system(), event=Event.CREATED, obj=conclusion)
    VariantPeriod.objects.filter(pk=period.pk).update(evaluate_on=conclusion.next_on)
