"""Filling a draft: its own fields, parties, commitments, actions. A form carries the revision it opened with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.contract import FIRST_YEAR, LAST_YEAR
from contracts.models import ContractVersion, Party
from contracts.models.action import Certainty, Payer, Sector
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.days import DayField
from nss_portal.core.numbers import AmountField
from nss_portal.core.time import today


class RevisedForm(forms.Form):
    """A form on a record that a colleague may have open too."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def values(self) -> dict[str, Any]:
        """Give the checked values by the names that the service takes, without the revision."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class VersionForm(RevisedForm):
    """What a draft says of itself."""

    target_year = forms.IntegerField(label=_("Target year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    base_year = forms.IntegerField(
        label=_("Base year"),
        required=False,
        min_value=1990,
        max_value=2050,
        help_text=_("The year from which the contract calculates its reduction."),
    )
    summary = forms.CharField(
        label=_("Summary"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    summary_en = forms.CharField(
        label=_("Summary in English"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the contract is published, if it is."),
    )


class PartyForm(RevisedForm):
    """A party to a draft."""

    name = forms.CharField(label=_("Name"), max_length=200)
    group = forms.ChoiceField(label=_("Kind of organisation"), choices=Group.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation in the portal"),
        queryset=Organisation.objects.exclude(group=Group.MUNICIPALITY),
        required=False,
        help_text=_("If it is in the list, its people see the contract from internal review on."),
    )
    contact_position = forms.CharField(label=_("Position of the contact person"), required=False, max_length=120)
    contact_email = forms.EmailField(
        label=_("E-mail address of the contact person"),
        required=False,
        help_text=_("For the yearly review. It is not shown and is no part of the contract."),
    )

    def __init__(self, *args: Any, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party is not None and party.is_leading:
            # A municipality stays the one whose contract this is.
            self.fields["organisation"].disabled = True
            self.fields["group"].disabled = True
            field = self.fields["organisation"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
            field.queryset = Organisation.objects.filter(contract_parties=party)


class ContactForm(RevisedForm):
    """How a party is reached; open at any time."""

    contact_position = forms.CharField(label=_("Position of the contact person"), required=False, max_length=120)
    contact_email = forms.EmailField(label=_("E-mail address of the contact person"), required=False)


class CommitmentForm(RevisedForm):
    """A promise of a party."""

    party = forms.ModelChoiceField(label=_("Who promises"), queryset=Party.objects.none())
    title = forms.CharField(
        label=_("Promise"),
        max_length=300,
        help_text=_("One sentence: what will be there, and for whom."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args: Any, parties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
        field.queryset = parties


class ActionForm(RevisedForm):
    """An action with its effect and its money."""

    title = forms.CharField(label=_("Action"), max_length=300)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    responsible = forms.ModelChoiceField(
        label=_("Responsible"), queryset=Party.objects.none(), required=False, empty_label=_("not stated")
    )
    effect_kt = AmountField(
        label=_("Reduction in the target year"),
        unit="kt CO₂",
        help_text=_("Leave it empty when it is not known; an empty field does not count as zero."),
    )
    certainty = forms.ChoiceField(
        label=_("How sure"), required=False, choices=[("", _("not stated")), *Certainty.choices]
    )
    amount_meur = AmountField(label=_("Investment"), unit=_("million euros"))
    payer = forms.ChoiceField(label=_("Who pays"), choices=Payer.choices, initial=Payer.UNKNOWN)

    def __init__(self, *args: Any, version: ContractVersion, posts: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
        field.queryset = version.parties.all()
        if posts > 1:
            for name in ("amount_meur", "payer"):
                self.fields[name].disabled = True
            self.fields["amount_meur"].help_text = _("Divided over several posts; these stay as they are.")


class AdoptForm(forms.Form):
    """The day on which the municipality adopted the contract."""

    adopted_on = DayField(
        label=_("Adopted on"),
        initial=today,
    )


class ReasonForm(forms.Form):
    """Why a version goes back to draft."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What has to change?"),
    )
