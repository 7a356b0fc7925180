"""A text of a draft by section of the approach."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.draft import RevisedForm


class TextForm(RevisedForm):
    """A text with its heading."""

    title = forms.CharField(label=_("Heading"), max_length=200)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
