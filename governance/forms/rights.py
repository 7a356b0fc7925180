"""Form of the yearly review of rights."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookedForm(forms.Form):
    """Somebody says of the whole list that it is right, having seen it."""

    looked = forms.BooleanField(label=_("I looked at every person in the list"))
