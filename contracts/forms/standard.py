"""Forms of the standard approach: its steps, and what is said of its parts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation
from nss_portal.core.days import DayField

LONGEST = 20_000


class IntroForm(forms.Form):
    """The introduction of a version."""

    intro_nl = forms.CharField(
        label=_("Introduction in Dutch"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    intro_en = forms.CharField(
        label=_("Introduction in English"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ProposeForm(forms.Form):
    """Until when cities are asked to go through a version."""

    react_by = DayField(
        label=_("Answers by"),
        required=False,
        help_text=_("Cities of the network see this day in 'my work'."),
    )


class SendBackForm(forms.Form):
    """Why a version goes back to draft."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What has to change?"),
    )


class VoiceForm(forms.Form):
    """In whose name somebody speaks; hidden where there is one organisation."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("In the name of"))

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - it is the one above
        field.queryset = organisations
        own = list(organisations[:2])
        if len(own) == 1:
            field.initial, field.widget = own[0].pk, forms.HiddenInput()


class CommentForm(VoiceForm):
    """What somebody says of a part."""

    text = forms.CharField(
        label=_("What you want to say of it"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
