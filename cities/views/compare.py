"""Two to five municipalities beside each other, on the page and as a table to download."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cities.models import Municipality
from cities.selectors_compare import MOST, Choice, chosen, names_of_municipalities
from cities.selectors_similar import alike
from nss_portal.core.kept import KeptPart
from nss_portal.core.registry import ComparedRow, comparison_rows
from nss_portal.core.rendering import render

SUGGESTED = 4
# A spreadsheet takes what begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def compare(request: HttpRequest) -> HttpResponse:
    """Municipalities beside each other; with too few, too many or unknown ones it says so and asks."""
    choice = chosen(request.user, request.GET.getlist("g"))
    body = KeptPart(request, "compare", lambda: _context(request, choice))
    return render(request, "cities/compare.html", {"choice": choice, "body": body})


def _context(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    groups = grouped(rows_of(request, choice)) if choice.is_enough else []
    one = choice.municipalities[0] if len(choice.municipalities) == 1 else None
    return {
        "groups": groups,
        "problems": problems(choice),
        "successors": [successor for _ended, successor in choice.ended if successor],
        "slots": slots(choice),
        "names": names_of_municipalities(request.user),
        "columns": columns(choice),
        "suggestions": _suggestions(request, one) if one else [],
        "one": one,
        "download_url": f"{reverse('cities:compare_csv')}?{query(choice.codes)}",
    }


def query(codes: Iterable[str]) -> str:
    """Give the part of the address that names municipalities."""
    return urlencode([("g", code) for code in codes])


def slots(choice: Choice) -> list[dict[str, str | int]]:
    """Give the fields to name municipalities in: what was chosen or typed, and the empty ones after it."""
    values = [municipality.common_name for municipality in choice.municipalities]
    values = (values + choice.unknown)[:MOST]
    values += [""] * (MOST - len(values))
    return [{"number": number, "value": value} for number, value in enumerate(values, start=1)]


def columns(choice: Choice) -> list[dict[str, Any]]:
    """Give the heads of the columns, each with the address of the comparison without it."""
    return [
        {
            "municipality": municipality,
            "without": f"?{query(code for code in choice.codes if code != municipality.code)}",
        }
        for municipality in choice.municipalities
    ]


def problems(choice: Choice) -> list[str]:
    """Say what could not be taken, and what to do."""
    found = []
    for name in choice.unknown:
        text = _("There is no municipality '{name}'. Look at the spelling, or give the code of CBS (GM0363).")
        found.append(text.format(name=name))
    for ended, successor in choice.ended:
        text = _("{name} no longer exists: it went on in {successor}. Choose that one instead.")
        alone = _("{name} no longer exists.")
        found.append(text.format(name=ended, successor=successor) if successor else alone.format(name=ended))
    if choice.too_many:
        text = ngettext(
            "At most five fit beside each other; {number} was left out.",
            "At most five fit beside each other; {number} were left out.",
            choice.too_many,
        )
        found.append(text.format(number=choice.too_many))
    if not choice.is_enough and (choice.municipalities or found):
        found.append(_("Choose at least two municipalities."))
    return found


def rows_of(request: HttpRequest, choice: Choice) -> list[ComparedRow]:
    """Gather what all apps put beside each other."""
    return [row for source in comparison_rows for row in source(request.user, choice.municipalities)]


def grouped(rows: Iterable[ComparedRow]) -> list[dict[str, Any]]:
    """Give the rows under their headings, in order; a heading stands where its first row says."""
    groups: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.order):
        group = groups.setdefault(str(row.group), {"label": row.group, "rows": [], "sources": []})
        group["rows"].append(row)
        if row.source and row.source not in group["sources"]:
            group["sources"].append(row.source)
    return list(groups.values())


def _suggestions(request: HttpRequest, one: Municipality) -> list[dict[str, str]]:
    """Give the municipalities most like the one that was chosen, to put beside it."""
    return [
        {"name": like.city.name, "url": f"?{query([one.code, like.city.code])}"}
        for like in alike(request.user, one.code)[1][:SUGGESTED]
    ]


def download(request: HttpRequest) -> HttpResponse:
    """The same table as CSV; a choice that cannot be compared is refused with the reasons."""
    choice = chosen(request.user, request.GET.getlist("g"))
    if not choice.is_enough:
        text = "\n".join(problems(choice)) or _("Choose at least two municipalities.")
        return HttpResponse(text + "\n", status=400, content_type="text/plain; charset=utf-8")
    file = StringIO()
    writer = csv.writer(file, delimiter=";" if get_language() == "nl" else ",")
    names = [f"{municipality.common_name} ({municipality.code})" for municipality in choice.municipalities]
    writer.writerow([_("Group"), _("What"), *names, _("Source")])
    for group in grouped(rows_of(request, choice)):
        for row in group["rows"]:
            cells = [_cell(value.raw or str(value.text), str(value.note)) for value in row.values]
            writer.writerow([_safe(str(row.group)), _safe(str(row.label)), *cells, _safe(str(row.source))])
    response = HttpResponse("\ufeff" + file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vergelijking.csv"'
    return response


def _cell(text: str, note: str) -> str:
    return _safe(f"{text} ({note})" if text and note else text or note)


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula; a number stays a number."""
    if text.startswith(FORMULA_STARTS) and not text[1:].replace(",", "").replace(".", "").isdigit():
        return f"'{text}"
    return text
