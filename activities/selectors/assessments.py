"""Assessments of programmes, as the page of a programme shows them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from activities.models import MidtermReview, Programme
from governance.models import Assessment, AssessmentState
from governance.selectors_assessments import indicators_of
from nss_portal.core.access import Actor
from nss_portal.core.formats import format_number

# What a programme is called among the things that are assessed.
KIND = "programme"
MOST = 12


def all_assessments_of(actor: Actor, programme: Programme) -> QuerySet[Assessment]:
    """Give the assessments of a programme that somebody sees."""
    return Assessment.objects.visible_to(actor).filter(subject_kind=KIND, subject_key=programme.public_id)


def assessments_of(actor: Actor, programme: Programme) -> list[dict[str, Any]]:
    """Give the assessments of a programme that somebody sees, the latest first. One query."""
    found = all_assessments_of(actor, programme)
    return [
        {
            "assessment": one,
            "state": one.get_state_display(),
            "mean": one.result["mean"] if one.result else None,
        }
        for one in found.only("public_id", "closes_on", "state", "result", "subject_kind", "subject_label")[:MOST]
    ]


def latest_closed(actor: Actor, programme: Programme) -> Assessment | None:
    """Give the latest assessment of a programme that closed with figures, where somebody sees one."""
    closed = all_assessments_of(actor, programme).filter(state=AssessmentState.CLOSED).exclude(result__mean=None)
    return closed.select_related("instrument").order_by("-closes_on", "-pk").first()


def in_words(assessment: Assessment) -> str:
    """Say what a closed assessment found: the mean, and where scores are highest and lowest. Two queries."""
    labels = {one.number: str(one) for one in indicators_of(assessment.instrument)}
    rows = [row for row in assessment.result["indicators"] if row["mean"] is not None and row["number"] in labels]
    rows.sort(key=lambda row: -row["mean"])
    lines = [_("Mean of all answers: {mean}.").format(mean=format_number(assessment.result["mean"], 1))]
    if len(rows) > 1:
        ends = [f"{labels[row['number']]} ({format_number(row['mean'], 1)})" for row in (rows[0], rows[-1])]
        lines.append(_("Highest: {high}. Lowest: {low}.").format(high=ends[0], low=ends[1]))
    return "\n".join(lines)


def reviews_from(actor: Actor, key: str) -> list[tuple[str, str]]:
    """Give label and address of the midterm reviews that began from an assessment (public id). One query."""
    found = MidtermReview.objects.filter(
        based_on__public_id=key, programme__in=Programme.objects.visible_to(actor).order_by()
    )
    return [
        (str(one.programme), one.programme.get_absolute_url() + "#reviews")
        for one in found.select_related("programme").order_by("-held_on", "-pk")
    ]
