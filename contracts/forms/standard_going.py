"""The form with which a city goes through a section."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models.standard_change import Verdict
from contracts.services.standard.going import LONGEST


class GoingForm(forms.Form):
    """Whether a section works, and what would have to change."""

    verdict = forms.ChoiceField(
        label=_("Does this section work for you?"),
        choices=Verdict.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What would have to change, or why does it not work?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Think of staff, money, partners and room to sign. One sentence is enough."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    organisation = forms.CharField(widget=forms.HiddenInput, required=False)
