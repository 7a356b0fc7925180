"""Figures of all municipalities, for coordinators: fetch them, take a file, see what came of it, undo it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from contracts.forms.fetching import FetchForm, FileForm
from contracts.importing.rows import UnreadableFile
from contracts.models import DataFetch
from contracts.models.fetch import FetchState, Service
from contracts.services import fetching as services
from contracts.services.errors import Refused
from nss_portal.core import jobs
from nss_portal.core.exports import Column, Sheet, csv_bytes
from nss_portal.core.rendering import render

PER_PAGE = 25
TONES = {
    FetchState.WAITING: "info",
    FetchState.TAKEN: "good",
    FetchState.TRIED: "neutral",
    FetchState.REFUSED: "attention",
    FetchState.FAILED: "bad",
    FetchState.UNDONE: "neutral",
}


def _coordinators_only(request: HttpRequest) -> None:
    if not services.may_fetch(request.user):
        raise Http404


def overview(request: HttpRequest, forms: dict[str, Any] | None = None) -> HttpResponse:
    """What was fetched and taken, and the two ways to get more."""
    _coordinators_only(request)
    found = DataFetch.objects.visible_to(request.user).defer("reasons")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"fetch": fetch, "tone": TONES[FetchState(fetch.state)]} for fetch in page.object_list],
        "fetch_form": FetchForm(prefix="haal"),
        "file_form": FileForm(prefix="bestand"),
        "has_key": services.is_set_up(Service.KLIMAATMONITOR),
        "form": None,
        **(forms or {}),
    }
    return render(request, "contracts/monitoring/fetches.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a service; a button tries it out or takes it."""
    _coordinators_only(request)
    form = FetchForm(request.POST, prefix="haal")
    if form.is_valid():
        values = form.cleaned_data
        try:
            fetch = services.ask_fetch(actor=request.user, dry_run="proef" in request.POST, **values)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return redirect(fetch)
    return overview(request, {"fetch_form": form, "form": form})


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a file, or try it out."""
    _coordinators_only(request)
    form = FileForm(request.POST, request.FILES, prefix="bestand")
    if form.is_valid():
        values = form.cleaned_data
        try:
            fetch = services.take_file(
                actor=request.user,
                name=values["file"].name,
                content=values["file"].read(),
                form=values["form"],
                release=values["release"],
                dry_run="proef" in request.POST,
                partial=values["partial"],
            )
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            return redirect(fetch)
    return overview(request, {"file_form": form, "form": form})


def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of one fetch, with the rows that were refused."""
    fetch = get_object_or_404(DataFetch.objects.visible_to(request.user), pk=pk)
    waiting = fetch.state == FetchState.WAITING
    context = {
        "fetch": fetch,
        "tone": TONES[FetchState(fetch.state)],
        "job": jobs.find(kind=services.FETCH_JOB, key=f"{services.FETCH_JOB}:{fetch.pk}") if waiting else None,
        "may_undo": fetch.state == FetchState.TAKEN and fetch.taken > 0 and services.may_fetch(request.user),
    }
    return render(request, "contracts/monitoring/fetch.html", context)


def refused_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as CSV."""
    fetch = get_object_or_404(DataFetch.objects.visible_to(request.user), pk=pk)
    columns = [Column(_("Row")), Column(_("Reason"))]
    response = HttpResponse(
        csv_bytes(Sheet(str(fetch), columns, fetch.reasons)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="geweigerde-rijen-{fetch.pk}.csv"'
    return response


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away what a fetch brought."""
    fetch = get_object_or_404(DataFetch.objects.visible_to(request.user), pk=pk)
    try:
        number = services.undo_fetch(actor=request.user, fetch=fetch)
    except Refused as error:
        messages.error(request, str(error))
    else:
        says = ngettext("%(number)s figure is taken away.", "%(number)s figures are taken away.", number)
        messages.success(request, says % {"number": number})
    return redirect(fetch)
