"""Scenarios of a pathway: keeping one, its page, comparing several, sharing, taking over, throwing away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cities.models.bottleneck import Sharing
from contracts.explorer.compare import compare
from contracts.explorer.inputs import Inputs
from contracts.explorer.page import explore
from contracts.forms.pathway import ExplorerForm
from contracts.models import ClimateContract, ContractVersion, PathwayScenario
from contracts.services import scenario as services
from contracts.services.errors import Refused
from contracts.views.access import find_contract
from contracts.views.pathway import gone_from, inputs_for
from nss_portal.core.access import may, require
from nss_portal.core.rendering import render

MOST_COMPARED = 4
LONGEST_ADDRESS = 100_000  # characters


@require_POST
def keep(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what the address of the explorer says under a name."""
    contract = find_contract(request, public_id)
    choices = QueryDict(request.POST.get("keuzes", "")[:LONGEST_ADDRESS])
    _version, inputs = inputs_for(request, contract, choices)
    if inputs is None:
        raise Http404
    form = ExplorerForm(choices, inputs=inputs)
    explorer = f"{reverse('contracts:pathway', args=[public_id])}?{choices.urlencode()}"
    if not form.is_valid():
        messages.error(request, _("Something in these choices is not right, so they were not kept."))
        return redirect(explorer)
    try:
        scenario = services.keep_scenario(
            actor=request.user, contract=contract, name=request.POST.get("name", ""), changes=form.changes
        )
    except (Refused, ValidationError) as error:
        messages.error(request, " ".join(error.messages if isinstance(error, ValidationError) else [str(error)]))
        return redirect(explorer)
    messages.success(request, _("The scenario is kept. Now only your own team sees it."))
    return redirect(scenario)


def find_scenario(request: HttpRequest, public_id: str, scenario_id: str) -> PathwayScenario:
    """Give a scenario that the person sees, of a contract that they see; raises Http404."""
    contract = find_contract(request, public_id)
    found = get_object_or_404(
        PathwayScenario.objects.visible_to(request.user), contract=contract, public_id=scenario_id
    )
    found.contract = contract
    return found


def chosen_of(request: HttpRequest, scenario: PathwayScenario) -> tuple[ContractVersion, Inputs, bool]:
    """Give the version, the inputs with the scenario's changes, and whether all of them still fit."""
    given = QueryDict(mutable=True)
    given.update(scenario.changes)
    version, inputs = inputs_for(request, scenario.contract, given)
    if inputs is None:
        raise Http404
    form = ExplorerForm(given, inputs=inputs)
    fits = form.is_valid() and not gone_from(inputs, given)
    return (version, form.chosen(), True) if fits else (version, inputs, False)


def record(request: HttpRequest, public_id: str, scenario_id: str) -> HttpResponse:
    """Show what a scenario comes down to, and what may be done with it."""
    scenario = find_scenario(request, public_id, scenario_id)
    _version, chosen, fits = chosen_of(request, scenario)
    draft = _draft(scenario.contract)
    may_change = may(request.user, "pathway", "change", scenario)
    context = {
        "contract": scenario.contract,
        "scenario": scenario,
        "page": explore(chosen, standard=scenario.contract.standard.code),
        "fits": fits,
        "may_change": may_change,
        "draft": draft if may_change else None,
        "differences": services.differences(chosen, draft) if may_change and draft else [],
        "additions": services.additions(chosen, draft) if may_change and draft else [],
        "sharings": Sharing,
    }
    return render(request, "contracts/scenario.html", context)


def _draft(contract: ClimateContract) -> ContractVersion | None:
    drafts = [version for version in ContractVersion.objects.filter(contract=contract) if version.is_open]
    return drafts[0] if drafts else None


@require_POST
def act(request: HttpRequest, public_id: str, scenario_id: str, action: str) -> HttpResponse:
    """Share, take over or throw away."""
    scenario = find_scenario(request, public_id, scenario_id)
    require(request.user, "pathway", "change", scenario)
    acts = {"delen": _share, "overnemen": _take_over, "weggooien": _discard}
    if action not in acts:
        raise Http404
    try:
        return acts[action](request, scenario)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(scenario)


def _share(request: HttpRequest, scenario: PathwayScenario) -> HttpResponse:
    sharing = request.POST.get("sharing", "")
    if sharing not in Sharing.values:
        raise Http404
    services.share_scenario(actor=request.user, scenario=scenario, sharing=Sharing(sharing))
    messages.success(request, _("Saved with whom the scenario is shared."))
    return redirect(scenario)


def _take_over(request: HttpRequest, scenario: PathwayScenario) -> HttpResponse:
    draft = _draft(scenario.contract)
    if draft is None:
        raise Refused(_("There is no draft of the contract. Start a new version first."))
    _version, chosen, fits = chosen_of(request, scenario)
    if not fits:
        raise Refused(
            _("The contract changed, and this scenario does not fit it any more. Open it in the explorer.")
        )
    number = services.take_over(actor=request.user, scenario=scenario, chosen=chosen, draft=draft)
    says = ngettext("One action of the draft changed.", "%(number)s actions of the draft changed.", number)
    messages.success(request, says % {"number": number})
    return redirect(draft)


def _discard(request: HttpRequest, scenario: PathwayScenario) -> HttpResponse:
    services.discard_scenario(actor=request.user, scenario=scenario)
    messages.success(request, _("The scenario is thrown away."))
    return redirect("contracts:pathway", scenario.contract.public_id)


def comparison(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw the contract itself and up to four scenarios in one chart, with their figures in a table."""
    contract = find_contract(request, public_id)
    ids = list(dict.fromkeys(request.GET.getlist("s")))
    found = PathwayScenario.objects.visible_to(request.user).filter(contract=contract)
    known = {scenario.public_id: scenario for scenario in found}
    chosen = [known[each] for each in ids if each in known]
    for scenario in chosen:
        scenario.contract = contract
    _version, inputs = inputs_for(request, contract, QueryDict())
    if inputs is None:
        raise Http404
    pages = [(_("the contract itself"), explore(inputs, standard=contract.standard.code))]
    for scenario in chosen[:MOST_COMPARED]:
        _version, changed, _fits = chosen_of(request, scenario)
        pages.append((scenario.name, explore(changed, standard=contract.standard.code)))
    context: dict[str, Any] = {
        "contract": contract,
        "comparison": compare(pages),
        "scenarios": known.values(),
        "chosen": {scenario.public_id for scenario in chosen},
        "too_many": len(chosen) > MOST_COMPARED,
        "unknown": len(ids) > len(chosen),
        "most": MOST_COMPARED,
    }
    return render(request, "contracts/scenario_comparison.html", context)
