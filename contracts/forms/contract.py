"""Making a contract, and explaining its figures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from contracts.models import ContractStandard
from nss_portal.core.access.standing import Organisations

FIRST_YEAR, LAST_YEAR = 2030, 2050


class NewContractForm(forms.Form):
    """What a contract begins with; one municipality is filled in by itself."""

    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none())
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("For example: Climate contract Leiden, 2027.")
    )
    standard = forms.ModelChoiceField(
        label=_("Form of the contract"),
        queryset=ContractStandard.objects.all(),
        help_text=_("Cities of the European mission use a template of NetZeroCities."),
    )
    target_year = forms.IntegerField(
        label=_("Target year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        initial=FIRST_YEAR,
        help_text=_("The year in which the municipality wants to be climate-neutral: 2030 to 2050."),
    )

    def __init__(self, *args: Any, organisations: Organisations, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
        field.queryset = Municipality.objects.current().filter(organisation__in=organisations)
        own = list(field.queryset[:2])
        if len(own) == 1:
            self.initial.setdefault("municipality", own[0])
            self.initial.setdefault("title", f"Klimaatcontract {own[0]}")


class NoteForm(forms.Form):
    """What the team says of two numbers that differ; an empty text takes an earlier one back."""

    text = forms.CharField(
        label=_("Explanation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Why do the two numbers differ, and which one holds? Leave it empty to take it away."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)
