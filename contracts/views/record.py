"""The page of a contract and of one of its versions, its data as JSON, and the explanation of its figures."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.presenting import knows_people, transition_history
from contracts.canonical import contents
from contracts.forms.contract import NoteForm
from contracts.models import AnnualReview, ClimateContract, ContractVersion, VersionSnapshot
from contracts.models.review import ReviewState
from contracts.models.version import VersionState
from contracts.monitoring.indicators import IndicatorCard, indicators_of
from contracts.pages import figures_for, page_of, parts_of
from contracts.presenting.contract import state_mark, steps_of
from contracts.presenting.signing import Signing, signing_of
from contracts.reports.contract import documents_of
from contracts.selectors.contract import last_statuses, reviews_of, versions_of
from contracts.services.contract import explain_figures
from contracts.services.review.blockades import blockades_for
from contracts.services.signing.rows import signing_for
from contracts.views.access import find_contract, find_version
from contracts.workflow import VERSION
from nss_portal.core.access import may, require
from nss_portal.core.access.resources import allowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import kept_part
from nss_portal.core.rendering import render

MOST_INDICATORS = 5


def _history(request: HttpRequest, version: ContractVersion) -> list[dict[str, Any]]:
    labels = {state.value: str(state.label) for state in VersionState}
    return transition_history(version, labels, with_people=knows_people(request.user))


def contract_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one contract, as the version that holds says it."""
    visible = ClimateContract.objects.visible_to(request.user).only("title", "title_en")
    seen = get_object_or_404(visible, public_id=public_id)
    body = kept_part(request, "contracts/includes/detail.html", lambda: _contract_context(request, public_id))
    return render(request, "contracts/detail.html", {"name": seen.name, "body": body})


