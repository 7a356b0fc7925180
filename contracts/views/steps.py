"""Making a contract, starting a version, and the steps of a version from draft to published."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from cities.models.bottleneck import Sharing
from contracts.forms.contract import NewContractForm
from contracts.forms.draft import AdoptForm, ReasonForm
from contracts.forms.signing import ConcludeForm
from contracts.models import ContractVersion, Signature
from contracts.models.signature import SignatureState
from contracts.models.version import IN_FORCE_STATES
from contracts.services import version as services
from contracts.services.contract import create_contract, making_for
from contracts.services.errors import Refused
from contracts.tables.checks import checklist
from contracts.tables.template import template_of
from contracts.views.access import find_contract, find_version
from contracts.workflow import VERSION
from nss_portal.core.access import NotAllowed, require
from nss_portal.core.rendering import render
from nss_portal.core.workflow import TransitionRefused

Text = str | Promise


@dataclass(frozen=True)
class Move:
    """One step of a version as a page: what it means, what it asks, and the service that takes it."""

    service: Callable[..., object]
    done: Text
    consequences: tuple[Text, ...]
    form: type[forms.Form] | None = None


MOVES = {
    "submit": Move(
        services.submit,
        gettext_lazy("The version is handed in for internal review."),
        (gettext_lazy("The parties that are in the portal see the version from now on."),),
    ),
    "send_back": Move(
        services.send_back,
        gettext_lazy("The version is a draft again."),
        (gettext_lazy("The parties do not see the draft any more."),),
        ReasonForm,
    ),
    "adopt": Move(
        services.adopt,
        gettext_lazy("The version is adopted."),
        (
            gettext_lazy("From now on nothing in it changes: parties, promises, actions and money are fixed."),
            gettext_lazy("The portal takes a hash of its data, which anybody can check."),
            gettext_lazy("The version that is in force now is superseded by it."),
        ),
        AdoptForm,
    ),
    "sign": Move(
        services.record_signed,
        gettext_lazy("The version is signed."),
        (
            gettext_lazy("Once all parties have signed, the portal concludes by itself."),
            gettext_lazy("You can conclude without some of them. They can still sign later."),
        ),
        ConcludeForm,
    ),
    "publish": Move(
        services.publish,
        gettext_lazy("The version is public."),
        (
            gettext_lazy("Everybody can read the version, without an account."),
            gettext_lazy("What is public stays public."),
        ),
    ),
}


def title_of(version: ContractVersion) -> str:
    """Name a version in words: 'Klimaatcontract Groningen, versie 2'."""
    number = _("version %(number)d") % {"number": version.number}
    return f"{version.contract.name}, {number}"


def new_contract(request: HttpRequest) -> HttpResponse:
    """Begin a contract for one's own municipality."""
    organisations = making_for(request.user)
    if not organisations:
        raise NotAllowed(_("Only municipalities make a climate contract here."))
    form = NewContractForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        contract = create_contract(
            actor=request.user,
            municipalities=[values["municipality"]],
            title=values["title"],
            standard=values["standard"],
            target_year=values["target_year"],
        )
        messages.success(request, _("The draft is there. Only you and your colleagues see it."))
        return redirect(contract.versions.get())
    return render(request, "contracts/new.html", {"form": form})


@require_POST
def start_version(request: HttpRequest, public_id: str) -> HttpResponse:
    """Copy the version in force into a new draft."""
    contract = find_contract(request, public_id)
    try:
        draft = services.new_version(contract=contract, actor=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(contract)
    messages.success(request, _("This is a copy of the version in force. Change what is new."))
    return redirect(draft)


@require_POST
def share(request: HttpRequest, public_id: str) -> HttpResponse:
    """Share a contract with the network, or keep it to its own cities and parties."""
    contract = find_contract(request, public_id)
    wanted = Sharing.NETWORK if request.POST.get("sharing") == Sharing.NETWORK else Sharing.DRAFT
    try:
        services.share(contract=contract, actor=request.user, sharing=wanted)
    except Refused as error:
        messages.error(request, str(error))
    else:
        shared = wanted == Sharing.NETWORK
        text = (
            _("The network of cities sees the contract now.")
            if shared
            else _("The contract is yours alone again.")
        )
        messages.success(request, text)
    return redirect(contract)


def move(request: HttpRequest, public_id: str, number: int, name: str) -> HttpResponse:
    """Ask what a step needs, say what it means, and take it."""
    version = find_version(request, public_id, number)
    step = next((each for each in VERSION.open_steps(version) if each.name == name and each.name in MOVES), None)
    if step is None or step.action is None:
        raise Http404
    require(request.user, "contract", step.action, version.contract)
    wanted = MOVES[name]
    form = wanted.form(request.POST or None) if wanted.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        values: dict[str, Any] = form.cleaned_data if form else {}
        try:
            wanted.service(version=version, actor=request.user, **values)
        except (Refused, TransitionRefused) as error:
            if form is None:
                messages.error(request, str(error))
                return redirect(version)
            form.add_error(None, ValidationError(str(error)))
        else:
            messages.success(request, str(wanted.done))
            return redirect(version)
    context = {
        "title": step.label,
        "intro": title_of(version),
        "consequences": (*wanted.consequences, *_sign_anew(version, name), *_still_open(version, name)),
        "form": form,
        "action": step.label,
        "back_url": version.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


def _sign_anew(version: ContractVersion, name: str) -> list[Text]:
    """Say before adopting who signed the version that is in force: their signatures do not go along. One query."""
    if name != "adopt":
        return []
    standing = Signature.objects.filter(
        version__contract=version.contract_id, version__state__in=IN_FORCE_STATES, state=SignatureState.SIGNED
    )
    count = standing.count()
    if not count:
        return []
    text = ngettext(
        "%(number)s party signed the version that is in force now. It has to sign this version anew.",
        "%(number)s parties signed the version that is in force now. They have to sign this version anew.",
        count,
    )
    return [text % {"number": count}]


def _still_open(version: ContractVersion, name: str) -> list[Text]:
    """Say before handing in and adopting how much is missing or odd; whoever knows better may go on."""
    if name not in {"submit", "adopt"}:
        return []
    found = checklist(version, template_of(version.contract.standard))
    if not found.count:
        return []
    url = reverse("contracts:checklist", args=[version.contract.public_id, version.number])
    text = ngettext(
        "%(number)s thing is still missing or odd.", "%(number)s things are still missing or odd.", found.count
    )
    label = _("Look at the checklist")
    return [format_html('{} <a href="{}">{}</a>', text % {"number": found.count}, url, label)]


def discard(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Throw a draft away, after asking."""
    version = find_version(request, public_id, number)
    require(request.user, "contract", "change", version.contract)
    if request.method == "POST":
        try:
            services.discard_draft(version=version, actor=request.user)
        except Refused as error:
            messages.error(request, str(error))
            return redirect(version)
        messages.success(request, _("The draft is thrown away."))
        return redirect("contracts:list")
    context = {
        "title": _("Throw the draft away"),
        "intro": title_of(version),
        "consequences": [_("Its parties, promises, actions and money go with it.")],
        "action": _("Throw away"),
        "danger": True,
        "back_url": version.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)
