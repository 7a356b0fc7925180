"""The directory of the desk: the register, one entry, its form, and 'checked today'."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities.filters.desk import DirectoryFilter
from activities.forms.desk import EntryForm
from activities.models.desk import DirectoryEntry, EntryKind, EntryScope, EntryState
from activities.presenting.desk import directory_sheet, entry_facts, how_sure, money_facts
from activities.selectors.desk import CERTAINTY_TONES, directory_rows, keepers, may_keep
from activities.services.desk import directory as services
from activities.views.desk_calls import money_context
from activities.views.desk_common import add_errors, find_entry
from activities.workflow.desk import DIRECTORY
from cities.forms.reasons import ReasonForm
from cities.presenting import knows_people, transition_history
from cities.views.posting import posted
from nss_portal.core.access import NotAllowed, may, require
from nss_portal.core.conflicts import beside, sent_again
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports import csv_bytes
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

PER_PAGE = 50
ORDERINGS = {
    "": ("name", "pk"),
    "naam": ("name", "pk"),
    "-naam": ("-name", "-pk"),
    "nagekeken": ("checked_on", "name", "pk"),
    "-nagekeken": ("-checked_on", "name", "pk"),
}


def _selection(request: HttpRequest) -> DirectoryFilter:
    ordering = ORDERINGS.get(request.GET.get("sort", ""), ORDERINGS[""])
    visible = DirectoryEntry.objects.visible_to(request.user).order_by(*ordering)
    return DirectoryFilter(request.GET, queryset=visible, request=request)


def directory(request: HttpRequest) -> HttpResponse:
    """The register of what exists already."""
    body = kept_part(request, "activities/desk/includes/directory_body.html", lambda: _list_context(request))
    return render(request, "activities/desk/directory.html", {"body": body})


def _list_context(request: HttpRequest) -> dict[str, Any]:
    found = _selection(request)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    address = reverse("activities:desk_directory_csv")
    return {
        "filter": found,
        "page_obj": page,
        "rows": directory_rows(page.object_list, get_language() or "nl"),  # type: ignore[arg-type]
        "may_add": may_keep(request.user),
        "csv_url": f"{address}?{query.urlencode()}" if query else address,
    }


def directory_csv(request: HttpRequest) -> HttpResponse:
    """The selection as a table."""
    content = csv_bytes(directory_sheet(_selection(request).qs))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="wegwijzer.csv"'
    return response


def entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """One entry: what it is, who runs it, how sure that is."""
    found = find_entry(request, public_id)
    template = "activities/desk/includes/entry_body.html"
    body = kept_part(request, template, lambda: _entry_context(request, found))
    return render(request, "activities/desk/entry.html", {"body": body, "entry": found})


def _entry_context(request: HttpRequest, found: DirectoryEntry) -> dict[str, Any]:
    may_change = may_keep(request.user) and may(request.user, "desk_directory", "change", found)
    parts = DirectoryEntry.objects.listed().filter(under=found).order_by("deadline", "name")
    return {
        "entry": found,
        "facts": entry_facts(found),
        "money": money_facts(found),
        "how_sure": "" if found.is_illustrative else how_sure(found),
        "sure_label": "" if found.is_illustrative else found.get_certainty_display(),
        "tone": CERTAINTY_TONES[found.certainty],  # type: ignore[index]
        "is_old": found.is_unchecked(today()),
        "parts": directory_rows(parts, get_language() or "nl"),
        "may_change": may_change,
        "moves": DIRECTORY.open_steps(found) if may_change else [],
        "history": _history(request, found),
        **money_context(request, found),
    }


def _history(request: HttpRequest, found: DirectoryEntry) -> list[dict[str, Any]]:
    labels = {state.value: str(state.label) for state in EntryState}
    return transition_history(found, labels, with_people=knows_people(request.user))


def _changeable(request: HttpRequest, public_id: str) -> DirectoryEntry:
    found = find_entry(request, public_id)
    require(request.user, "desk_directory", "change", found)
    return found


def new_entry(request: HttpRequest) -> HttpResponse:
    """Add an entry."""
    if not may_keep(request.user):
        raise NotAllowed(_("The desk, ministries and partners keep the directory."))
    kind = request.GET.get("soort", "")
    initial = {
        "kind": kind if kind in EntryKind.values else EntryKind.SUBSIDY,
        "scope": EntryScope.NL,
        "is_checked": True,
    }
    form = _form(request, None, initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_entry(actor=request.user, **_values(form))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The entry stands in the directory."))
            return redirect(made)
    return render(request, "activities/desk/entry_form.html", {"form": form, "entry": None, "conflict": []})


def _form(request: HttpRequest, found: DirectoryEntry | None, initial: dict[str, Any]) -> EntryForm:
    keeps_all = services.keeps_all(request.user)
    return EntryForm(
        posted(request), keepers=keepers(request.user), keeps_all=keeps_all, entry=found, initial=initial
    )


def _values(form: EntryForm) -> dict[str, Any]:
    return {
        "organisation": form.cleaned_data["organisation"],
        "values": form.cleaned_data,
        "is_checked": form.cleaned_data["is_checked"],
    }


def edit_entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an entry; a colleague's change in between is shown beside it."""
    found = _changeable(request, public_id)
    initial: dict[str, Any] = {name: getattr(found, name) for name in (*services.TEXTS, *services.MONEY)}
    initial |= {
        "themes": [theme.code for theme in found.themes.all()],
        "under": found.under.public_id if found.under else None,
        "organisation": found.organisation_id,
        "is_checked": True,
        "version": found.version,
    }
    form = _form(request, found, initial)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            saved = services.change_entry(actor=request.user, entry=found, version=version, **_values(form))
        except ValidationError as error:
            add_errors(form, error)
        except EditConflict as error:
            conflict = beside(form, error)
            form = EntryForm(
                sent_again(request, error),
                keepers=keepers(request.user),
                keeps_all=services.keeps_all(request.user),
                entry=found,
            )
        else:
            messages.success(request, _("The changes are saved."))
            return redirect(saved)
    context = {"form": form, "entry": found, "conflict": conflict}
    return render(request, "activities/desk/entry_form.html", context, status=409 if conflict else 200)


