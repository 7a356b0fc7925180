"""Forms for taking part."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.models import Municipality
from cities.models.involvement import Level
from nss_portal.core.days import DayField
from nss_portal.core.time import today

LONGEST_TEXT = 5000


def municipalities_that_may_ask() -> list[tuple[str, Any]]:
    """Give code and name of the municipalities that do not take part yet, after an invitation to choose."""
    found = Municipality.objects.current().with_level().at_level(Level.OTHER)
    return [("", _("Choose a municipality")), *found.values_list("code", "common_name")]


class TakePartForm(forms.Form):
    """Somebody asks for a municipality to become interested."""

    municipality = forms.ChoiceField(
        label=_("Municipality"),
        choices=municipalities_that_may_ask,
        help_text=_("Is it not in the list? Then it takes part already."),
        error_messages={"invalid_choice": _("Choose a municipality from the list.")},
    )
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    position = forms.CharField(
        label=_("Position"),
        max_length=120,
        help_text=_("For example: programme manager climate."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("At work, please. A link that confirms the request is sent to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    motivation = forms.CharField(
        label=_("Why does the municipality want to take part?"),
        max_length=LONGEST_TEXT,
        help_text=_("A few sentences: what the municipality works on and what it hopes to learn."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, municipality: Municipality | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if municipality is not None:
            del self.fields["municipality"]

    def clean_municipality(self) -> Municipality:
        """Give the municipality of the chosen code."""
        return Municipality.objects.get(code=self.cleaned_data["municipality"])

    def clean_website(self) -> str:
        """Refuse what only a machine fills in: the field is not drawn on the screen."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty. It is there to keep machines out."))
        return ""


class DecisionForm(forms.Form):
    """A coordinator decides on a request."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        help_text=_("The asker reads this in the mail; with a confirmation it also stands on the public page."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class LevelForm(forms.Form):
    """A coordinator changes how a municipality takes part."""

    level = forms.ChoiceField(label=_("New level"), choices=Level.choices, widget=forms.RadioSelect)
    valid_from = DayField(label=_("From"), initial=today)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        help_text=_("This stands on the public page of the municipality."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=250,
        help_text=_("Where the decision is written down."),
    )
