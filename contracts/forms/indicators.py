"""Indicators of a contract, and their value of a year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.draft import RevisedForm
from contracts.forms.pathway import PlainDecimalField

MOST = 10**11
YEAR = {"inputmode": "numeric"}


class SignedDecimalField(PlainDecimalField):
    """A number with a comma or a point before its decimals; below 0 too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=-MOST, max_value=MOST, max_digits=16, decimal_places=4, **kwargs)


class IndicatorForm(RevisedForm):
    """What is counted, from where to where."""

    title = forms.CharField(
        label=_("Indicator"), max_length=200, help_text=_("For example: homes off natural gas.")
    )
    title_en = forms.CharField(label=_("Indicator in English"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=40, help_text=_("For example: homes, %, kilometres."))
    base_year = forms.IntegerField(
        label=_("First year"), min_value=1990, max_value=2050, widget=forms.TextInput(attrs=YEAR)
    )
    base_value = SignedDecimalField(label=_("Value in the first year"))
    target_year = forms.IntegerField(
        label=_("Target year"), min_value=1991, max_value=2050, widget=forms.TextInput(attrs=YEAR)
    )
    target_value = SignedDecimalField(label=_("Target"))
    action_code = forms.ChoiceField(
        label=_("Action"), required=False, help_text=_("Which action of the contract it follows, if it is one.")
    )
    source = forms.CharField(
        label=_("Where the values come from"), max_length=300, help_text=_("A register, a count, a publication.")
    )

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action_code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is the one above
        field.choices = [("", _("the contract as a whole")), *actions]

    def clean(self) -> dict[str, Any]:
        """Hold first year and target against each other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("base_year"), cleaned.get("target_year")
        if first is not None and last is not None and last <= first:
            self.add_error("target_year", _("The target year comes after the first year."))
        base, target = cleaned.get("base_value"), cleaned.get("target_value")
        if base is not None and base == target:
            self.add_error("target_value", _("The target has to differ from the value in the first year."))
        return cleaned


class ValueForm(forms.Form):
    """How an indicator stood in a year; an empty value takes that year away."""

    year = forms.IntegerField(label=_("Year"), widget=forms.TextInput(attrs=YEAR))
    value = SignedDecimalField(
        label=_("Value"), required=False, help_text=_("Leave it empty to take the year away.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
