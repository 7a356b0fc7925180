"""Rounds of reviews, for the coordinator: open, follow, close."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contracts.forms.review import DueForm, RoundForm
from contracts.models import ClimateContract, ReviewRound
from contracts.models.review import RoundState
from contracts.presenting.review_round import BoardRow, board_rows, columns
from contracts.selectors.review import round_figures
from contracts.services.review.errors import ReviewRefused
from contracts.services.review.letters import parts_of
from contracts.services.review.people import without_recipients
from contracts.services.review.rounds import (
    CLOSE_JOB,
    INVITE_JOB,
    OPEN_JOB,
    check_round,
    close_round,
    move_due_date,
    open_round,
)
from nss_portal.core import jobs
from nss_portal.core.access import may
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today

PAGE = 50


def _managed(request: HttpRequest) -> QuerySet[ReviewRound]:
    """Give the rounds; raises Http404 for whoever does not coordinate."""
    if not may(request.user, "review_round", "manage"):
        raise Http404
    return ReviewRound.objects.visible_to(request.user).light()


@never_cache
@require_http_methods(["GET", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds, and a form that opens one: filled in, looked at once more, then sent."""
    found = _managed(request)
    form = RoundForm(request.POST or None, initial=_proposal(found))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                if "confirm" not in request.POST:
                    check_round(**form.cleaned_data)
                    return _confirm_opening(request, form)
                opened = open_round(actor=request.user, **form.cleaned_data)
                messages.success(request, _("The round of %(year)d is being prepared.") % {"year": opened.year})
                return redirect(opened)
            except ReviewRefused as error:
                form.add_error(None, str(error))
        status = 422
    context = {"rounds": found, "form": form, "running": ClimateContract.objects.running(today()).count()}
    return render(request, "contracts/review/rounds.html", context, status=status)


def _proposal(rounds: Iterable[ReviewRound]) -> dict[str, object]:
    """Propose last year, or this year where last year has its round."""
    day = today()
    year = day.year if any(each.year == day.year - 1 for each in rounds) else day.year - 1
    return {"year": str(year), "due_on": day + timedelta(days=settings.NSS_REVIEW_DUE_AFTER_DAYS)}


def _confirm_opening(request: HttpRequest, form: RoundForm) -> HttpResponse:
    contracts = ClimateContract.objects.running(today()).count()
    context = {"form": form, "data": form.cleaned_data, "contracts": contracts}
    return render(request, "contracts/review/round_confirm.html", context)


@never_cache
@require_GET
def board(request: HttpRequest, year: int) -> HttpResponse:
    """Who is where and who needs help: as columns, or as a table."""
    current = get_object_or_404(_managed(request), year=year)
    body = kept_part(request, "contracts/review/_board.html", lambda: _board_context(request, current))
    context = {
        "round": current,
        "body": body,
        "work": _work_of(current),
        "is_late": current.state == RoundState.OPEN and current.due_on < today(),
    }
    return render(request, "contracts/review/board.html", context)


def _board_context(request: HttpRequest, current: ReviewRound) -> dict[str, object]:
    """Read who is where; the same for everybody with the same rights."""
    rows, hidden = board_rows(current)
    needing = [row for row in rows if row.worries]
    as_table = request.GET.get("weergave") == "tabel"
    chosen = needing if request.GET.get("hulp") else rows
    ordered = _sorted(chosen, request.GET.get("sort", ""))
    return {
        "round": current,
        "numbers": _numbers(current, rows),
        "links": _links(request, as_table=as_table),
        "rows": rows,
        "needing": needing,
        "hidden": hidden,
        "as_table": as_table,
        "only_help": bool(request.GET.get("hulp")),
        "columns": [] if as_table else columns(current, chosen),
        "page_obj": Paginator(ordered, PAGE).get_page(request.GET.get("page")),
        "due_form": DueForm(initial={"due_on": current.due_on}),
    }


def _numbers(current: ReviewRound, rows: list[BoardRow]) -> list[dict[str, object]]:
    silent = sum(row.silent for row in rows)
    done, parts = sum(row.done for row in rows), sum(row.parts for row in rows)
    numbers: list[dict[str, object]] = [
        {"value": len(rows), "label": _("reviews"), "url": ""},
        {
            "value": sum(row.review.submitted_at is not None for row in rows),
            "label": _("handed in by the city"),
            "url": "",
        },
        {"value": f"{done} / {parts}", "label": _("parties done"), "url": ""},
    ]
    if silent:
        url = reverse("contracts:round_silent", args=[current.year])
        numbers.append({"value": silent, "label": _("parties without an address"), "url": url})
    return numbers


def _links(request: HttpRequest, *, as_table: bool) -> dict[str, str]:
    """Give the addresses of the same board with other choices."""
    shown = "weergave=tabel" if as_table else ""
    helped = "hulp=1" if request.GET.get("hulp") else ""
    other = "&".join(part for part in (helped, "" if as_table else "weergave=tabel") if part)
    return {
        "all": f"?{shown}",
        "help": "?" + "&".join(part for part in (shown, "hulp=1") if part),
        "other": f"?{other}",
    }


SORTS = {
    "contract": lambda row: row.review.contract.title,
    "done": lambda row: (row.done / row.parts if row.parts else 0, row.review.contract.title),
}


def _sorted(rows: list[BoardRow], sort: str) -> list[BoardRow]:
    key = SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=key, reverse=sort.startswith("-")) if key else rows


def _work_of(current: ReviewRound) -> list[jobs.Job]:
    """Give the jobs of a round that are not done yet, newest first."""
    keys = [f"{kind}:{current.year}" for kind in (OPEN_JOB, INVITE_JOB, CLOSE_JOB)]
    return list(jobs.Job.objects.filter(key__in=keys).exclude(state=jobs.JobState.DONE).order_by("-pk"))


@never_cache
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    """Say what is still open, then close."""
    current = get_object_or_404(_managed(request), year=year)
    refusal = ""
    if request.method == "POST":
        try:
            close_round(year=current.year, actor=request.user)
            messages.success(request, _("The round of %(year)d is being closed.") % {"year": current.year})
            return redirect(current)
        except ReviewRefused as error:
            refusal = str(error)
    figures = round_figures(current)
    context = {
        "round": current,
        "figures": figures,
        "open_reviews": figures.reviews - figures.submitted,
        "open_parts": figures.parts - figures.parts_submitted,
        "refusal": refusal,
    }
    return render(request, "contracts/review/round_close.html", context, status=409 if refusal else 200)


@require_POST
def move_due(request: HttpRequest, year: int) -> HttpResponse:
    """Give everybody another last day."""
    current = get_object_or_404(_managed(request), year=year)
    form = DueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Fill in a day as in 15-12-2026."))
        return redirect(current)
    try:
        day: date = form.cleaned_data["due_on"]
        moved = move_due_date(round=current, due_on=day, actor=request.user)
        messages.success(
            request, _("The last day to answer is now %(date)s.") % {"date": date_format(moved.due_on)}
        )
    except ReviewRefused as error:
        messages.error(request, str(error))
    return redirect(current)


@never_cache
@require_GET
def silent(request: HttpRequest, year: int) -> HttpResponse:
    """The parties about which nobody can be written to."""
    current = get_object_or_404(_managed(request), year=year)
    open_parts = parts_of(current).exclude(state="submitted").exclude(review__contract__sharing="draft")
    found = without_recipients(open_parts)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "contracts/review/round_silent.html", {"round": current, "page_obj": page})
