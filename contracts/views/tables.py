"""Writing a table of a draft: one row as a form, many as a paste, all of it from a file, looked at first."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contracts.exchange.grids import UnreadableFile, checked_upload
from contracts.forms.tables import FileForm, PasteForm, RowForm, as_typed
from contracts.models import ContractImport, ContractVersion
from contracts.services import exchange
from contracts.services.draft import promising_for
from contracts.services.emission_rows import emission_revision
from contracts.services.errors import Refused
from contracts.services.tables import may_write_table, remove_row, save_row
from contracts.tables.holding import Held, Row, held_by
from contracts.tables.presenting import PAGE
from contracts.tables.template import Table, Template, template_of
from contracts.tables.units import unit_label
from contracts.tables.values import shown
from contracts.views.access import find_version
from contracts.views.content import find_table, texts_of
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render

MOST_SHOWN = 200  # lines of a dry run


def _draft(request: HttpRequest, public_id: str, number: int) -> ContractVersion:
    """Give a draft that the person may change as a whole."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    if not version.is_open:
        raise NotAllowed(_("This version is adopted and does not change. Start a new version."))
    return version


def _writable(
    request: HttpRequest, public_id: str, number: int, code: str
) -> tuple[ContractVersion, Template, Table]:
    """Give a table that the person may write in now; 403 with the reason otherwise."""
    version = find_version(request, public_id, number)
    template = template_of(version.contract.standard)
    held = find_table(template, code)
    if not version.is_open:
        raise NotAllowed(_("This version is adopted and does not change. Start a new version."))
    if not may_write_table(request.user, version, held):
        require(request.user, "contract", "change", version.contract)
    return version, template, held


def _row_of(held: Held, table: Table, ident: str) -> Row:
    row = next((each for each in held.of(table.concept) if each.ident == ident), None)
    if row is None:
        raise Http404
    return row


def _revision(table: Table, row: Row | None) -> int:
    if row is None:
        return 0
    return emission_revision(row) if table.holds == "emissions" else row.revision


def _form(
    request: HttpRequest, version: ContractVersion, table: Table, held: Held, data: Any, row: Row | None
) -> RowForm:
    initial: dict[str, Any] = {"version": _revision(table, row)}
    for column in table.typed:
        initial[column.key] = as_typed(column, row.cells.get(column.key)) if row else ""
    form = RowForm(data, table=table, names=held.names, initial=initial)
    contract: Any = version.contract
    if table.holds == "commitments" and not contract.may_change:
        mine = [each.name for each in promising_for(request.user, version)]
        form.fields["party"].widget = forms.Select(choices=[(name, name) for name in mine])
    return form


def row(request: HttpRequest, public_id: str, number: int, code: str, ident: str = "") -> HttpResponse:
    """Add a row, or change one; when a colleague was first both texts are shown."""
    version, _template, table = _writable(request, public_id, number, code)
    held = held_by(version, [table])
    kept = _row_of(held, table, ident) if ident else None
    if kept is not None and kept.fixed:
        raise NotAllowed(_("This figure is published by {source} and stays as it is.").format(source=kept.fixed))
    form = _form(request, version, table, held, request.POST or None, kept)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, version, table, form, ident)
        except EditConflict:
            form, conflict, status = _beside(request, version, table, form, ident)
        except Refused as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            _place(form, error)
        else:
            messages.success(request, _("Saved."))
            again = "then" in request.POST
            if again:
                return redirect("contracts:row_new", public_id, number, code)
            return redirect(_back(held, table, public_id, number, saved))
    context = {
        "contract": version.contract,
        "version": version,
        "table": table.record,
        "form": form,
        "ident": ident,
        "conflict": conflict,
        "is_new": not ident,
        "back_url": _back(held, table, public_id, number, ident),
    }
    return render(request, "contracts/tables/row.html", context, status=status)


def _back(held: Held, table: Table, public_id: str, number: int, ident: str) -> str:
    """Give the address of the table, on the page where a row stands."""
    url = reverse("contracts:table", args=[public_id, number, table.code])
    return f"{url}?rij={ident}" if ident and len(held.of(table.concept)) >= PAGE else url


