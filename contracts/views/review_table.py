"""A whole part in one table, for who has many promises: typed, pasted out of a spreadsheet, saved at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from contracts.exchange.grids import UnreadableFile
from contracts.forms.review import STATUSES
from contracts.forms.review_table import PartTable
from contracts.models import Effort
from contracts.models.review import EffortStatus
from contracts.presenting.review import promise_of, status_mark, title_of
from contracts.review_paste import COLUMNS, headings, read_pasted
from contracts.selectors.review import efforts_of
from contracts.services.review.answers import is_complete
from contracts.services.review.bulk import save_efforts
from contracts.services.review.errors import ReviewRefused
from contracts.views.review_door import Door
from nss_portal.core.exports import xlsx
from nss_portal.core.exports.sheets import Column, Sheet
from nss_portal.core.rendering import render

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (6, 50, 20, 18, 14, 60, 60)


@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, door: Door) -> HttpResponse:
    """All promises of the part: fill in, paste and look, save what is right."""
    efforts = efforts_of(door.part)
    if request.method == "GET" and not (door.is_open and efforts):
        return redirect(door.url())
    rows = PartTable(efforts, _page(request))
    if request.method == "GET":
        return _page_of(request, door, rows, efforts)
    rows.take(request.POST)
    wanted = request.POST.get("do", "save")
    if wanted == "paste":
        return _paste(request, door, rows, efforts)
    if wanted == "rest":
        count = rows.fill_rest()
        return _page_of(request, door, rows, efforts, filled=count)
    return _save(request, door, rows, efforts)


def _page(request: HttpRequest) -> int:
    sent = request.GET.get("page", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 5 else 1


def _paste(request: HttpRequest, door: Door, rows: PartTable, efforts: list[Effort]) -> HttpResponse:
    """Fill the table with pasted cells, to be looked at; nothing is saved yet."""
    text = request.POST.get("rows", "")
    try:
        found = read_pasted(text, efforts)
    except UnreadableFile as error:
        return _page_of(request, door, rows, efforts, status=422, paste_error=str(error), pasted=text)
    count, elsewhere = rows.fill(found.rows)
    if elsewhere:
        found.notes.append(
            _("These numbers stand on another page; paste them there: %(numbers)s.")
            % {"numbers": ", ".join(map(str, elsewhere))}
        )
    left = text if found.notes else ""
    return _page_of(request, door, rows, efforts, filled=count, notes=found.notes, pasted=left)


def _save(request: HttpRequest, door: Door, rows: PartTable, efforts: list[Effort]) -> HttpResponse:
    given = rows.given()
    try:
        outcome = save_efforts(part=door.part, given=given, actor=door.actor)
    except ReviewRefused as error:
        return _page_of(request, door, rows, efforts, status=409, refusal=str(error))
    rows.show(outcome, _("%(who)s saved here in the meantime: %(said)s. Save again to replace that."))
    saved = ngettext("%(count)d answer saved.", "%(count)d answers saved.", len(outcome.saved))
    if not rows.wrong:
        messages.success(request, saved % {"count": len(outcome.saved)})
        fresh = efforts_of(door.part)
        if all(is_complete(effort) for effort in fresh):
            return redirect(door.url("check"))
        suffix = f"?page={rows.page}" if rows.page > 1 else ""
        return redirect(door.url("table") + suffix)
    return _page_of(request, door, rows, efforts, status=422, saved=saved % {"count": len(outcome.saved)})


def _page_of(
    request: HttpRequest, door: Door, rows: PartTable, efforts: list[Effort], *, status: int = 200, **said: Any
) -> HttpResponse:
    context = {
        "refusal": "",
        "paste_error": "",
        "pasted": "",
        "notes": [],
        "saved": "",
        "filled": None,
        **said,
        "door": door,
        "table": rows,
        "lines": [_line(row, door, efforts) for row in rows.rows],
        "statuses": STATUSES,
        "round": door.part.review.round,
        "contract": door.part.review.contract,
        "table_url": door.url("table"),
        "page_numbers": range(1, rows.pages + 1),
        "same_for_all_url": door.url("same_for_all"),
        "part_url": door.url(),
        "file_url": door.url("table_file"),
        "columns": list(headings().values()),
        "same_count": sum(
            row.effort.previous_status == EffortStatus.ON_COURSE and not row.effort.status for row in rows.rows
        ),
        "target_year": door.part.review.version.target_year,
    }
    return render(request, "contracts/review/table.html", context, status=status)


def _line(row: Any, door: Door, efforts: list[Effort]) -> dict[str, Any]:
    return {
        "row": row,
        "title": title_of(promise_of(row.effort)),
        "is_action": row.effort.action_id is not None,
        "last": last_of(row.effort),
        "planned": row.effort.planned_kt,
        "url": door.url("effort", number=row.number),
    }


def last_of(effort: Effort) -> str:
    """Say in a word what was answered last year; '' when nothing was."""
    return status_mark(effort.previous_status).label if effort.previous_status else ""


@require_GET
def table_file(request: HttpRequest, door: Door) -> HttpResponse:
    """The table as a workbook: to fill in elsewhere, and to paste back."""
    efforts = efforts_of(door.part)
    rows = PartTable(efforts)
    rows.rows = [row for page in range(1, rows.pages + 1) for row in PartTable(efforts, page).rows]
    columns = [Column(heading, width=width) for heading, width in zip(headings().values(), WIDTHS, strict=True)]
    labels = {value: str(label) for value, label in STATUSES}
    cells = [
        {
            "number": row.number,
            "title": title_of(promise_of(row.effort)),
            "last": last_of(row.effort),
            "kt": row.effort.expected_kt.normalize() if row.effort.expected_kt is not None else None,
            "status": labels.get(row.typed["status"], ""),
            "text": row.typed["text"],
            "learned": row.typed["learned"],
        }
        for row in rows.rows
    ]
    sheet = Sheet(
        title=door.part.party.name,
        columns=columns,
        rows=[[line[name] for name in COLUMNS] for line in cells],
        note=_("Answers: %(answers)s") % {"answers": ", ".join(labels.values())},
    )
    response = HttpResponse(xlsx([sheet], title=str(door.part)), content_type=XLSX)
    name = slugify(f"herijking-{door.part.review.round.year}-{door.part.party.name}")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
