"""Forms on the parts of a draft. A colleague's change in between is shown beside one's own text."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contracts.forms.draft import ActionForm, CommitmentForm, ContactForm, PartyForm, RevisedForm, VersionForm
from contracts.models import Action, Commitment, ContractVersion, Party
from contracts.models.action import InvestmentKind
from contracts.services import draft as services
from contracts.services.errors import Refused
from contracts.views.access import find_version
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.editing import EditConflict
from nss_portal.core.rendering import render

Texts = str | Promise


def _answer(
    request: HttpRequest,
    version: ContractVersion,
    make: Callable[..., RevisedForm],
    save: Callable[[dict[str, Any], int], object],
    *,
    initial: Mapping[str, Any],
    title: Texts,
    anchor: str = "",
    remove_url: str = "",
) -> HttpResponse:
    """Show a form, or save it and go back to the version; a conflict gives both texts and status 409."""
    form = make(request.POST or None, initial=dict(initial))
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            save(form.values(), form.cleaned_data["revision"])
        except EditConflict as error:
            conflict, status = _beside(form, error.record), 409
            data = request.POST.copy()
            data["revision"] = str(getattr(error.record, "revision"))  # noqa: B009 - Model itself has none
            form = make(data, initial=dict(initial))
        except Refused as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            _place(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{version.get_absolute_url()}{anchor}")
    context = {
        "version": version,
        "contract": version.contract,
        "form": form,
        "title": title,
        "conflict": conflict,
        "remove_url": remove_url,
    }
    return render(request, "contracts/part_form.html", context, status=status)


def _beside(form: RevisedForm, theirs: Any) -> list[dict[str, Any]]:
    """Give the fields that differ, mine and theirs."""
    values = form.values()
    return [
        {"label": form.fields[name].label, "mine": _shown(mine), "theirs": _shown(getattr(theirs, name))}
        for name, mine in values.items()
        if hasattr(theirs, name) and mine != getattr(theirs, name)
    ]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _place(form: forms.Form, error: ValidationError) -> None:
    """Put what the model refuses at its field, or above the form where the form lacks that field."""
    for name, texts in getattr(error, "message_dict", {"__all__": error.messages}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def _open_version(request: HttpRequest, public_id: str, number: int) -> ContractVersion:
    """Give a version that the person may change now; 403 with the reason where it is adopted or not theirs."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    if not version.is_open:
        raise NotAllowed(_("This version is adopted and does not change. Start a new version."))
    return version