def _contract_context(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Read what the page says of a contract; the same for everybody with the same rights."""
    contract: Any = find_contract(request, public_id)
    versions = list(versions_of(request.user).filter(contract=contract))
    for version in versions:
        version.contract = contract
    if not versions:
        return {"contract": contract, "page": None}
    page = page_of(contract, versions[0], request.user)
    return {
        "contract": contract,
        "page": page,
        "versions": sorted(versions, key=lambda version: -version.number),
        "next": _next(contract, versions, page.reviews),
        "history": _history(request, versions[0]),
        "indicators": _indicators(contract),
        "blocked": _blocked(request, contract),
        **_signing(request, versions[0]),
        "may_start": contract.may_change and versions[0].is_in_force and not any(v.is_open for v in versions),
        "may_share": contract.may_change and contract.sharing != "published" and versions[0].is_in_force,
    }


def _blocked(request: HttpRequest, contract: ClimateContract) -> int:
    """Count the blocked actions that concern the person; one query, for members."""
    if getattr(request.user, "pk", None) is None:
        return 0
    return blockades_for(request.user, contract).filter(loose_at__isnull=True).count()


def _indicators(contract: ClimateContract) -> list[IndicatorCard]:
    """Give the first indicators of a contract; one query."""
    found = list(indicators_of(contract)[:MOST_INDICATORS])
    for indicator in found:
        indicator.contract = contract
    return [IndicatorCard(indicator) for indicator in found]


def _next(
    contract: Any, versions: list[ContractVersion], reviews: Iterable[AnnualReview]
) -> tuple[str, str] | None:
    """Give the one next thing to do: label and address. A review under way goes first, then a draft."""
    open_review = next((review for review in reviews if review.state == ReviewState.OPEN), None)
    if open_review is not None:
        return _("Finish the review"), open_review.get_absolute_url()
    if not contract.may_change:
        return None
    draft = next((version for version in versions if version.is_open), None)
    if draft is not None:
        return _("Go on with version %(number)s") % {"number": draft.number}, draft.get_absolute_url()
    return None


def version_page(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """What one version says, whole; a draft is worked on from here."""
    visible = ContractVersion.objects.visible_to(request.user).select_related("contract")
    shown = visible.only("number", "contract__public_id", "contract__title", "contract__title_en")
    seen = get_object_or_404(shown.order_by(), contract__public_id=public_id, number=number)
    body = kept_part(
        request, "contracts/includes/version.html", lambda: _version_context(request, public_id, number)
    )
    return render(request, "contracts/version.html", {"contract": seen.contract, "version": seen, "body": body})


def _version_context(request: HttpRequest, public_id: str, number: int) -> dict[str, Any]:
    """Read what the page says of a version; the same for everybody with the same rights."""
    version = find_version(request, public_id, number)
    contract: Any = version.contract
    reviews = reviews_of(contract, request.user) if version.is_in_force else []
    mine = set()
    if version.is_open:
        mine = set(
            allowed(request.user, "commitment", "change").filter(version=version).values_list("pk", flat=True)
        )
    return {
        "contract": contract,
        "version": version,
        "parts": parts_of(version, last_statuses(reviews)),
        "mark": state_mark(version),
        "steps": steps_of(version, reviews),
        "may_edit": contract.may_change and version.is_open,
        "my_commitments": mine,
        "may_promise": version.is_open and may(request.user, "commitment", "change"),
        "moves": _moves(version),
        **_signing(request, version),
        "documents": documents_of(version),
        "may_ask": getattr(request.user, "pk", None) is not None and may(request.user, "report", "request"),
        "history": _history(request, version),
    }


def _signing(request: HttpRequest, version: ContractVersion) -> dict[str, Any]:
    """Read who signed a version, and what the person does about it."""
    if version.is_open:
        return {"signing": Signing(version, ()), "signing_url": "", "signing_button": ""}
    contract: Any = version.contract
    button = ""
    if version.is_in_force and signing_for(request.user):
        button = _("Read and sign")
    elif version.state == VersionState.ADOPTED and contract.may_adopt:
        button = _("Let the parties sign")
    address = reverse("contracts:signing", args=[contract.public_id, version.number])
    return {
        "signing": signing_of(version, with_names=knows_people(request.user)),
        "signing_url": address if getattr(request.user, "pk", None) else "",
        "signing_button": button,
    }


def _moves(version: ContractVersion) -> list[Any]:
    """Give the steps that the person may take from here."""
    contract: Any = version.contract
    held = {"change": contract.may_change, "adopt": contract.may_adopt, "publish": contract.may_publish}
    return [step for step in VERSION.open_steps(version) if step.action and held[step.action]]


def version_data(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The data of a version as canonical JSON: of an adopted one byte for byte what its hash was taken of."""
    version = find_version(request, public_id, number)
    kept = VersionSnapshot.objects.filter(version=version).first()
    content = kept.content if kept and not version.is_open else contents([version.pk])[version.pk]
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    name = f"klimaatcontract-{public_id}-versie-{number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def explain(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let the team say why two published numbers differ; the address names which ones."""
    contract: ClimateContract = find_contract(request, public_id)
    require(request.user, "contract", "change", contract)
    version = get_object_or_404(versions_of(request.user).filter(contract=contract)[:1])
    key = request.GET.get("verschil", "")
    finding = next((row for row in figures_for(contract, version).findings if row.key == key), None)
    if finding is None:
        raise Http404
    note: Any = finding.note or {}
    initial = {"text": note.get("text", ""), "revision": note.get("revision", 0)}
    form = NoteForm(request.POST or None, initial=initial)
    conflict, status = [], 200
    if request.method == "POST" and form.is_valid():
        text, revision = form.cleaned_data["text"], form.cleaned_data["revision"]
        try:
            explain_figures(contract=contract, actor=request.user, finding=key, text=text, revision=revision)
        except EditConflict as error:
            theirs: Any = error.record
            conflict = [{"label": form.fields["text"].label, "mine": text, "theirs": theirs.text}]
            data = request.POST.copy()
            data["revision"] = str(theirs.revision)
            form, status = NoteForm(data, initial=initial), 409
        else:
            messages.success(request, _("The explanation is saved."))
            return redirect(f"{reverse('contracts:detail', args=[public_id])}#verschillen")
    context = {"contract": contract, "finding": finding, "form": form, "conflict": conflict}
    return render(request, "contracts/explain.html", context, status=status)
