"""The analysis of Expressions of Interest as a report: PDF, HTML, XLSX and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Model, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import EoiAnalysis, EoiSubmission
from cities.models.eoi import WITH_TEXT
from cities.presenting_eoi_analysis import Analysis, ranking_sheet, words_sheet
from cities.selectors_eoi_analysis import analyse, gather, words_of
from nss_portal.core import reports
from nss_portal.core.access import Actor, granted
from nss_portal.core.exports import Sheet

NAME = "eoi-analysis"


def handed_in(call: Model) -> frozenset[int]:
    """Give the organisations (primary keys) that handed in for a call. One query."""
    found = EoiSubmission.objects.filter(call=call.pk, submitted_at__isnull=False)
    return frozenset(found.order_by().values_list("organisation", flat=True))


def may_ask_report(actor: Actor, call: Model) -> bool:
    """Say whether the matrix lets the actor ask for the report on a call: on all, or as a city that handed in."""
    words = granted(actor, "report", "request")
    if "all" in words:
        return True
    held = frozenset[int]().union(*words.values())
    return bool(held) and bool(held & handed_in(call))


@reports.kind(NAME, resource="eoi_analysis", formats=("pdf", "html", "xlsx", "json"))
class EoiAnalysisReport(reports.ReportKind):
    """What cities named most in one call; cities and own words as far as the asker may see them."""

    label = gettext_lazy("Analysis of Expressions of Interest")
    description = gettext_lazy("What cities name most: needs, support, barriers and risks, per level and year.")
    template = "reports/print/eoi_analysis.html"
    lookup = "code"
    edition = 2

    def find(self, actor: Actor, ref: str) -> Model | None:
        """Give a call by its code, or by its year where that names one."""
        visible = EoiAnalysis.objects.visible_to(actor)
        by_year = Q(year=int(ref)) if ref.isdecimal() and len(ref) < 5 else Q(pk__in=[])
        return visible.filter(code=ref).first() or visible.filter(by_year).first()

    def choices(self, actor: Actor) -> Iterable[reports.Choice]:
        """Give the calls whose analysis the actor may see, the newest first."""
        whose = ArrayAgg(
            "submissions__organisation", filter=Q(submissions__submitted_at__isnull=False), default=Value([])
        )
        found = EoiAnalysis.objects.visible_to(actor).annotate(whose=whose)
        return [reports.Choice(call.code, call.name, frozenset(getattr(call, "whose", ()))) for call in found]

    def organisations(self, record: Model) -> frozenset[int]:
        """Give the cities that handed in: the analysis is a record of all of them together."""
        return handed_in(record)

    def collect(self, record: Model, actor: Actor) -> reports.Snapshot:
        """Gather the ranking of the newest year, with names and words that the actor may see."""
        assert isinstance(record, EoiAnalysis)  # noqa: S101 - by `find`
        found = gather(record, actor)
        data = analyse(found)
        codes = [question.code for question in found.questions if question.kind in WITH_TEXT]
        words = [] if data["too_few"] else words_of(found, codes, data["year"])
        return reports.Snapshot(
            title=_("Analysis of Expressions of Interest"),
            subtitle=record.name,
            version=_("%(total)d cities, as it stood in %(year)d")
            % {"total": data["total"], "year": data["year"]},
            data={"analysis": data, "words": words},
        )

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the template the analysis in words and charts."""
        return {"analysis": Analysis(data["analysis"])}

    def sheets(self, data: Mapping[str, Any]) -> Sequence[Sheet]:
        """Give a sheet of the ranking and one of own words."""
        analysis = Analysis(data["analysis"])
        return [ranking_sheet(analysis), words_sheet(analysis, data["words"])]
