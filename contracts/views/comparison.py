"""Cities on one footing, and the sum of all contracts against the national path."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from cities.models import Municipality
from contracts.forms.comparison import CompareForm, PointForm
from contracts.monitoring.compare import Comparison, compare, footings, with_paths, years_of
from contracts.monitoring.national import national
from contracts.services import national as services
from nss_portal.core.access import standing_of
from nss_portal.core.exports import csv_bytes
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 40


def cities(request: HttpRequest) -> HttpResponse:
    """Cities beside each other; the most alike to one's own or the chosen one first."""
    body = KeptPart(request, "emissions-compare", lambda: _context(request))
    return render(request, "contracts/monitoring/compare.html", {"body": body})


def _chosen(request: HttpRequest) -> tuple[CompareForm, Comparison | None, str]:
    """Give the form, the comparison that it asks for (None without any footing), and what could not be found."""
    found = footings()
    footing = next((each for each in found if each.key == request.GET.get("bron")), found[0] if found else None)
    if footing is None:
        return CompareForm(footings=[], years=[]), None, ""
    years = years_of(footing)
    place, unknown = _place(request)
    year = _year(request.GET.get("jaar", ""), years) or years[0]
    earlier = [each for each in years if each < year]
    since = _year(request.GET.get("vanaf", ""), earlier)
    if since is None and "vanaf" not in request.GET and earlier:
        since = earlier[-1]
    order = request.GET.get("volgorde", "")
    found_cities = compare(footing, year=year, since=since, mine=place, order=order)
    initial = {
        "gemeente": found_cities.mine.name if found_cities.mine else unknown,
        "bron": footing.key,
        "jaar": year,
        "vanaf": since or "",
        "volgorde": order,
    }
    return CompareForm(initial=initial, footings=found, years=years), found_cities, unknown


def _year(text: str, years: list[int]) -> int | None:
    return int(text) if text.isdigit() and int(text) in years else None


def _place(request: HttpRequest) -> tuple[str, str]:
    """Give the code of the municipality to compare with, and the text where there is none of that name.

    Without a choice it is one's own municipality.
    """
    text = request.GET.get("gemeente")
    current = Municipality.objects.current()
    if text is None:
        own = current.filter(organisation__in=standing_of(request.user).organisations)
        codes = list(own.values_list("code", flat=True)[:2]) if standing_of(request.user).organisations else []
        return (codes[0], "") if len(codes) == 1 else ("", "")
    text = text.strip()
    if not text:
        return "", ""
    named = list(current.named(text).values_list("code", "common_name", "name"))
    plain = text.casefold()
    exact = [row for row in named if plain in {part.casefold() for part in row}] or named
    return (exact[0][0], "") if len(exact) == 1 else ("", text)


def _context(request: HttpRequest) -> dict[str, Any]:
    form, found, unknown = _chosen(request)
    if found is None:
        return {"form": form, "found": None, "unknown": "", "rows": []}
    page = Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    with_paths(request.user, shown)
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "form": form,
        "found": found,
        "unknown": unknown,
        "page_obj": page,
        "rows": [_row(found, row) for row in shown],
        "has_paths": any(row.path_done is not None for row in shown),
        "chart": found.chart(shown),
        "query": urlencode(query, doseq=True) if query else "",
    }


def _row(found: Comparison, row: Any) -> dict[str, Any]:
    return {"city": row, "sectors": [row.tons(row.sectors.get(code)) for code in found.labels]}


def cities_download(request: HttpRequest) -> HttpResponse:
    """The whole comparison as open data."""
    _form, found, _unknown = _chosen(request)
    if found is None:
        raise Http404
    response = HttpResponse(csv_bytes(found.sheet(), open_data=True), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="uitstoot-vergeleken-{found.year}.csv"'
    return response


def country(request: HttpRequest) -> HttpResponse:
    """The sum of all contracts in force that the person sees; coordinators enter the national path here."""
    may = services.may_set(request.user)
    form = PointForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            try:
                services.set_point(actor=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, " ".join(error.messages))
            else:
                messages.success(request, _("The national path is saved."))
                return redirect("contracts:country")
    context = {
        "body": KeptPart(request, "emissions-national", lambda: {"found": national(request.user)}),
        "form": form,
        "may_set": may,
    }
    return render(request, "contracts/monitoring/national.html", context)
