"""The transversal themes: what holds most cities up, and at which step."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.presenting_bottlenecks import behind_in_words
from cities.selectors_bottleneck_themes import ThemeRow, ThemeTable, transversal_themes
from cities.sheets_bottlenecks import theme_sheets
from nss_portal.core import charts
from nss_portal.core.exports import csv_bytes, xlsx
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    """Themes ranked by the number of cities behind them, and by step of the transition map."""
    body = KeptPart(request, "bottleneck_themes", lambda: _context(request))
    return render(request, "cities/bottleneck_themes.html", {"body": body})


def _context(request: HttpRequest) -> dict[str, Any]:
    table = transversal_themes(request.user)
    steps: list[Any] = [*table.steps, *([None] if table.has_stepless else [])]
    return {
        "step_names": [step.label if step else _("No step named") for step in steps],
        "rows": [_row(row, steps) for row in table.rows],
        "chart": _chart(table) if any(row.cities for row in table.rows) else None,
    }


def _row(row: ThemeRow, steps: list[Any]) -> dict[str, Any]:
    base = f"{reverse('cities:bottlenecks')}?stand=open&thema={row.theme.code}"
    cells = [
        {
            "cities": row.cities_per_step.get(step.pk if step else None, 0),
            "label": step.label if step else _("No step named"),
            "url": f"{base}&stap={step.code}" if step else base,
        }
        for step in steps
    ]
    return {"label": row.theme.label, "url": base, "cities": row.cities, "number": row.bottlenecks, "cells": cells}


def _chart(table: ThemeTable) -> charts.Chart:
    first = table.rows[0]
    text = _("Most cities stand behind {theme}: {cities}.")
    return charts.bar(
        charts.BarChart(
            title=_("Cities behind each theme"),
            description=text.format(theme=first.theme.label, cities=behind_in_words(first.cities)),
            unit=_("cities"),
            source=_("Register of bottlenecks, open ones"),
            categories=[row.theme.label for row in table.rows],
            series=[charts.Series(_("cities"), [row.cities for row in table.rows])],
            category_title=_("Theme"),
            horizontal=True,
        )
    )


@require_safe
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The table of themes and steps, as CSV or as a workbook."""
    sheets = theme_sheets(transversal_themes(request.user))
    if form == "csv":
        response = HttpResponse(csv_bytes(sheets[0]), content_type="text/csv; charset=utf-8")
    elif form == "xlsx":
        response = HttpResponse(xlsx(sheets, title=_("Themes of bottlenecks")), content_type=XLSX)
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="knelpunten-themas.{form}"'
    return response
