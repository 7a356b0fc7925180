"""Indicators of a contract: the list with its lights, one of them with its chart, and the forms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contracts.forms.indicators import IndicatorForm, ValueForm
from contracts.forms.pathway import unmistakable
from contracts.models import Action, ClimateContract, Indicator
from contracts.monitoring.indicators import IndicatorCard, indicators_of
from contracts.selectors.contract import versions_of
from contracts.services import indicators as services
from contracts.services.errors import Refused
from contracts.views.access import find_contract
from nss_portal.core.access import require
from nss_portal.core.editing import EditConflict
from nss_portal.core.exports import Column, Sheet, csv_bytes
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

NAMES = (
    "title",
    "title_en",
    "unit",
    "base_year",
    "base_value",
    "target_year",
    "target_value",
    "action_code",
    "source",
    "revision",
)


def _actions(request: HttpRequest, contract: ClimateContract) -> dict[str, str]:
    """Give the actions of the version that the person sees, by code; one query."""
    version = versions_of(request.user).filter(contract=contract).values("pk")[:1]
    return {
        action.code: action.label for action in Action.objects.filter(version__in=version).order_by("order", "pk")
    }


def overview(request: HttpRequest, public_id: str) -> HttpResponse:
    """All indicators of a contract, each with its light and why."""
    visible = ClimateContract.objects.visible_to(request.user).only("title", "title_en", "public_id")
    seen = get_object_or_404(visible, public_id=public_id)
    body = KeptPart(request, "indicators", lambda: _overview(request, public_id))
    return render(request, "contracts/monitoring/indicators.html", {"contract": seen, "body": body})


def _overview(request: HttpRequest, public_id: str) -> dict[str, Any]:
    contract: Any = find_contract(request, public_id)
    actions = _actions(request, contract)
    cards = []
    for indicator in indicators_of(contract):
        indicator.contract = contract
        cards.append(IndicatorCard(indicator, actions.get(indicator.action_code, "")))
    return {"contract": contract, "cards": cards, "may_change": contract.may_change}


def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """All indicators with their values as open data."""
    contract = find_contract(request, public_id)
    rows = []
    for indicator in indicators_of(contract):
        card = IndicatorCard(indicator)
        head = (indicator.label, indicator.unit, indicator.action_code)
        tail = (
            indicator.target_year,
            _plain(indicator.target_value),
            indicator.source,
            indicator.is_illustrative,
        )
        values = [(indicator.base_year, indicator.base_value), *((row["year"], row["value"]) for row in card.rows)]
        rows += [(*head, year, _plain(value), *tail) for year, value in values]
    names = ("indicator", "unit", "action", "year", "value", "target_year", "target", "source", "illustrative")
    content = csv_bytes(Sheet(_("Indicators"), [Column(name) for name in names], rows), open_data=True)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="indicatoren-{public_id}.csv"'
    return response


def _found(request: HttpRequest, public_id: str, indicator_id: str) -> Indicator:
    contract = find_contract(request, public_id)
    indicator = get_object_or_404(indicators_of(contract), public_id=indicator_id)
    indicator.contract = contract
    return indicator


def record(request: HttpRequest, public_id: str, indicator_id: str) -> HttpResponse:
    """One indicator: light, chart, values, and the form for the value of a year."""
    indicator = _found(request, public_id, indicator_id)
    contract: Any = indicator.contract
    form = ValueForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "contract", "change", contract)
        if form.is_valid():
            try:
                services.set_value(actor=request.user, indicator=indicator, **form.cleaned_data)
            except Refused as error:
                form.add_error("year", str(error))
            else:
                messages.success(request, _("The value is saved."))
                return redirect(indicator)
    card = IndicatorCard(indicator, _actions(request, contract).get(indicator.action_code, ""))
    context = {"contract": contract, "card": card, "form": form, "may_change": contract.may_change}
    return render(request, "contracts/monitoring/indicator.html", context)


def edit(request: HttpRequest, public_id: str, indicator_id: str | None = None) -> HttpResponse:
    """Add an indicator, or change one."""
    contract: Any = find_contract(request, public_id)
    require(request.user, "contract", "change", contract)
    indicator = _found(request, public_id, indicator_id) if indicator_id else None
    initial = {name: _plain(getattr(indicator, name)) for name in NAMES} if indicator else {"base_year": ""}
    actions = list(_actions(request, contract).items())
    if indicator and indicator.action_code and indicator.action_code not in dict(actions):
        actions.append((indicator.action_code, indicator.action_code))
    form = IndicatorForm(request.POST or None, initial=initial, actions=actions)
    conflict: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = _saved(request, contract, indicator, form)
        except EditConflict as error:
            theirs: Any = error.record
            conflict = _beside(form, theirs)
            form = IndicatorForm(
                {**request.POST.dict(), "revision": theirs.revision}, initial=initial, actions=actions
            )
        except ValidationError as error:
            for name, texts in error.message_dict.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The indicator is saved."))
            return redirect(saved)
    context = {"contract": contract, "indicator": indicator, "form": form, "conflict": conflict}
    return render(request, "contracts/monitoring/indicator_form.html", context, status=409 if conflict else 200)


def _saved(
    request: HttpRequest, contract: ClimateContract, indicator: Indicator | None, form: IndicatorForm
) -> Indicator:
    if indicator is None:
        return services.add_indicator(actor=request.user, contract=contract, **form.values())
    revision = form.cleaned_data["revision"]
    return services.change_indicator(actor=request.user, indicator=indicator, revision=revision, **form.values())


def _beside(form: IndicatorForm, theirs: Any) -> list[dict[str, Any]]:
    return [
        {"label": form.fields[name].label, "mine": str(mine), "theirs": str(_plain(getattr(theirs, name)))}
        for name, mine in form.values().items()
        if getattr(theirs, name) != mine
    ]


def _plain(value: Any) -> Any:
    return unmistakable(f"{value.normalize():f}") if hasattr(value, "normalize") else value


@require_POST
def discard(request: HttpRequest, public_id: str, indicator_id: str) -> HttpResponse:
    """Throw an indicator away with its values."""
    indicator = _found(request, public_id, indicator_id)
    services.discard_indicator(actor=request.user, indicator=indicator)
    messages.success(request, _("The indicator is thrown away."))
    return redirect("contracts:indicators", public_id)
