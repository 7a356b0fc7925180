"""The register of climate contracts, and the same as CSV."""

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from contracts.filters import DEFAULT_ORDERING, ORDERINGS, ContractFilter
from contracts.models import ClimateContract
from contracts.pages import register_rows
from contracts.selectors.contract import registered
from contracts.services.contract import making_for
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render

PER_PAGE = 50
HEADING = [
    "id",
    "title",
    "municipalities",
    "cbs_codes",
    "target_year",
    "version",
    "state",
    "parties",
    "actions",
    "investment_meur",
    "illustrative",
    "source",
]


def contract_list(request: HttpRequest) -> HttpResponse:
    """Table of the contracts that one sees, filtered and sorted as the address says."""
    body = kept_part(request, "contracts/includes/list.html", lambda: _list_context(request))
    return render(request, "contracts/list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    download = reverse("contracts:list_csv")
    return {
        "filter": found,
        "page_obj": page,
        "rows": register_rows(page.object_list),
        "download_url": f"{download}?{query.urlencode()}" if query else download,
        "default_ordering": DEFAULT_ORDERING,
        "may_make": bool(making_for(request.user)),
    }


def _selection(request: HttpRequest) -> ContractFilter:
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[DEFAULT_ORDERING])
    visible = registered(request.user).order_by(*ordering, "pk")
    return ContractFilter(request.GET, queryset=visible, request=request)


class _Echo:
    """A file for csv.writer that hands every line back."""

    def write(self, line: str) -> str:
        return line


def contract_download(request: HttpRequest) -> HttpResponseBase:
    """The selection of the register as CSV, whole."""
    writer = csv.writer(_Echo(), delimiter=";" if get_language() == "nl" else ",")
    contracts: QuerySet[ClimateContract] = _selection(request).qs
    rows = register_rows(contracts)

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(HEADING)
        for row in rows:
            yield writer.writerow(row.csv())

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="klimaatcontracten.csv"'
    return response
