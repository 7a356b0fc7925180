"""Joint demand: what cities want together, and what companies and financiers offer them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contracts.figure_words import plain_number
from contracts.models import DemandOffer, Measure, OfferAnswer
from contracts.models.action import FieldOfAction, InvestmentKind, Sector
from contracts.models.demand import OfferStatus
from contracts.selectors.demand import WantedAction, actions_wanting, demands, unnamed
from contracts.services.demand import answer_offer, answering_for, offering_for, save_offer
from governance.models import Organisation
from nss_portal.core.access import NotAllowed
from nss_portal.core.editing import EditConflict
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

PER_PAGE = 50


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


class AnswerForm(forms.Form):
    """What a city says to an offer."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("For"), queryset=Organisation.objects.none(), empty_label=None
    )
    interested = forms.TypedChoiceField(
        label=gettext_lazy("Are you interested?"),
        choices=[("yes", gettext_lazy("Yes, we want to talk")), ("no", gettext_lazy("No, not for us"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom to reach at your municipality"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A function or department with an address or number. Needed for a yes."),
    )
    text = forms.CharField(
        label=gettext_lazy("What you want to say with it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Only who made the offer reads it. With a no: why, so that the offer can improve."),
    )

    def __init__(self, *args: Any, cities: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
        field.queryset = Organisation.objects.filter(pk__in=[city.pk for city in cities])
        field.initial = cities[0].pk
        if len(cities) == 1:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Ask whom to reach with a yes."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("interested") and not cleaned.get("contact"):
            self.add_error("contact", _("Say whom they can reach at your municipality."))
        return cleaned


def item(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of measure: which cities want it, what it comes down to, and the offers that one may see."""
    measure = get_object_or_404(Measure, code=code)
    # Who may withdraw an offer and answer for which city is another for each who looks.
    body = KeptPart(request, "demand-item", lambda: _item(request, measure), request.user.pk)
    return render(request, "contracts/demand/item.html", {"measure": measure, "body": body})


def _item(request: HttpRequest, measure: Measure) -> dict[str, Any]:
    own = offering_for(request.user)
    row = next(iter(demands(request.user, code=measure.code)), None)
    page = Paginator(actions_wanting(request.user, measure), PER_PAGE)
    # Counted with the sums already.
    page.count = row.actions if row else 0
    shown = page.get_page(request.GET.get("page"))
    offers = _offers(request, measure, {each.pk for each in own})
    kinds = InvestmentKind.choices
    return {
        "demand": row,
        "money": [(label, plain_number(row.money[kind])) for kind, label in kinds if kind in row.money]
        if row
        else [],
        "kt": plain_number(row.kt) if row else "",
        "page_obj": shown,
        "actions": [_action(WantedAction(*held)) for held in shown],
        "offers": offers,
        "own": own,
        "answered": {each["offer"].organisation_id for each in offers},
    }


def _action(held: WantedAction) -> dict[str, Any]:
    english = get_language() == "en"
    return {
        "title": (english and held.title_en) or held.title,
        "contract": (english and held.contract_en) or held.contract,
        "public_id": held.public_id,
        "kt": plain_number(held.kt),
        "money": plain_number(held.amount_meur),
    }


def _offers(request: HttpRequest, measure: Measure, own: set[int]) -> list[dict[str, Any]]:
    """Give the offers that one may see, each with the answers to it that one may see; at most three queries."""
    found = DemandOffer.objects.visible_to(request.user).filter(measure=measure).select_related("organisation")
    offers = list(found)
    if not offers:
        return []
    said: dict[int, list[OfferAnswer]] = {}
    answers = OfferAnswer.objects.visible_to(request.user).filter(offer__in=offers)
    for answer in answers.select_related("organisation").order_by("-is_interested", "organisation__name"):
        said.setdefault(answer.offer_id, []).append(answer)
    cities = answering_for(request.user, measure)
    return [
        {
            "offer": offer,
            "answers": said.get(offer.pk, []),
            "is_own": offer.organisation_id in own,
            "may_answer": bool(cities) and offer.is_open,
            "yes": sum(each.is_interested for each in said.get(offer.pk, [])),
        }
        for offer in offers
    ]


def reply(request: HttpRequest, code: str, offer_id: str) -> HttpResponse:
    """Say for one's own city whether an offer interests it, or change that."""
    visible = DemandOffer.objects.visible_to(request.user).select_related("measure", "organisation")
    offer = get_object_or_404(visible, measure__code=code, public_id=offer_id)
    cities = answering_for(request.user, offer.measure) if offer.is_open else []
    if not cities:
        raise NotAllowed(_("You can answer for your own municipality only, when its contract asks for this."))
    wanted = request.POST.get("organisation") or request.GET.get("voor") or ""
    city = next((each for each in cities if str(each.pk) == wanted), cities[0])
    held = OfferAnswer.objects.filter(offer=offer, organisation=city).first()
    initial: dict[str, Any] = {"organisation": city.pk}
    if held:
        initial |= {"interested": "yes" if held.is_interested else "no", "revision": held.revision}
        initial |= {"text": held.text, "contact": held.contact}
    form = AnswerForm(request.POST or None, initial=initial, cities=cities)
    conflict: list[dict[str, Any]] = []
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            answer_offer(
                actor=request.user,
                offer=offer,
                organisation=values["organisation"],
                is_interested=values["interested"],
                text=values["text"],
                contact=values["contact"],
                revision=values["revision"],
            )
        except EditConflict as error:
            theirs: Any = error.record
            conflict = _differing(form, values, theirs)
            data = request.POST.copy()
            data["revision"] = str(theirs.revision)
            form, status = AnswerForm(data, initial=initial, cities=cities), 409
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(
                request, _("{organisation} reads your answer.").format(organisation=offer.organisation)
            )
            return redirect(f"{reverse('contracts:demand_item', args=[code])}#aanbod")
    context = {"measure": offer.measure, "offer": offer, "form": form, "conflict": conflict, "held": held}
    return render(request, "contracts/demand/reply.html", context, status=status)


def _differing(form: forms.Form, mine: dict[str, Any], theirs: OfferAnswer) -> list[dict[str, Any]]:
    words = {True: _("yes"), False: _("no")}
    pairs = {
        "interested": (words[bool(mine["interested"])], words[theirs.is_interested]),
        "contact": (mine["contact"], theirs.contact),
        "text": (mine["text"], theirs.text),
    }
    return [
        {"label": form.fields[name].label, "mine": own, "theirs": other}
        for name, (own, other) in pairs.items()
        if own != other
    ]


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
