"""Forms of the planning board: another day, and the limit to the hours."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nss_portal.core.days import DayField
from nss_portal.core.numbers import AmountField


class MoveForm(forms.Form):
    """Another first day."""

    day = DayField(_("New first day"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)


class LimitForm(forms.Form):
    """How many hours a year, from when, and why."""

    hours = AmountField(
        label=_("Hours a year that are asked of a city at most"),
        unit=_("hours"),
        required=True,
        max_digits=6,
        decimal_places=1,
    )
    valid_from = DayField(_("From"))
    reason = forms.CharField(label=_("Why this number"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
