"""Form for the merger of two municipalities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from nss_portal.core.days import DayField


def municipalities_of_today() -> list[tuple[str, Any]]:
    """Give code and name of the municipalities that exist, after an invitation to choose."""
    rows = Municipality.objects.current().values_list("code", "common_name")
    return [("", _("Choose a municipality")), *((code, f"{name} ({code})") for code, name in rows)]


class MergerForm(forms.Form):
    """Which municipality goes on in which other, as of when, on what ground."""

    old = forms.ChoiceField(label=_("Municipality that ends"), choices=municipalities_of_today)
    new = forms.ChoiceField(label=_("Goes on in"), choices=municipalities_of_today)
    on = DayField(
        label=_("As of"),
        help_text=_("The first day on which the code no longer exists. A day in the future is kept until then."),
    )
    reason = forms.CharField(
        label=_("Ground"),
        required=False,
        max_length=250,
        help_text=_("For example the law or decision, with its number."),
    )

    def clean_old(self) -> Municipality:
        """Give the municipality of the chosen code."""
        return Municipality.objects.select_related("organisation").get(code=self.cleaned_data["old"])

    def clean_new(self) -> Municipality:
        """Give the municipality of the chosen code."""
        return Municipality.objects.select_related("organisation").get(code=self.cleaned_data["new"])
