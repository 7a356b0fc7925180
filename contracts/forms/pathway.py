"""Exploring a pathway: what one may change, in the address of the page, so that a link is the whole of it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.explorer.inputs import Inputs, MeasureInput
from contracts.models.action import Certainty
from nss_portal.core.number_reading import NoNumber, UnclearNumber, plain_number, without_zeros, written

MOST_KT = 1_000_000
LATEST = 30  # years after the target year by which a measure may be complete


class PlainDecimalField(forms.DecimalField):
    """A number as people write it in Dutch or English: with a comma or a point before its decimals.

    The same address has to mean the same number in both languages, so '1.234' is not read but asked about.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """Read the number; raises ValidationError for what is none, or may be either of two."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            plain = plain_number(value, shared=True) if value.strip() else ""
        except UnclearNumber as error:
            raise forms.ValidationError(str(error), code="unclear") from None
        except NoNumber:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if self.decimal_places is not None:
            plain = without_zeros(plain, self.decimal_places)
        return super().to_python(plain)


def unmistakable(text: str) -> str:
    """Give a number with a point before its decimals as `PlainDecimalField` reads it: '1.234' as '1.2340'."""
    return written(Decimal(text), shared=True) if text else ""


class ExplorerForm(forms.Form):
    """What holds for the whole pathway, and six fields per measure, named `<code>-<part>`.

    Fields that the address leaves out keep the value of the contract.
    """

    erbij = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    basis = forms.ChoiceField(label=gettext_lazy("Starting point"), required=False)
    trend = PlainDecimalField(
        label=gettext_lazy("Change a year without measures"),
        min_value=-20,
        max_value=20,
        decimal_places=2,
        help_text=gettext_lazy("Percent a year; below 0 is a decrease. No source in the portal gives it."),
    )
    doel = PlainDecimalField(
        label=gettext_lazy("Target"),
        required=False,
        min_value=0,
        max_value=MOST_KT,
        decimal_places=3,
        help_text=gettext_lazy("Kilotons that may be left in the target year."),
    )
    budget = PlainDecimalField(
        label=gettext_lazy("Carbon budget"),
        required=False,
        min_value=0,
        max_value=100 * MOST_KT,
        decimal_places=3,
        help_text=gettext_lazy("Kilotons in all, from the first year on. Leave empty if there is none."),
    )

    def __init__(self, data: QueryDict | Mapping[str, Any], *, inputs: Inputs) -> None:
        self.inputs = inputs
        initial = initial_of(inputs)
        given = {name: data.get(name) for name in initial if name in data}
        super().__init__({**initial, **given})
        self.changes = {name: str(value) for name, value in given.items() if str(value) != str(initial[name])}
        field = self.fields["basis"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is the one above
        field.choices = [(base.key, base.label) for base in inputs.bases]
        for measure in inputs.measures:
            self._add(measure)

    def _add(self, measure: MeasureInput) -> None:
        inputs = self.inputs
        first, last = inputs.base.year, inputs.target_year + LATEST
        sectors = [("", _("counted nowhere")), *((row.code, row.label) for row in inputs.base.rows)]
        parts: dict[str, forms.Field] = {
            "kt": PlainDecimalField(label=_("kt a year"), min_value=0, max_value=MOST_KT, decimal_places=3),
            "waar": forms.ChoiceField(label=_("Sector"), choices=sectors, required=False),
            "start": forms.IntegerField(label=_("Start"), min_value=first, max_value=last),
            "vol": forms.IntegerField(label=_("In full"), min_value=first, max_value=last),
            "zeker": forms.ChoiceField(label=_("How sure"), choices=Certainty.choices),
            "marge": forms.IntegerField(label=_("Margin"), min_value=0, max_value=100),
        }
        for name, field in parts.items():
            # Several measures have fields of one label; a list of faults names the measure too.
            field.named = f"{measure.label}: {field.label}"  # type: ignore[attr-defined]
            field.widget.attrs["aria-label"] = f"{measure.label}: {field.label}"
            if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField):
                field.widget = forms.TextInput(attrs={**field.widget.attrs, "inputmode": "numeric"})
            self.fields[f"{measure.code}-{name}"] = field

    def clean(self) -> dict[str, Any]:
        """Hold start and full year of each measure against each other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for measure in self.inputs.measures:
            start, full = (cleaned.get(f"{measure.code}-{name}") for name in ("start", "vol"))
            if start is not None and full is not None and full < start:
                says = _("%(measure)s: the full year %(full)s lies before the start in %(start)s.")
                words = {"measure": measure.label, "full": full, "start": start}
                self.add_error(f"{measure.code}-vol", says % words)
        return cleaned

    def chosen(self) -> Inputs:
        """Give the inputs as they were changed; the form has to be valid."""
        held = self.cleaned_data
        return replace(
            self.inputs,
            trend_rate=float(held["trend"]) / 100.0,
            target_kt=None if held["doel"] is None else float(held["doel"]),
            budget_kt=None if held["budget"] is None else float(held["budget"]),
            measures=tuple(self._changed(measure) for measure in self.inputs.measures),
        )

    def _changed(self, measure: MeasureInput) -> MeasureInput:
        held = {name: self.cleaned_data[f"{measure.code}-{name}"] for name in PARTS}
        return replace(
            measure,
            kt=float(held["kt"]),
            sector=held["waar"],
            start_year=held["start"],
            full_year=held["vol"],
            status=held["zeker"],
            spread=float(held["marge"]) / 100.0,
            is_changed=bool(measure.added) or self.is_changed(measure),
        )

    def is_changed(self, measure: MeasureInput) -> bool:
        """Say whether the address gives a measure another value than the contract."""
        return any(f"{measure.code}-{name}" in self.changes for name in PARTS)

    @property
    def address(self) -> str:
        """Give the changes as the query of an address."""
        return urlencode(self.changes)

    def without(self, measure: MeasureInput) -> str:
        """Give the query of an address that leaves an added measure out."""
        rest = [each.added for each in self.inputs.measures if each.added and each.added != measure.added]
        changes = {name: value for name, value in self.changes.items() if not name.startswith(f"{measure.code}-")}
        return urlencode({**changes, "erbij": ",".join(rest)} if rest else _omit(changes, "erbij"))

    def faults(self) -> list[str]:
        """Give every fault with the name of its field, for where the form itself is not drawn anew."""
        return [
            f"{self.fields[name].widget.attrs.get('aria-label') or self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Give the fields of each measure beside the measure as it counts now, and whether it was changed."""
        counts = {each.code: each for each in self.chosen().measures} if self.is_valid() else {}
        return [
            {
                "measure": counts.get(measure.code, measure),
                "fields": {name: self[f"{measure.code}-{name}"] for name in PARTS},
                "errors": [error for name in PARTS for error in self[f"{measure.code}-{name}"].errors],
                "changed": self.is_changed(measure),
                "without": self.without(measure) if measure.added else "",
            }
            for measure in self.inputs.measures
        ]


PARTS = ("kt", "waar", "start", "vol", "zeker", "marge")


def initial_of(inputs: Inputs) -> dict[str, Any]:
    """Give the value of every field as the contract has it."""
    found: dict[str, Any] = {
        "erbij": "",
        "basis": inputs.base.key,
        "trend": _plain(inputs.trend_rate * 100.0),
        "doel": _plain(inputs.target_kt),
        "budget": _plain(inputs.budget_kt),
    }
    for measure in inputs.measures:
        found |= {
            f"{measure.code}-kt": _plain(measure.kt),
            f"{measure.code}-waar": measure.sector,
            f"{measure.code}-start": str(measure.start_year),
            f"{measure.code}-vol": str(measure.full_year),
            f"{measure.code}-zeker": measure.status,
            f"{measure.code}-marge": _plain(measure.spread * 100.0),
        }
    return found


def _omit(changes: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in changes.items() if key != name}


def _plain(value: float | None) -> str:
    return "" if value is None else unmistakable(f"{value:.3f}".rstrip("0").rstrip("."))
