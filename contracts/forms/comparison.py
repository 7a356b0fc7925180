"""Comparing cities, and the national path."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.pathway import PlainDecimalField
from contracts.monitoring.compare import Footing

ORDERS = [
    ("", _("most alike first")),
    ("inwoner", _("least per inhabitant first")),
    ("verandering", _("largest decrease first")),
    ("naam", _("by name")),
]


class CompareForm(forms.Form):
    """On which footing cities are compared; what is not valid falls back on what is usual."""

    gemeente = forms.CharField(label=_("Municipality"), required=False, max_length=100)
    bron = forms.ChoiceField(label=_("Source"), required=False)
    jaar = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    vanaf = forms.TypedChoiceField(label=_("Compared with"), required=False, coerce=int, empty_value=None)
    volgorde = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(self, *args: Any, footings: Sequence[Footing], years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "bron": [(each.key, each.name) for each in footings],
            "jaar": [(year, str(year)) for year in years],
            "vanaf": [("", _("no other year")), *((year, str(year)) for year in years)],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - they are the ones above
            field.choices = values


class PointForm(forms.Form):
    """A year of the national path; an empty number takes the year away."""

    year = forms.IntegerField(
        label=_("Year"), min_value=1990, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    kt = PlainDecimalField(
        label=_("kt a year"), required=False, min_value=0, max_value=10**9, max_digits=14, decimal_places=3
    )
    citation = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Law or publication, with the place in it.")
    )