def version(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Change what a draft says of itself."""
    draft = _open_version(request, public_id, number)
    names = ("target_year", "base_year", "summary", "summary_en", "source", "revision")
    return _answer(
        request,
        draft,
        VersionForm,
        lambda values, revision: services.change_version(
            version=draft, actor=request.user, revision=revision, **values
        ),
        initial={name: getattr(draft, name) for name in names},
        title=_("Summary and years"),
    )


def party(request: HttpRequest, public_id: str, number: int, pk: int | None = None) -> HttpResponse:
    """Add a party, or change one."""
    draft = _open_version(request, public_id, number)
    row = get_object_or_404(Party, version=draft, pk=pk) if pk else None
    names = ("name", "group", "organisation", "contact_position", "contact_email", "revision")
    return _answer(
        request,
        draft,
        lambda data, initial: PartyForm(data, initial=initial, party=row),
        lambda values, revision: services.save_party(
            version=draft, actor=request.user, party=row, revision=revision, **values
        ),
        initial={name: getattr(row, name) for name in names} if row else {},
        title=_("Change the party") if row else _("Add a party"),
        anchor="#partijen",
        remove_url="" if row is None or row.is_leading else "weghalen/",
    )


def contact(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """Change how a party is reached; also of an adopted version."""
    held = find_version(request, public_id, number)
    require(request.user, "contract", "change", held.contract)
    row = get_object_or_404(Party, version=held, pk=pk)
    names = ("contact_position", "contact_email", "revision")
    return _answer(
        request,
        held,
        ContactForm,
        lambda values, revision: services.change_contact(
            party=row, actor=request.user, revision=revision, **values
        ),
        initial={name: getattr(row, name) for name in names},
        title=_("How to reach %(party)s") % {"party": row.name},
        anchor="#partijen",
    )


def commitment(request: HttpRequest, public_id: str, number: int, pk: int | None = None) -> HttpResponse:
    """Add a promise, or change one: the city for every party, a party for itself."""
    draft = find_version(request, public_id, number)
    row = get_object_or_404(Commitment, version=draft, pk=pk) if pk else None
    mine = [each.pk for each in services.promising_for(request.user, draft)]
    if not mine or not draft.is_open or (row is not None and row.party_id not in mine):
        raise NotAllowed(_("You can change the commitments of your own organisation only."))
    parties = draft.parties.filter(pk__in=mine)
    initial: dict[str, Any] = {"party": parties[0]} if len(mine) == 1 else {}
    if row:
        initial = {"party": row.party, "title": row.title, "due_on": row.due_on, "revision": row.revision}
    return _answer(
        request,
        draft,
        lambda data, initial: CommitmentForm(data, initial=initial, parties=parties),
        lambda values, revision: services.save_commitment(
            version=draft, actor=request.user, commitment=row, revision=revision, **values
        ),
        initial=initial,
        title=_("Change the commitment") if row else _("Add a commitment"),
        anchor="#afspraken",
        remove_url="weghalen/" if row else "",
    )


def action(request: HttpRequest, public_id: str, number: int, pk: int | None = None) -> HttpResponse:
    """Add an action with its money, or change one."""
    draft = _open_version(request, public_id, number)
    row = get_object_or_404(Action, version=draft, pk=pk) if pk else None
    posts = list(row.investments.filter(kind=InvestmentKind.CAPITAL)) if row else []
    initial: dict[str, Any] = {}
    if row:
        names = ("title", "sector", "responsible", "effect_kt", "certainty", "revision")
        initial = {name: getattr(row, name) for name in names}
        initial["amount_meur"] = sum(post.amount_meur for post in posts) if posts else None
        initial["payer"] = posts[0].payer if len(posts) == 1 else "unknown"
    return _answer(
        request,
        draft,
        lambda data, initial: ActionForm(data, initial=initial, version=draft, posts=len(posts)),
        lambda values, revision: services.save_action(
            version=draft, actor=request.user, action=row, revision=revision, **values
        ),
        initial=initial,
        title=_("Change the action") if row else _("Add an action"),
        anchor="#acties",
        remove_url="weghalen/" if row else "",
    )


def party_remove(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """Take a party out, after asking."""
    draft = _open_version(request, public_id, number)
    row = get_object_or_404(Party, version=draft, pk=pk)
    lost = [_("Its commitments go with it.")] if row.commitments.exists() else []
    return _remove(request, draft, row, lambda: services.remove_party(party=row, actor=request.user), lost)


def commitment_remove(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """Take a promise out, after asking."""
    draft = find_version(request, public_id, number)
    row = get_object_or_404(Commitment, version=draft, pk=pk)
    require(request.user, "commitment", "change", row)
    return _remove(request, draft, row, lambda: services.remove_commitment(commitment=row, actor=request.user), [])


def action_remove(request: HttpRequest, public_id: str, number: int, pk: int) -> HttpResponse:
    """Take an action out, after asking."""
    draft = _open_version(request, public_id, number)
    row = get_object_or_404(Action, version=draft, pk=pk)
    lost = [_("Its money goes with it.")] if row.investments.exists() else []
    return _remove(request, draft, row, lambda: services.remove_action(action=row, actor=request.user), lost)


def _remove(
    request: HttpRequest,
    draft: ContractVersion,
    row: Party | Commitment | Action,
    remove: Callable[[], None],
    consequences: list[str],
) -> HttpResponse:
    if request.method == "POST":
        try:
            remove()
        except Refused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Taken out: %(what)s.") % {"what": row})
        return redirect(draft)
    context = {
        "title": _("Take out '%(what)s'?") % {"what": row},
        "consequences": consequences,
        "action": _("Take out"),
        "danger": True,
        "back_url": draft.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)