@require_POST
def check_entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """'Checked today': one click, from the entry or from the list of those that wait."""
    services.mark_checked(actor=request.user, entry=_changeable(request, public_id))
    messages.success(request, _("Noted: checked today."))
    back = request.POST.get("terug", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("activities:desk_entry", public_id=public_id)


def move_entry(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Take an entry out of the directory, or put it back."""
    found = _changeable(request, public_id)
    chosen = next((one for one in DIRECTORY.open_steps(found) if one.name == step), None)
    if chosen is None:
        raise Http404
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.move_entry(actor=request.user, entry=found, step=step, reason=form.cleaned_data["reason"])
        except TransitionRefused as error:
            messages.error(request, str(error))
        return redirect(found)
    consequences = {
        "end": [
            _("The entry no longer stands in the lists. Its page stays, and says that it ended."),
            _("Cities that showed interest see that it ended."),
        ],
        "list_again": [_("The entry stands in the lists again.")],
    }
    context = {
        "title": chosen.label,
        "intro": found.local_name,
        "consequences": consequences[step],
        "action": chosen.label,
        "form": form,
        "back_url": found.get_absolute_url(),
        "danger": step == "end",
    }
    return render(request, "components/confirm.html", context)


def to_check(request: HttpRequest) -> HttpResponse:
    """What nobody looked at for long, with a button each: for who keeps entries, the oldest first."""
    if not may_keep(request.user):
        raise Http404
    mine = DirectoryEntry.objects.open_to(request.user, "change").unchecked(today())
    page = Paginator(mine.order_by("checked_on", "name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = directory_rows(page.object_list, get_language() or "nl")  # type: ignore[arg-type]
    return render(request, "activities/desk/to_check.html", {"page_obj": page, "rows": rows})
