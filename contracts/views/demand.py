"""Joint demand: what cities want together, and what companies and financiers offer them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.services.editing import EditConflict
from contracts.figure_words import plain_number
from contracts.models import DemandOffer, Measure
from contracts.models.action import FieldOfAction, InvestmentKind, Sector
from contracts.models.demand import OfferStatus
from contracts.selectors_demand import actions_wanting, demands, unnamed
from contracts.services.demand import offering_for, save_offer
from nss_portal.core.access import NotAllowed
from nss_portal.core.kept import KeptPart

MOST_ACTIONS = 500


class DemandFilterForm(forms.Form):
    """Which part of the demand to show."""

    veld = forms.ChoiceField(
        label=gettext_lazy("Field of action"), required=False, choices=[("", "–"), *FieldOfAction.choices]
    )
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False, choices=[("", "–"), *Sector.choices])


class OfferForm(forms.Form):
    """What an organisation offers."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    text = forms.CharField(
        label=gettext_lazy("What you offer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Only the cities that want this read it: what, for how many, from when, on what terms."
        ),
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom to reach, and how"),
        max_length=200,
        help_text=gettext_lazy("A function or department with an address or number."),
    )
    status = forms.ChoiceField(label=gettext_lazy("How far it is"), choices=OfferStatus.choices)


def index(request: HttpRequest) -> HttpResponse:
    """All kinds of measures that contracts ask for, added up."""
    body = KeptPart(request, "demand", lambda: _index(request))
    return render(request, "contracts/demand/index.html", {"body": body})


def _index(request: HttpRequest) -> dict[str, Any]:
    form = DemandFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = demands(request.user, sector=chosen.get("sector", ""), field_of_action=chosen.get("veld", ""))
    rows = [
        {
            "measure": row.measure,
            "field": row.measure.get_field_display(),
            "cities": row.cities,
            "actions": row.actions,
            "kt": plain_number(row.kt),
            "capital": plain_number(row.capital),
        }
        for row in found
    ]
    return {"rows": rows, "form": form, "unnamed": unnamed(request.user)}


def item(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of measure: which cities want it, what it comes down to, and the offers that one may see."""
    measure = get_object_or_404(Measure, code=code)
    own = offering_for(request.user)
    actions = list(actions_wanting(request.user, measure)[:MOST_ACTIONS])
    row = next((each for each in demands(request.user) if each.measure.pk == measure.pk), None)
    offers = list(
        DemandOffer.objects.visible_to(request.user).filter(measure=measure).select_related("organisation")
    )
    kinds = InvestmentKind.choices
    context = {
        "measure": measure,
        "demand": row,
        "money": [(label, plain_number(row.money[kind])) for kind, label in kinds if kind in row.money]
        if row
        else [],
        "kt": plain_number(row.kt) if row else "",
        "actions": [
            {
                "title": each.label,
                "contract": each.version.contract,
                "kt": plain_number(each.effect_kt),
                "money": plain_number(getattr(each, "amount_meur", None)),
            }
            for each in actions
        ],
        "offers": offers,
        "own": own,
        "answered": {offer.organisation_id for offer in offers},
    }
    return render(request, "contracts/demand/item.html", context)


def answer(request: HttpRequest, code: str, organisation_id: int) -> HttpResponse:
    """Answer a demand for one's own organisation, or change the answer."""
    measure = get_object_or_404(Measure, code=code)
    organisation = next((each for each in offering_for(request.user) if each.pk == organisation_id), None)
    if organisation is None:
        raise NotAllowed(_("You can answer for your own company or financial institution only."))
    held = DemandOffer.objects.filter(measure=measure, organisation=organisation).first()
    names = ("text", "contact", "status", "revision")
    initial = {name: getattr(held, name) for name in names} if held else {}
    form = OfferForm(request.POST or None, initial=initial)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            save_offer(actor=request.user, measure=measure, organisation=organisation, **values)
        except EditConflict as error:
            theirs: Any = error.record
            conflict = [
                {"label": form.fields[name].label, "mine": values[name], "theirs": getattr(theirs, name)}
                for name in names[:3]
                if values[name] != getattr(theirs, name)
            ]
            data = request.POST.copy()
            data["revision"] = str(theirs.revision)
            form, status = OfferForm(data), 409
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The cities that want this see your offer."))
            return redirect("contracts:demand_item", code)
    context = {"measure": measure, "organisation": organisation, "form": form, "conflict": conflict, "held": held}
    return render(request, "contracts/demand/answer.html", context, status=status)
