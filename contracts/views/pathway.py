"""The explorer of a contract's pathway: a form whose answers stand in the address of the page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from contracts.explorer.document import document_of
from contracts.explorer.inputs import Inputs, inputs_of
from contracts.explorer.library import MOST_ADDED, codes_in, with_added
from contracts.explorer.page import explore
from contracts.forms.pathway import ExplorerForm
from contracts.models import ClimateContract, ContractVersion, PathwayScenario
from contracts.pages import figures_for
from contracts.selectors.contract import versions_of
from contracts.selectors.standard import measures_in_force
from contracts.services.scenario import may_keep
from contracts.views.access import find_contract
from nss_portal.core.exports import json_bytes
from nss_portal.core.rendering import render
from nss_portal.core.time import today


def inputs_for(
    request: HttpRequest, contract: ClimateContract, given: QueryDict
) -> tuple[ContractVersion, Inputs | None]:
    """Give the version that the person sees and what its pathway is made of; raises Http404 without a version."""
    version = versions_of(request.user).filter(contract=contract).first()
    if version is None:
        raise Http404
    version.contract = contract
    actions = version.actions.prefetch_related("investments").order_by("order", "pk")
    rows = figures_for(contract, version).rows
    inputs = inputs_of(contract, version, rows, actions, base_key=given.get("basis", ""))
    codes = codes_in(given.get("erbij", ""))
    if inputs is None or not codes:
        return version, inputs
    held = {measure.code: measure for measure in measures_in_force().filter(code__in=codes)}
    towns = [town.population for town in contract.municipalities.all()]
    people = sum(number or 0 for number in towns) if towns and None not in towns else None
    wanted = [held[code] for code in codes if code in held]
    return version, with_added(inputs, wanted, people=people, start_year=today().year)


def case(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the case with its result as JSON, as `manage.py pathway` takes and gives them, to check each number."""
    contract = find_contract(request, public_id)
    _version, inputs = inputs_for(request, contract, request.GET)
    form = ExplorerForm(request.GET, inputs=inputs) if inputs is not None else None
    if form is None or not form.is_valid():
        raise Http404
    chosen = form.chosen()
    document = document_of(chosen, standard=contract.standard.code)
    content = {"case": document, "result": explore(chosen, standard=contract.standard.code).result}
    response = HttpResponse(json_bytes(content), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pad-{public_id}.json"'
    return response


def _is_change(request: HttpRequest) -> bool:
    """Say whether a script asks for the outcome of a change, and not for the page anew."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def gone_from(inputs: Inputs, given: QueryDict) -> list[str]:
    """Give the codes of added measures that the library in force does not have: a link may be older than it."""
    there = {measure.added for measure in inputs.measures}
    return [code for code in codes_in(given.get("erbij", "")) if code not in there]


def _more(inputs: Inputs) -> list[tuple[str, str]]:
    """Give code and title of the measures of the library that are not there yet; one query."""
    there = {measure.added for measure in inputs.measures}
    if len(there) > MOST_ADDED:
        return []
    rows = measures_in_force().only("code", "title_nl", "title_en")
    return [(row.code, row.title) for row in rows if row.code not in there]


def _with_one_more(given: QueryDict) -> str:
    """Give the address's choices with the measure that was chosen in the list among those that are added."""
    found = given.copy()
    codes = codes_in(f"{found.get('erbij', '')},{found.pop('nieuw')[-1]}")
    found["erbij"] = ",".join(codes)
    return found.urlencode()


def explorer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show where a contract is heading, and what changes when somebody changes a measure; stores nothing."""
    contract = find_contract(request, public_id)
    if request.GET.get("nieuw"):
        return redirect(f"{request.path}?{_with_one_more(request.GET)}")
    version, inputs = inputs_for(request, contract, request.GET)
    context: dict[str, Any] = {"contract": contract, "version": version, "inputs": inputs}
    if inputs is not None:
        form = ExplorerForm(request.GET, inputs=inputs)
        chosen = form.chosen() if form.is_valid() else inputs
        scenarios = list(PathwayScenario.objects.visible_to(request.user).filter(contract=contract))
        for scenario in scenarios:
            scenario.contract = contract
        context |= {
            "form": form,
            "page": explore(chosen, standard=contract.standard.code),
            "rows": form.rows(),
            "scenarios": scenarios,
            "may_keep": may_keep(request.user, contract),
            "more": _more(inputs),
            "gone": gone_from(inputs, request.GET),
            # A change asks for what comes out; the form stays as it stands in the browser.
            "only_outcome": _is_change(request),
        }
    return render(request, "contracts/pathway.html", context)
