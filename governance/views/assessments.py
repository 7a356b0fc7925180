"""The register of assessments, and one of them with its result."""

from typing import Any

import django_filters
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from governance import presenting_assessments as words
from governance.models import Assessment, AssessmentState, Instrument, VariantEvaluation
from governance.models.assessment import STRUCTURE
from governance.selectors_assessments import indicators_of, indicators_with_notes, together, years_of
from governance.services.assessments.answering import takes_answers
from governance.services.assessments.holding import kinds
from nss_portal.core.access import may, require, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50


class AssessmentFilter(django_filters.FilterSet):
    """Assessments by words, kind, state and year."""

    q = django_filters.CharFilter("subject_label", "icontains", label=gettext_lazy("Search"), max_length=100)
    soort = django_filters.ModelChoiceFilter(
        "instrument__code",
        label=gettext_lazy("Kind"),
        queryset=Instrument.objects.filter(is_current=True),
        to_field_name="code",
        method="by_kind",
        empty_label=gettext_lazy("All"),
    )
    stand = django_filters.ChoiceFilter(
        "state", label=gettext_lazy("State"), choices=AssessmentState.choices, empty_label=gettext_lazy("All")
    )
    jaar = django_filters.NumberFilter(
        "closes_on__year", label=gettext_lazy("Year"), min_value=2000, max_value=2100
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

    def by_kind(self, queryset: Any, name: str, value: Instrument) -> Any:
        """Keep those with any version of an instrument."""
        return queryset.filter(instrument__code=value.code)


@require_safe
def assessment_list(request: HttpRequest) -> HttpResponse:
    """Assessments that the person may see, the latest first."""
    body = KeptPart(request, "assessments", lambda: _list_context(request), request.user.pk)
    return render(request, "governance/assessments/list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    visible = Assessment.objects.visible_to(request.user).select_related("instrument", "organisation")
    found = AssessmentFilter(request.GET, queryset=visible, request=request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "assessment": one,
            "tone": words.TONES[AssessmentState(one.state)],
            "mean": one.result["mean"] if one.result else None,
        }
        for one in page
    ]
    return {
        "filter": found,
        "page_obj": page,
        "rows": rows,
        "may_hold": may(request.user, "assessment", "manage"),
    }


def visible(request: HttpRequest, public_id: str) -> Assessment:
    """Give an assessment that the person may see; raises Http404."""
    seen = Assessment.objects.visible_to(request.user).select_related("instrument", "organisation", "evaluation")
    return get_object_or_404(seen, public_id=public_id)


def manageable(request: HttpRequest, public_id: str) -> Assessment:
    """Give one that the person holds: 404 when it is not visible, 403 when it is not theirs."""
    found = visible(request, public_id)
    require(request.user, "assessment", "manage", found)
    return found


@require_safe
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One assessment: how it stands, or what came of it."""
    assessment = visible(request, public_id)
    if assessment.state == AssessmentState.CLOSED:
        body = KeptPart(request, "assessment", lambda: _result_context(request, assessment), request.user.pk)
        return render(request, "governance/assessments/result.html", {"assessment": assessment, "body": body})
    manages = may(request.user, "assessment", "manage", assessment)
    # Never kept: an answer leaves no event in the log.
    context = {"assessment": assessment, "manages": manages, **_running_context(assessment, manages=manages)}
    return render(request, "governance/assessments/running.html", context)


def _running_context(assessment: Assessment, *, manages: bool) -> dict[str, Any]:
    participants = assessment.participants
    return {
        "tone": words.TONES[AssessmentState(assessment.state)],
        "facts": words.facts(assessment),
        "indicators": indicators_of(assessment.instrument),
        "invited": participants.count() if manages else None,
        "answered": participants.filter(answered=True).count() if manages else None,
        "takes_answers": takes_answers(assessment),
        "rule": words.rule_in_words(assessment),
        "subject_url": subject_url(assessment),
        "evaluation": evaluation_of(assessment),
    }


def subject_url(assessment: Assessment) -> str:
    """Give the address of what an assessment is about, '' where it has no page."""
    kind = kinds().get(assessment.subject_kind)
    return kind.page(assessment.subject_key) if kind else ""


def evaluation_of(assessment: Assessment) -> VariantEvaluation | None:
    """Give the evaluation of the variant that an assessment of the cooperation belongs to; others ask no query."""
    return getattr(assessment, "evaluation", None) if assessment.subject_kind == STRUCTURE else None


def used_in(request: HttpRequest, assessment: Assessment) -> list[tuple[str, str]]:
    """Give (name, address) of what began from an assessment, where the person may see it."""
    kind = kinds().get(assessment.subject_kind)
    return list(kind.used_in(request.user, assessment.public_id)) if kind else []


def _result_context(request: HttpRequest, assessment: Assessment) -> dict[str, Any]:
    talked = indicators_with_notes(assessment)
    indicators = [one for one, _said in talked]
    manages = may(request.user, "assessment", "manage", assessment)
    rows = words.result_of(assessment.result, indicators, together(assessment.instrument_id))
    years = years_of(request.user, assessment)
    points = assessment.points.select_related("owner", "indicator")
    return {
        "assessment": assessment,
        "manages": manages,
        "tone": words.TONES[AssessmentState.CLOSED],
        "facts": words.facts(assessment),
        "rows": rows,
        "has_all": any(row["of_all"] is not None for row in rows),
        "chart": words.radar_of(str(assessment), assessment.instrument.source, rows),
        "answers": words.answers_in_words(assessment),
        "comments": assessment.result["comments"],
        "years": words.over_years(years, indicators),
        "notes": [(one, said) for one, said in talked if said],
        "points": words.point_rows(list(points), standing_of(request.user).organisations, manages=manages),
        "rule": words.rule_in_words(assessment),
        "used_in": used_in(request, assessment),
        "subject_url": subject_url(assessment),
        "evaluation": evaluation_of(assessment),
    }
