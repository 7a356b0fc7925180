"""Entering emission figures of a municipality by hand."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.pathway import PlainDecimalField, unmistakable
from contracts.importing.rows import FIRST_YEAR
from contracts.models import EmissionSeries
from contracts.services.monitoring import CODES, SECTORS, Entered
from nss_portal.core.time import today

SCOPES = [
    ("", _("the source does not say")),
    ("1", _("1: what arises here")),
    ("1+2", _("1 and 2: with the electricity used here")),
    ("2", _("2: only electricity and heat")),
]
GASES = [("CO₂", "CO₂"), ("CO₂-eq", _("all greenhouse gases (CO₂-eq)"))]
UNITS = [("kton", _("kilotons")), ("ton", _("tons"))]
STATUSES = [
    ("", _("the source does not say")),
    ("definitief", _("final")),
    ("voorlopig", _("provisional")),
    ("schatting", _("estimate")),
]
MOST = 10**12


class FiguresForm(forms.Form):
    """The figures of one year out of one source."""

    title = forms.CharField(
        label=_("Source"), max_length=120, help_text=_("For example: CO₂ monitor of the municipality.")
    )
    release = forms.CharField(
        label=_("Edition"),
        max_length=60,
        required=False,
        help_text=_("Year or number of the edition, if it has one."),
    )
    citation = forms.CharField(
        label=_("Where is it found?"), max_length=1000, help_text=_("An address on the web, or title and page.")
    )
    scope = forms.ChoiceField(label=_("Scope"), choices=SCOPES, required=False)
    gas = forms.ChoiceField(label=_("Gas"), choices=GASES)
    printed_unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    year = forms.IntegerField(
        label=_("Year"), min_value=FIRST_YEAR, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    status = forms.ChoiceField(label=_("Status of the figures"), choices=STATUSES, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, series: EmissionSeries | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {str(sector.value): str(sector.label).capitalize() for sector in SECTORS}
        for code in CODES:
            self.fields[code] = PlainDecimalField(
                label=labels.get(code, _("Total, as the source gives it")),
                required=False,
                min_value=0,
                max_value=MOST,
                max_digits=18,
                decimal_places=6,
            )
        if series is not None:
            for name in ("title", "release", "citation", "scope", "gas", "printed_unit", "year"):
                self.fields[name].disabled = True

    def clean_year(self) -> int:
        """Refuse a year that has not come yet: these are emissions that were."""
        year: int = self.cleaned_data["year"]
        if year > today().year:
            raise forms.ValidationError(_("This year has not come yet."))
        return year

    def entered(self) -> Entered:
        """Give the figures that were filled in; what was left empty is not there."""
        values: dict[str, Decimal] = {
            code: self.cleaned_data[code] for code in CODES if self.cleaned_data.get(code) is not None
        }
        return Entered(self.cleaned_data["year"], self.cleaned_data["status"], values)

    @property
    def about(self) -> list[forms.BoundField]:
        """Give the fields on the source."""
        return [
            self[name]
            for name in ("title", "release", "citation", "scope", "gas", "printed_unit", "year", "status")
        ]

    @property
    def numbers(self) -> list[forms.BoundField]:
        """Give the fields on the figures."""
        return [self[code] for code in CODES]


def initial_of(series: EmissionSeries, year: int) -> dict[str, Any]:
    """Give what is there of a series and year as a form takes it."""
    figures = list(series.figures.filter(year=year))
    return {
        "title": series.source.label_nl.removesuffix(f", {series.source.release}"),
        "release": series.source.release,
        "citation": series.source.citation,
        "scope": series.scope,
        "gas": series.gas,
        "printed_unit": series.printed_unit,
        "year": year,
        "status": figures[0].status if figures else "",
        "revision": series.revision,
        **{figure.sector: unmistakable(figure.printed) for figure in figures},
    }
