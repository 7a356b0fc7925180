"""The form of a newsletter: its texts; what it brings is chosen and ordered in the rows below them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nss_portal.core.days import DayField, MomentField
from nss_portal.core.time import today


class NewsletterForm(forms.Form):
    """Subject and introduction. `until` is the moment at which the rows were drawn."""

    title = forms.CharField(label=_("Subject of the mail"), max_length=120)
    introduction = forms.CharField(
        label=_("Introduction"),
        required=False,
        max_length=5000,
        help_text=_("A few sentences above the rest. Everybody reads them: nothing confidential."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)
    until = MomentField(widget=forms.HiddenInput, required=False)


class SentForm(forms.Form):
    """On which day it went out."""

    sent_on = DayField(
        label=_("On which day was it sent?"),
        initial=today,
    )
