"""What a version says, section by section and table by table: read by whoever sees the version."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contracts.exchange.document import document, sheet_of, sheets
from contracts.forms.tables import CommentForm, SectionForm
from contracts.models import ClimateContract, ContractVersion, DraftComment, SectionText
from contracts.pages import figures_for
from contracts.services import comments
from contracts.services.errors import Refused
from contracts.services.tables import may_write_table, save_text
from contracts.tables.checks import checklist
from contracts.tables.presenting import comments_on, overview_of, page_of, read_table, shown_table
from contracts.tables.template import Section, Table, Template, template_of
from contracts.views.access import find_version
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports import json_bytes, xlsx
from nss_portal.core.rendering import render

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_table(template: Template, code: str) -> Table:
    """Give the table of a code; raises Http404."""
    table = template.table(code)
    if table is None:
        raise Http404
    return table


def content(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """All sections and tables of a version, with how far they are."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    template = template_of(contract.standard)
    context = {
        "contract": contract,
        "version": version,
        "standard": contract.standard,
        "overview": overview_of(version, template, comments=contract.may_change),
        "may_edit": contract.may_change and version.is_open,
    }
    return render(request, "contracts/tables/content.html", context)


def section(request: HttpRequest, public_id: str, number: int, code: str) -> HttpResponse:
    """One section: its text and its tables; on a draft the text is a form that saves itself."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    held = _section(template_of(contract.standard), code)
    text = SectionText.objects.filter(version=version, section=held.record).first()
    may_edit = contract.may_change and version.is_open and held.record.asks_text
    form: SectionForm | None = None
    conflict: list[dict[str, Any]] = []
    status = 200
    if may_edit:
        initial = {"text": text.text, "text_en": text.text_en, "version": text.revision} if text else {}
        form = SectionForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                _save_text(request, version, held, form)
            except EditConflict as error:
                form, conflict, status = _both(request, form, error.record)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved."))
                return redirect("contracts:content", public_id, number)
    elif request.method == "POST":
        raise NotAllowed(_("This version is adopted and does not change. Start a new version."))
    context = {
        **_around(request, version, f"section:{code}"),
        "section": held.record,
        "tables": held.tables,
        "text": text,
        "saved_at": text.saved_at if text else None,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "contracts/tables/section.html", context, status=status)


def _section(template: Template, code: str) -> Section:
    held = template.section(code)
    if held is None:
        raise Http404
    return held


def _save_text(request: HttpRequest, version: ContractVersion, held: Section, form: SectionForm) -> SectionText:
    values = form.cleaned_data
    return save_text(
        version=version,
        actor=request.user,
        section=held.record,
        text=values["text"],
        text_en=values["text_en"],
        revision=values["version"],
    )


def _both(request: HttpRequest, form: SectionForm, theirs: Any) -> tuple[SectionForm, list[dict[str, Any]], int]:
    """Put both texts beside each other; saving again is on top of theirs."""
    rows = [
        {"label": form.fields[name].label, "mine": form.cleaned_data[name], "theirs": getattr(theirs, name)}
        for name in ("text", "text_en")
        if form.cleaned_data[name] != getattr(theirs, name)
    ]
    data = request.POST.copy()
    data["version"] = str(theirs.revision)
    return SectionForm(data), rows, 409


@require_POST
def section_autosave(request: HttpRequest, public_id: str, number: int, code: str) -> HttpResponse:
    """Save a section's text while somebody types."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    held = _section(template_of(version.contract.standard), code)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"message": " ".join(str(text) for each in form.errors.values() for text in each)}, status=400
        )
    try:
        saved = _save_text(request, version, held, form)
    except EditConflict:
        text = _("A colleague changed this meanwhile. Save to see both texts side by side.")
        return JsonResponse({"message": text}, status=409)
    except Refused as error:
        return JsonResponse({"message": str(error)}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H.%M"), "version": saved.revision})


def table(request: HttpRequest, public_id: str, number: int, code: str) -> HttpResponse:
    """One table, with its sums; what the portal works out stands beside what a city published."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    template = template_of(contract.standard)
    held = find_table(template, code)
    around = _around(request, version, f"table:{held.concept}")
    read = read_table(version, template, held)
    tables = list(template.tables)
    place = tables.index(held)
    page = page_of(read.of(held.concept), request.GET.get("page"), request.GET.get("rij", ""))
    context = {
        **around,
        "table": held.record,
        "shown": shown_table(held, read, personal=contract.may_change, page=list(page.object_list)),
        "page_obj": page,
        "may_write": may_write_table(request.user, version, held),
        "before": tables[place - 1] if place else None,
        "after": tables[place + 1] if place + 1 < len(tables) else None,
        "explains_gap": held.concept == "emissions-gap",
    }
    return render(request, "contracts/tables/table.html", context)


def _around(request: HttpRequest, version: ContractVersion, place: str) -> dict[str, Any]:
    """Give what sections and tables share: the contract, and what colleagues said, for colleagues alone."""
    contract: Any = version.contract
    return {
        "contract": contract,
        "version": version,
        "place": place,
        "may_edit": contract.may_change and version.is_open,
        "comments": comments_on(version, place) if contract.may_change else [],
        "comment_form": CommentForm(prefix="opmerking") if contract.may_change else None,
    }


@require_POST
def comment(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Say something to colleagues about a section or a table."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    place = request.POST.get("place", "")
    url = _url_of(version, place)
    form = CommentForm(request.POST, prefix="opmerking")
    if form.is_valid():
        try:
            comments.say(
                contract=version.contract, actor=request.user, place=place, text=form.cleaned_data["text"]
            )
            messages.success(request, _("Your colleagues can read it."))
        except Refused as error:
            messages.error(request, str(error))
    else:
        messages.error(request, " ".join(str(text) for each in form.errors.values() for text in each))
    return redirect(f"{url}#opmerkingen")


def _url_of(version: ContractVersion, place: str) -> str:
    """Give the page of a place; raises Http404 for one that this standard has not."""
    kind, _colon, name = place.partition(":")
    template = template_of(version.contract.standard)
    base = (version.contract.public_id, version.number)
    if kind == "section" and template.section(name):
        return reverse("contracts:section", args=[*base, name])
    held = template.of_concept(name) if kind == "table" else None
    if held is None:
        raise Http404
    return reverse("contracts:table", args=[*base, held.code])


@require_POST
def settle(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """Say that what a comment asked is done."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    held = get_object_or_404(DraftComment, contract=version.contract, pk=pk)
    comments.settle(comment=held, actor=request.user)
    return redirect(f"{_url_of(version, held.place)}#opmerkingen")


def as_json(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The version as one document that comes in again elsewhere; see `docs/contract.schema.json`."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    said = document(version, template_of(contract.standard), personal=contract.may_change)
    return _attached(json_bytes(said), "application/json; charset=utf-8", contract, number, "json")


def as_xlsx(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The version as a workbook with a sheet per table."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    made = sheets(version, template_of(contract.standard), personal=contract.may_change)
    return _attached(xlsx(made, title=contract.name), XLSX, contract, number, "xlsx")


def table_xlsx(request: HttpRequest, public_id: str, number: int, code: str) -> HttpResponse:
    """All rows of one table as a workbook, which can come in again."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    template = template_of(contract.standard)
    held = find_table(template, code)
    sheet = sheet_of(held, read_table(version, template, held), personal=contract.may_change)
    title = f"{contract.name}: {held.title}"
    return _attached(xlsx([sheet], title=title), XLSX, contract, number, "xlsx", what=f"tabel-{held.code}")


def _attached(
    content: bytes, kind: str, contract: ClimateContract, number: int, ending: str, what: str = "tabellen"
) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"klimaatcontract-{contract.public_id}-versie-{number}-{what}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def texts_of(error: ValidationError) -> str:
    """Give what a service refuses in one line."""
    return " ".join(error.messages)


def check(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """What is missing or odd in a draft, before it is handed in."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    if not contract.may_change:
        require(request.user, "contract", "change", contract)
    figures = figures_for(contract, version)
    context = {
        "contract": contract,
        "version": version,
        "found": checklist(version, template_of(contract.standard), figures.rows),
        "unexplained": [row for row in figures.contradictions if not row.note],
    }
    return render(request, "contracts/tables/checklist.html", context)
