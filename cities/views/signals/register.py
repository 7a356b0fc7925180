"""The register of signals, response times, and the board for the coordination team."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.filters_signals import LATE, ORDERINGS, SignalFilter
from cities.models import Signal
from cities.models.signal import SignalQuerySet, SignalState
from cities.presenting_signals import signals_sheet, times_chart, times_sheet
from cities.rows_signals import rows, to_show
from cities.selectors_signals import newest_by_column, response_times, sender_keys, with_people_of
from nss_portal.core.access import NotAllowed, Role, standing_of
from nss_portal.core.exports import csv_bytes, xlsx
from nss_portal.core.formats import format_number, format_percent
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 25
PER_COLUMN = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOARD = (
    SignalState.SENT,
    SignalState.RECEIVED,
    SignalState.ANSWERED,
    SignalState.FOLLOW_UP,
    SignalState.CLOSED,
)


def _selection(request: HttpRequest) -> SignalFilter:
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[""])
    visible = Signal.objects.visible_to(request.user)
    return SignalFilter(request.GET, queryset=visible.order_by(*ordering, "-pk"), request=request)


def _with_filters(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return f"{reverse(name)}?{query.urlencode()}" if query else reverse(name)


def signal_list(request: HttpRequest) -> HttpResponse:
    """The register: what the person may see, own drafts included."""
    body = KeptPart(request, "signals", lambda: _list_context(request))
    return render(request, "cities/signal_list.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    signals: SignalQuerySet = found.qs
    page = Paginator(to_show(signals), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "filter": found,
        "page_obj": page,
        "rows": rows(page.object_list),
        "may_write": bool(sender_keys(request.user)),
        "may_see_board": standing_of(request.user).has(Role.COORDINATOR, Role.STEERING),
        "csv_url": _with_filters(request, "cities:signals_csv"),
        "xlsx_url": _with_filters(request, "cities:signals_xlsx"),
    }


def download_csv(request: HttpRequest) -> HttpResponse:
    """The selection of the register as CSV, whole."""
    sheet = signals_sheet(with_people_of(_selection(request).qs))
    return _file(csv_bytes(sheet), "text/csv; charset=utf-8", "signalen.csv")


def download_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, with the response times on a second sheet."""
    sheets = [signals_sheet(with_people_of(_selection(request).qs)), times_sheet(response_times(request.user))]
    return _file(xlsx(sheets, title=_("Signals")), XLSX, "signalen.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def times(request: HttpRequest) -> HttpResponse:
    """How soon addressees answer: table and chart."""
    body = KeptPart(request, "signal_times", lambda: _times_context(request))
    return render(request, "cities/signal_times.html", {"body": body})


def _times_context(request: HttpRequest) -> dict[str, Any]:
    found = response_times(request.user)
    base = reverse("cities:signals")
    table = [
        {
            "name": one.organisation.local_name,
            "url": f"{base}?aan={one.organisation.public_id}",
            "answered": one.answered,
            "median": "–" if one.median_days is None else format_number(one.median_days),
            "in_time": "–" if one.in_time is None else format_percent(100 * one.in_time),
            "waiting": one.waiting,
            "overdue": one.overdue,
        }
        for one in found
    ]
    return {"rows": table, "chart": times_chart(found)}


def board(request: HttpRequest) -> HttpResponse:
    """All signals by state, for the coordination team and the steering group; also as the register."""
    if not standing_of(request.user).has(Role.COORDINATOR, Role.STEERING):
        raise NotAllowed(_("The board is for the coordination team and the steering group."))
    body = KeptPart(request, "signal_board", lambda: {"columns": _columns(request)})
    return render(request, "cities/signal_board.html", {"body": body})


def _columns(request: HttpRequest) -> list[dict[str, Any]]:
    """Give per state its newest signals; what is late stands in a column of its own, first."""
    visible: SignalQuerySet = Signal.objects.visible_to(request.user)
    places = newest_by_column(visible, BOARD, late=LATE, most=PER_COLUMN + 1)
    keys = [pk for column in places.values() for pk in column]
    shown = {row["pk"]: row for row in rows(to_show(visible.filter(pk__in=keys)))}
    titles = [(_("Answer is late"), LATE)] + [(str(state.label).capitalize(), state.value) for state in BOARD]
    base = reverse("cities:signals")
    return [
        {
            "title": title,
            "rows": [shown[pk] for pk in list(places.get(column, ()))[:PER_COLUMN]],
            "has_more": len(places.get(column, ())) > PER_COLUMN,
            "url": f"{base}?stand={column}",
        }
        for title, column in titles
    ]
