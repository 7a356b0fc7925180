"""The emission figures of a municipality: the page, the figures to take along, and entering one's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import Municipality
from cities.views.codes import find_municipality, led_on
from contracts.forms.monitoring import FiguresForm, initial_of
from contracts.models import EmissionSeries
from contracts.monitoring.city import CityFigures, city_figures, sheet_of
from contracts.services import monitoring as services
from contracts.services.errors import Refused
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports import csv_bytes, xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@led_on
def emissions(request: HttpRequest, code: str) -> HttpResponse:
    """A municipality's emissions by each source, and why sources differ."""
    municipality = find_municipality(request, code)
    may = services.may_enter(request.user, municipality)

    def make() -> dict[str, Any]:
        found = city_figures(municipality)
        return {"figures": found, "mine": _own_years(found) if may else []}

    context = {"municipality": municipality, "may_enter": may, "body": KeptPart(request, "emissions", make)}
    return render(request, "contracts/monitoring/city.html", context)


def _own_years(figures: CityFigures) -> list[dict[str, Any]]:
    """Give the years that were entered by hand, each with the address to change it."""
    rows = []
    for line in figures.lines:
        if line.series.source.entered_for_id == figures.municipality.pk:
            rows += [
                {
                    "name": line.name,
                    "year": year,
                    "url": reverse(
                        "contracts:emissions_change", args=[figures.municipality.code, line.series.pk, year]
                    ),
                }
                for year in line.years
            ]
    return rows


@led_on
def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """All figures of a municipality, each with its source, as CSV (open data) or XLSX."""
    municipality = find_municipality(request, code)
    sheet = sheet_of(city_figures(municipality))
    content = csv_bytes(sheet, open_data=True) if kind == "csv" else xlsx([sheet], title=str(municipality))
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="uitstoot-{municipality.code}.{kind}"'
    return response


def _found_to_enter(request: HttpRequest, code: str) -> Municipality:
    municipality = find_municipality(request, code)
    if not services.may_enter(request.user, municipality):
        raise NotAllowed(_("You can enter figures of your own municipality only."))
    return municipality


@led_on
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """Enter the figures of a year out of a source."""
    municipality = _found_to_enter(request, code)
    form = FiguresForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        names = ("title", "citation", "release", "scope", "gas", "printed_unit")
        try:
            services.enter_figures(
                actor=request.user,
                municipality=municipality,
                entered=form.entered(),
                **{name: values[name] for name in names},
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The figures are saved."))
            return redirect("contracts:emissions", code=municipality.code)
    return _form_page(request, municipality, form)


@led_on
def change(request: HttpRequest, code: str, pk: int, year: int) -> HttpResponse:
    """Change the figures of a year, or take them away."""
    municipality = _found_to_enter(request, code)
    mine = EmissionSeries.objects.filter(municipality=municipality, source__entered_for=municipality)
    series = get_object_or_404(mine.select_related("source"), pk=pk)
    initial = initial_of(series, year)
    if not series.figures.filter(year=year).exists():
        raise Http404
    form = FiguresForm(request.POST or None, initial=initial, series=series)
    if request.method == "POST" and "weg" in request.POST:
        services.remove_figures(actor=request.user, series=series, year=year)
        messages.success(request, _("The figures of %(year)s are taken away.") % {"year": year})
        return redirect("contracts:emissions", code=municipality.code)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            services.change_figures(
                actor=request.user, series=series, revision=form.cleaned_data["revision"], entered=form.entered()
            )
        except EditConflict as error:
            conflict = _beside(form, error.record, year)
            data = request.POST.copy()
            data["revision"] = str(getattr(error.record, "revision"))  # noqa: B009 - Model itself has none
            form = FiguresForm(data, initial=initial, series=series)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The figures are saved."))
            return redirect("contracts:emissions", code=municipality.code)
    return _form_page(
        request, municipality, form, series=series, conflict=conflict, status=409 if conflict else 200
    )


def _beside(form: FiguresForm, record: Any, year: int) -> list[dict[str, Any]]:
    theirs = initial_of(record, year)
    return [
        {"label": field.label, "mine": field.value() or "", "theirs": theirs.get(field.name, "")}
        for field in form.numbers
        if str(field.value() or "") != str(theirs.get(field.name, ""))
    ]


def _form_page(
    request: HttpRequest,
    municipality: Municipality,
    form: FiguresForm,
    *,
    series: EmissionSeries | None = None,
    conflict: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"municipality": municipality, "form": form, "series": series, "conflict": conflict or []}
    return render(request, "contracts/monitoring/enter.html", context, status=status)
