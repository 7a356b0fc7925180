"""Reads across assessments: the mean of all, the years of one thing, and what is asked of whom."""

from typing import Any

from django.db.models import FilteredRelation, Q, TextField, Value
from django.db.models.functions import Coalesce

from governance.models import Assessment, AssessmentState, Indicator, Instrument, Participant, User
from governance.models.assessment import STRUCTURE
from governance.services.assessments.counting import mean_of_all
from nss_portal.core.access import Actor
from nss_portal.core.time import today


def together(instrument_id: int) -> dict[int, float]:
    """Give the mean of all assessed things per indicator; nothing where too few have figures. One query.

    Of each thing the latest result counts, so that each counts once. The structure is one of its kind: it is set
    beside its own years instead.
    """
    closed = Assessment.objects.filter(instrument=instrument_id, state=AssessmentState.CLOSED)
    latest = (
        closed.exclude(subject_kind=STRUCTURE)
        .exclude(result__mean=None)
        .order_by("subject_kind", "subject_key", "-closes_on", "-pk")
        .distinct("subject_kind", "subject_key")
    )
    results: Any = latest.values_list("result", flat=True)
    return mean_of_all(results)


def years_of(actor: Actor, assessment: Assessment) -> list[Assessment]:
    """Give the closed assessments of the same thing with the same instrument that the actor sees, oldest first."""
    same = Assessment.objects.visible_to(actor).filter(
        instrument=assessment.instrument_id,
        subject_kind=assessment.subject_kind,
        subject_key=assessment.subject_key,
        state=AssessmentState.CLOSED,
    )
    return list(same.order_by("closes_on", "pk"))


def indicators_of(instrument: Instrument) -> list[Indicator]:
    """Give the indicators with their statements. Two queries."""
    return list(instrument.indicators.prefetch_related("statements"))


def indicators_with_notes(assessment: Assessment) -> list[tuple[Indicator, str]]:
    """Give the indicators of an assessment with their statements, each with what its conversation says of it.

    '' where nothing is kept. Two queries.
    """
    kept = FilteredRelation("assessmentnote", condition=Q(assessmentnote__assessment=assessment.pk))
    found: Any = assessment.instrument.indicators.prefetch_related("statements").annotate(kept=kept)
    return [(one, one.said) for one in found.annotate(said=Coalesce("kept__text", Value("", TextField())))]


def asked_of(user: User) -> Any:
    """Give where somebody is still to answer, found by account or by address."""
    mine = Q(user=user) | Q(user__isnull=True, email__iexact=user.email)
    return Participant.objects.filter(
        mine,
        answered=False,
        assessment__state=AssessmentState.OPEN,
        assessment__closes_on__gte=today(),
    ).order_by("assessment__closes_on", "pk")
