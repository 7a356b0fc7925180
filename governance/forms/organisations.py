"""Forms about an organisation itself: its facts, its name over time, where its task went."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core.days import DayField
from nss_portal.core.time import today

# Universities and cities are centuries old.
OLDEST = date(1100, 1, 1)


class NewOrganisationForm(forms.Form):
    """An organisation that is not in the register yet."""

    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    group = forms.ChoiceField(
        label=_("Group"),
        choices=[(group.value, capfirst(group.label)) for group in Group if group != Group.MUNICIPALITY],
    )
    website = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")
    valid_from = DayField(label=_("Exists since"), required=False, earliest=OLDEST)


class OrganisationForm(forms.ModelForm):
    """What an organisation says of itself."""

    website = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = ["about_nl", "about_en", "name_en", "website"]
        widgets = {
            "about_nl": forms.Textarea(attrs={"rows": 4, "lang": "nl"}),
            "about_en": forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        }
        help_texts = {
            "about_en": _("May stay empty; English pages then show the Dutch text."),
            "name_en": _("Only where there is an official one."),
        }


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label=_("New name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    valid_from = DayField(label=_("From"), initial=today)
    old_since = DayField(
        label=_("Since when was the old name used?"), help_text=_("Roughly is good enough."), earliest=OLDEST
    )

    def __init__(self, *args: Any, knows_since: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if knows_since:
            del self.fields["old_since"]


class HandoverForm(forms.Form):
    """In which organisation it goes on, from when, and why."""

    new = forms.ModelChoiceField(
        label=_("Goes on in"), queryset=Organisation.objects.none(), to_field_name="public_id"
    )
    on = DayField(label=_("From"), initial=today, help_text=_("The first day of the successor."))
    reason = forms.CharField(
        label=_("Why"), max_length=250, help_text=_("For example the law or decision, with its number.")
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["new"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 declared above
        field.queryset = organisations
