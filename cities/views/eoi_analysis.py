"""The analysis of Expressions of Interest: the ranking, the cities behind a bar, own words, downloads."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import EoiAnalysis
from cities.models.eoi import WITH_TEXT, Kind
from cities.models.involvement import Level
from cities.presenting_eoi_analysis import Analysis, level_name, ranking_sheet, words_sheet
from cities.reports_eoi import may_ask_report
from cities.selectors_eoi_analysis import Gathered, analyse, gather, middle_of, words_of
from nss_portal.core import exports
from nss_portal.core.access import may
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Choice:
    """What the address asks for: the call, a level ('' for all) and a year (None for the newest)."""

    calls: list[EoiAnalysis]
    call: EoiAnalysis | None
    level: str
    year: int | None


def _choice(request: HttpRequest) -> Choice:
    calls = list(EoiAnalysis.objects.visible_to(request.user))
    code, level, year = (request.GET.get(name, "") for name in ("oproep", "niveau", "jaar"))
    chosen = [call for call in calls if call.code == code] if code else calls[:1]
    if code and not chosen:
        raise Http404
    return Choice(
        calls=calls,
        call=_with_answers(calls) if not code else chosen[0],
        level=level if level in Level.values else "",
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
    )


def _with_answers(calls: list[EoiAnalysis]) -> EoiAnalysis | None:
    """Give the newest call that is closed: one that is still open would change by the hour."""
    return next((call for call in calls if not call.takes_answers), calls[0] if calls else None)


class SelectionForm(forms.Form):
    """Call, level and year; the address holds them."""

    oproep = forms.ChoiceField(required=False)
    niveau = forms.ChoiceField(required=False)
    jaar = forms.ChoiceField(required=False)

    def __init__(self, choice: Choice, analysis: Analysis) -> None:
        code = choice.call.code if choice.call else ""
        super().__init__(
            initial={"oproep": code, "niveau": analysis.data["level"], "jaar": str(analysis.year)}, auto_id="id_%s"
        )
        levels = [row["level"] for row in analysis.data["levels"]]
        self._set("oproep", _("Call"), [(call.code, call.name) for call in choice.calls])
        self._set("niveau", _("Involvement"), [("", _("All")), *((each, level_name(each)) for each in levels)])
        self._set("jaar", _("Year"), [(str(year), str(year)) for year in analysis.data["years"]])

    def _set(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        if len(choices) < 2:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - all three are
        # Without "not required" beside a filter.
        field.label, field.choices, field.required = label, choices, True


def analysis(request: HttpRequest) -> HttpResponse:
    """The ranking per question, as bars and as a table."""
    choice = _choice(request)
    if choice.call is None:
        if not request.user.is_authenticated:
            raise Http404
        return render(request, "cities/eoi/analysis_none.html", {})
    call = choice.call
    body = KeptPart(request, "eoi_analysis", lambda: _analysis_context(request, choice, call))
    return render(request, "cities/eoi/analysis.html", {"call": call, "body": body})


def _analysis_context(request: HttpRequest, choice: Choice, call: EoiAnalysis) -> dict[str, Any]:
    found = gather(call, request.user)
    shown = Analysis(analyse(found, level=choice.level, year=choice.year))
    query = request.GET.urlencode()
    return {
        "analysis": shown,
        "form": SelectionForm(choice, shown),
        "files": {kind: _file_url(kind, query) for kind in TYPES},
        "may_manage": may(request.user, "eoi_call", "manage"),
        "may_report": may_ask_report(request.user, found.call),
        "query": f"?{query}" if query else "",
    }


def _file_url(kind: str, query: str) -> str:
    url = reverse("cities:eoi_analysis_file", args=[kind])
    return f"{url}?{query}" if query else url


def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same selection as CSV, or as XLSX with own words; cities are named as far as one may see them."""
    choice = _choice(request)
    if kind not in TYPES or choice.call is None:
        raise Http404
    found = gather(choice.call, request.user)
    shown = Analysis(analyse(found, level=choice.level, year=choice.year))
    ranking = ranking_sheet(shown)
    if kind == "csv":
        content = exports.csv_bytes(ranking)
    else:
        codes = [question.code for question in found.questions if question.kind in WITH_TEXT]
        words = words_of(found, codes, shown.year, choice.level)
        content = exports.xlsx(
            [ranking, words_sheet(shown, words)], title=_("Analysis of Expressions of Interest")
        )
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="eoi-analyse-{choice.call.code}.{kind}"'
    return response


def _gathered(request: HttpRequest, code: str) -> tuple[Gathered, str, int]:
    call = get_object_or_404(EoiAnalysis.objects.visible_to(request.user), code=code)
    found = gather(call, request.user)
    level, year = request.GET.get("niveau", ""), request.GET.get("jaar", "")
    chosen = int(year) if year.isdecimal() and int(year) in found.open_years else 0
    chosen = chosen or max(found.open_years, default=call.year)
    return found, level if level in Level.values else "", chosen


def option(request: HttpRequest, code: str, question: str, option: str) -> HttpResponse:
    """The cities behind one bar, as far as one may see them."""
    found, level, year = _gathered(request, code)
    shown = Analysis(analyse(found, level=level, year=year))
    asked = next((each for each in shown.ranked if each.code == question), None)
    row = next((each for each in asked.rows if each.code == option), None) if asked else None
    if asked is None or row is None:
        raise Http404
    page = Paginator(row.cities, PER_PAGE).get_page(request.GET.get("page"))
    context = {"call": found.call, "analysis": shown, "question": asked, "row": row, "page_obj": page}
    return render(request, "cities/eoi/option.html", context)


def words(request: HttpRequest, code: str, question: str) -> HttpResponse:
    """What cities answered in their own words, as far as one may read them."""
    found, level, year = _gathered(request, code)
    asked = next((each for each in found.questions if each.code == question and each.kind in WITH_TEXT), None)
    if asked is None:
        raise Http404
    said = words_of(found, [question], year, level)
    is_number = asked.kind == Kind.NUMBER
    context = {
        "call": found.call,
        "question": asked,
        "year": year,
        "answered": sum(question in each.worded for each in found.until(year)),
        "page_obj": Paginator(said, PER_PAGE).get_page(request.GET.get("page")),
        "is_number": is_number,
        "middle": middle_of(said) if is_number else None,
    }
    return render(request, "cities/eoi/words.html", context)
