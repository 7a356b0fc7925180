"""The screens of a first draft. What a screen says is kept as JSON: numbers as text, empty ones left out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms.contract import FIRST_YEAR, LAST_YEAR
from contracts.models import StandardMeasure
from contracts.models.action import Certainty, Sector
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.formats import rounded
from nss_portal.core.number_reading import written
from nss_portal.core.numbers import AmountField

DECIMALS = 3
# The sectors that a municipality can fill in itself where the portal has no figures.
SECTORS = ("built", "mobility", "industry", "agriculture", "waste")
OTHERS = 3


class ScreenForm(forms.Form):
    """A screen; `kept` gives what it says as JSON holds it, as far as it is right."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def kept(self) -> dict[str, Any]:
        """Give the values that are right, without empty ones."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in values.items()
            if value not in (None, "")
        }

    @property
    def parts(self) -> list[forms.BoundField]:
        """Give the fields that somebody fills in."""
        return self.visible_fields()


class BasisForm(ScreenForm):
    """What the contract is about: title, years, and emissions per sector."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    target_year = forms.IntegerField(
        label=gettext_lazy("Target year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=gettext_lazy("The year in which the municipality wants to be climate-neutral: 2030 to 2050."),
    )
    base_year = forms.IntegerField(
        label=gettext_lazy("Base year"),
        required=False,
        min_value=1990,
        max_value=2050,
        help_text=gettext_lazy("The year that you compare with; filled in is the year of the newest figures."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for sector in SECTORS:
            self.fields[f"kt_{sector}"] = AmountField(label=str(Sector(sector).label).capitalize(), unit="kt CO₂")

    @property
    def about(self) -> list[forms.BoundField]:
        """Give the fields about the contract."""
        return [field for field in self.visible_fields() if not field.name.startswith("kt_")]

    @property
    def sectors(self) -> list[forms.BoundField]:
        """Give the fields with emissions."""
        return [field for field in self.visible_fields() if field.name.startswith("kt_")]


class MeasuresForm(ScreenForm):
    """Which measures go into the draft; each is drawn with what it does in this municipality."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Measures"),
        error_messages={"required": gettext_lazy("Choose at least one measure. You can take it out later.")},
    )

    def __init__(self, *args: Any, measures: Sequence[StandardMeasure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - it is the one above
        field.choices = [(one.code, one.title) for one in measures]

    @property
    def ticked(self) -> list[str]:
        """Give the codes that are ticked now."""
        found: list[str] = self["codes"].value() or []
        return found


class ActionsForm(ScreenForm):
    """What each chosen measure does, costs, and how sure that is."""

    def __init__(self, *args: Any, measures: Sequence[StandardMeasure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measures = measures
        for one in measures:
            self.fields[f"kt_{one.code}"] = AmountField(label=_("Reduction in the target year"), unit="kt CO₂")
            self.fields[f"meur_{one.code}"] = AmountField(label=_("Investment"), unit=_("million euros"))
            self.fields[f"sure_{one.code}"] = forms.ChoiceField(label=_("How sure"), choices=Certainty.choices)
            for name in ("kt", "meur", "sure"):
                field: Any = self.fields[f"{name}_{one.code}"]
                # The summary of errors names the measure too: the same three fields stand below each.
                field.named = f"{one.title}: {field.label}"

    def rows(self, hints: Mapping[str, str]) -> list[dict[str, Any]]:
        """Give the fields per measure, with what the library says of it."""
        return [
            {
                "measure": one,
                "hint": hints.get(one.code, ""),
                "fields": [self[f"{name}_{one.code}"] for name in ("kt", "meur", "sure")],
            }
            for one in self.measures
        ]


class PartiesForm(ScreenForm):
    """Who takes part: organisations that the portal knows, and others by name."""

    organisations = forms.MultipleChoiceField(
        label=gettext_lazy("Parties in the portal"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They see the contract from internal review on, so talk with them first."),
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - it is the one above
        field.choices = [(one.public_id, f"{one} ({one.get_group_display()})") for one in organisations]
        for number in range(1, OTHERS + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Another party %(number)d") % {"number": number}, required=False, max_length=200
            )
            self.fields[f"group_{number}"] = forms.ChoiceField(
                label=_("Kind of party %(number)d") % {"number": number},
                required=False,
                choices=[("", "–"), *((g.value, g.label) for g in Group if g != Group.MUNICIPALITY)],
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the kind of a party that has a name."""
        values = self.cleaned_data
        for number in range(1, OTHERS + 1):
            if values.get(f"name_{number}") and not values.get(f"group_{number}"):
                self.add_error(f"group_{number}", _("Choose what kind of party this is."))
        return values


class TextsForm(ScreenForm):
    """A text per section, filled in for this municipality."""

    def __init__(self, *args: Any, sections: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in sections:
            self.fields[f"text_{section.code}"] = forms.CharField(
                label=section.title,
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 6}),
            )


def shown_number(value: Decimal | None) -> str:
    """Write a number as its field takes it back; '' for none."""
    return "" if value is None else written(rounded(value, DECIMALS))
