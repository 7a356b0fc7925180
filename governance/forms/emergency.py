"""Form for an emergency role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.forms.second_factor import SecondFactorForm
from governance.models import User
from governance.services.emergency import LONGEST_HOURS


class EmergencyForm(SecondFactorForm):
    """Who coordinates for some hours, how long, and why."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("Of somebody who has an account, with a second step of logging in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    hours = forms.IntegerField(
        label=_("For how long"),
        min_value=1,
        max_value=LONGEST_HOURS,
        initial=LONGEST_HOURS,
        widget=forms.NumberInput(attrs={"unit": _("hours")}),
    )
    reason = forms.CharField(
        label=_("Why can no coordinator do this?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The coordination team and the steering group read this in a mail."),
    )

    def clean_email(self) -> User:
        """Give the account of the address."""
        address = self.cleaned_data["email"].strip().lower()
        found = User.objects.filter(email=address, is_system=False).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this address. Look for a typing error."))
        return found