def _save(request: HttpRequest, version: ContractVersion, table: Table, form: RowForm, ident: str) -> str:
    return save_row(
        version=version,
        actor=request.user,
        table=table,
        cells=form.cells(),
        ident=ident,
        revision=form.cleaned_data["version"],
    )


def _beside(
    request: HttpRequest, version: ContractVersion, table: Table, form: RowForm, ident: str
) -> tuple[RowForm, list[dict[str, Any]], int]:
    """Put my cells beside those that a colleague saved; saving again is on top of theirs."""
    held = held_by(version, [table])
    theirs = _row_of(held, table, ident)
    mine = form.cells()
    rows = [
        {
            "label": column.title,
            "mine": shown(column, mine[column.key], held.names),
            "theirs": shown(column, theirs.cells.get(column.key), held.names),
        }
        for column in table.typed
        if mine[column.key] != theirs.cells.get(column.key)
    ]
    data = request.POST.copy()
    data["version"] = str(_revision(table, theirs))
    return _form(request, version, table, held, data, theirs), rows, 409


def _place(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refuses at its field, or above the form where the form lacks that field."""
    for name, texts in getattr(error, "message_dict", {"__all__": error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


@require_POST
def row_autosave(request: HttpRequest, public_id: str, number: int, code: str, ident: str) -> HttpResponse:
    """Save a row while somebody types in it."""
    version, _template, table = _writable(request, public_id, number, code)
    held = held_by(version, [table])
    form = _form(request, version, table, held, request.POST, _row_of(held, table, ident))
    if not form.is_valid():
        said = " ".join(str(text) for each in form.errors.values() for text in each)
        return JsonResponse({"message": _("Not saved yet: %(why)s") % {"why": said}}, status=400)
    try:
        _save(request, version, table, form, ident)
    except EditConflict:
        text = _("A colleague changed this meanwhile. Save to see both texts side by side.")
        return JsonResponse({"message": text}, status=409)
    except (Refused, ValidationError) as error:
        said = texts_of(error) if isinstance(error, ValidationError) else str(error)
        return JsonResponse({"message": said}, status=409)
    saved = next((each for each in held_by(version, [table]).of(table.concept) if each.ident == ident), None)
    now = timezone.localtime().strftime("%H.%M")
    return JsonResponse({"saved_at": now, "version": _revision(table, saved)})


def row_remove(request: HttpRequest, public_id: str, number: int, code: str, ident: str) -> HttpResponse:
    """Take a row out, after asking."""
    version, _template, table = _writable(request, public_id, number, code)
    held = held_by(version, [table])
    kept = _row_of(held, table, ident)
    if request.method == "POST":
        try:
            remove_row(version=version, actor=request.user, table=table, ident=ident)
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The row is taken out."))
        rows = held.of(table.concept)
        after = rows[rows.index(kept) + 1 :] or rows[:1]
        return redirect(_back(held, table, public_id, number, after[0].ident))
    lines = [
        f"{column.title}: {shown(column, kept.cells.get(column.key), held.names)}"
        for column in table.typed
        if kept.cells.get(column.key) is not None
    ]
    context = {
        "title": _("Take this row out?"),
        "intro": table.title,
        "consequences": lines,
        "action": _("Take out"),
        "danger": True,
        "back_url": "../",
    }
    return render(request, "components/confirm.html", context)


def paste(request: HttpRequest, public_id: str, number: int, code: str) -> HttpResponse:
    """Paste rows out of a spreadsheet: first what would happen, then take it; what is refused stays."""
    version, template, table = _writable(request, public_id, number, code)
    form = PasteForm(request.POST or None)
    plan, is_overtaken = None, False
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("fingerprint", "")
            plan, is_taken = exchange.take_paste(
                version=version,
                actor=request.user,
                table=table,
                text=form.cleaned_data["rows"],
                fingerprint=seen,
            )
            if is_taken:
                messages.success(request, _taken(plan))
                return redirect("contracts:table", public_id, number, code)
            is_overtaken = bool(seen) and plan.may_take
        except (UnreadableFile, Refused) as error:
            form.add_error("rows", str(error))
        except ValidationError as error:
            form.add_error("rows", texts_of(error))
    context = {
        "contract": version.contract,
        "version": version,
        "table": table.record,
        "columns": [(column.title, unit_label(column.unit), column.is_required) for column in table.typed],
        "form": form,
        "plan": plan if plan and not form.errors else None,
        "is_overtaken": is_overtaken,
        "report": _report(plan, template, version) if plan else None,
    }
    return render(request, "contracts/tables/paste.html", context)


def _taken(plan: Any) -> str:
    return _("%(new)s rows added, %(changed)s changed, %(refused)s not taken.") % {
        "new": len(plan.new),
        "changed": len(plan.changed),
        "refused": len({place for place, _text in plan.refused}),
    }


def _report(plan: Any, template: Template, version: ContractVersion) -> dict[str, Any]:
    """Put a plan into words: per table what is new and what changes, and every line about a cell."""
    from contracts.exchange.plan import described
    from contracts.tables.holding import names_of

    names = names_of(version)
    for change in plan.changes:
        if change.table.concept == "signatories" and "name" in change.cells:
            names.add_party(str(change.cells["name"]))
        if change.table.concept == "actions" and "title" in change.cells:
            names.add_action(change.code, str(change.cells["title"]))
    tables = []
    for table in template.tables:
        new = [change for change in plan.new if change.table.concept == table.concept]
        changed = [change for change in plan.changed if change.table.concept == table.concept]
        same = plan.same[table.concept]
        if new or changed or same:
            tables.append(
                {
                    "title": f"{table.code} {table.title}",
                    "new": [described(change, names) for change in new[:MOST_SHOWN]],
                    "changed": [described(change, names) for change in changed[:MOST_SHOWN]],
                    "counts": (len(new), len(changed), same),
                }
            )
    return {
        "tables": tables,
        "texts": [str(section) for section, _words in plan.texts],
        "refused": plan.refused[:MOST_SHOWN],
        "notes": plan.notes[:MOST_SHOWN],
        "more": max(0, len(plan.refused) - MOST_SHOWN),
    }


def upload(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Send a file with tables: of another contract, of the NetZeroCities template, or of this portal."""
    version = _draft(request, public_id, number)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            content, name = checked_upload(form.cleaned_data["file"], settings.NSS_UPLOAD_MAX_BYTES)
            run = exchange.look_at(version=version, actor=request.user, content=content, name=name)
        except (UnreadableFile, Refused) as error:
            form.add_error("file", str(error))
        except ValidationError as error:
            form.add_error("file", texts_of(error))
        else:
            return redirect("contracts:import", public_id, number, run.pk)
    context = {
        "contract": version.contract,
        "version": version,
        "form": form,
        "runs": ContractImport.objects.filter(version=version, taken_at__isnull=False)[:10],
    }
    return render(request, "contracts/tables/upload.html", context)


def dry_run(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """What a file would do, and the button that does it."""
    version = _draft(request, public_id, number)
    run = get_object_or_404(ContractImport, version=version, pk=pk)
    template = template_of(version.contract.standard)
    if run.taken_at is not None:
        return render(
            request, "contracts/tables/taken.html", {"contract": version.contract, "version": version, "run": run}
        )
    fault, status = "", 200
    if request.method == "POST":
        try:
            plan = exchange.take(run=run, actor=request.user, fingerprint=request.POST.get("fingerprint", ""))
        except Refused as error:
            fault, status = str(error), 409
        except ValidationError as error:
            fault, status = texts_of(error), 409
        else:
            messages.success(request, _taken(plan))
            return redirect("contracts:import", public_id, number, run.pk)
    from contracts.exchange.taking import Content

    plan = exchange.plan_of(version, template, Content.from_json(run.content))
    context = {
        "contract": version.contract,
        "version": version,
        "run": run,
        "plan": plan,
        "fault": fault,
        "report": _report(plan, template, version),
    }
    return render(request, "contracts/tables/dry_run.html", context, status=status)
