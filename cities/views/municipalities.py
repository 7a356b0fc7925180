"""The list and map of municipalities, and the page of one."""

import csv
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cities.filters import DEFAULT_ORDERING, ORDERINGS, MunicipalityFilter
from cities.maps import map_of
from cities.models import Municipality
from cities.models.involvement import LEVEL_TONES, Level
from cities.presenting import (
    involvement_history,
    knows_people,
    level_numbers,
    municipality_facts,
    planned_merger_in_words,
    population_source,
    table_rows,
)
from cities.selectors import (
    MunicipalityRow,
    level_counts,
    municipality_rows,
    periods_of,
    present_level,
)
from cities.services.requests import may_ask
from cities.views.codes import find_municipality
from nss_portal.core.access import may, standing_of
from nss_portal.core.gathering import sections
from nss_portal.core.kept import kept, kept_part
from nss_portal.core.registry import municipality_sections
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PER_PAGE = 50


def municipality_list(request: HttpRequest) -> HttpResponse:
    """List and map of the municipalities of today, filtered and sorted as the address says."""
    body = kept_part(request, "cities/includes/municipality_list.html", lambda: _list_context(request))
    return render(request, "cities/municipality_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found, rows = _selection(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    everything = Municipality.objects.visible_to(request.user).current()
    return {
        "filter": found,
        "rows": rows,
        "page_obj": page,
        "table": table_rows(page),
        "source": population_source(rows),
        "numbers": level_numbers(level_counts(everything)),
        "map": map_of(rows, table_url="#lijst"),
        "download_url": _with_query(reverse("cities:municipalities_csv"), request),
        "may_decide": may(request.user, "involvement", "decide"),
        "default_ordering": DEFAULT_ORDERING,
    }


def _selection(request: HttpRequest) -> tuple[MunicipalityFilter, list[MunicipalityRow]]:
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[DEFAULT_ORDERING])
    visible = Municipality.objects.visible_to(request.user).current().with_level().order_by(*ordering, "pk")
    found = MunicipalityFilter(request.GET, queryset=visible, request=request)
    return found, municipality_rows(found.qs)


def _with_query(url: str, request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return f"{url}?{query.urlencode()}" if query else url


class _Echo:
    """A file for csv.writer that hands every line back."""

    def write(self, line: str) -> str:
        return line


def municipality_download(request: HttpRequest) -> HttpResponseBase:
    """The selection of the list as CSV, whole; the source stands in a column, so that it travels along."""
    _found, rows = _selection(request)
    writer = csv.writer(_Echo(), delimiter=";" if get_language() == "nl" else ",")
    heading = [
        "cbs_code",
        "name",
        "official_name",
        "province",
        "population",
        "population_year",
        "lat",
        "lon",
        "involvement",
        "involvement_since",
        "source",
    ]

    def lines() -> Any:
        yield "\ufeff" + writer.writerow(heading)
        for row in rows:
            values: list[Any] = [row.code, row.common_name, row.name, row.province, row.population]
            values += [row.population_year, row.lat, row.lon, row.level, row.level_since, "CBS, CC BY 4.0"]
            yield writer.writerow(values)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="gemeenten.csv"'
    return response


def municipality_page(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one municipality; a code that a merger ended leads to its successor."""
    municipality = find_municipality(request, code)
    periods = list(periods_of(municipality))
    level = present_level(municipality, periods)
    has_ended = municipality.valid_to is not None and municipality.valid_to < today()
    context = {
        "municipality": municipality,
        "level": Level(level),
        "tone": LEVEL_TONES[Level(level)],
        "has_ended": has_ended,
        "facts": municipality_facts(municipality, periods),
        "history": involvement_history(periods, of=municipality, with_people=knows_people(request.user)),
        "sees_team": bool(standing_of(request.user).organisations),
        "planned_merger": planned_merger_in_words(municipality),
        "may_ask": level == Level.OTHER and not has_ended and may_ask(request.user, municipality),
        "may_decide": not has_ended and may(request.user, "involvement", "decide"),
    }
    # Apps above tell of what a person takes part in, which colleagues with the same roles need not see.
    context["sections"] = kept(
        "municipality",
        request.user,
        municipality.pk,
        request.user.pk,
        make=lambda: _sections(request, municipality, context),
    )
    return render(request, "cities/municipality.html", context)


def _sections(request: HttpRequest, municipality: Municipality, context: Mapping[str, Any]) -> SafeString:
    """Draw what all apps tell about a municipality."""
    found = sections(section(request.user, municipality) for section in municipality_sections)
    return render_to_string("cities/includes/sections.html", {**context, "sections": found}, request)
