"""Forms about people: one's own details, invitations, memberships, mandates."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from governance.forms.login import NEW_PASSWORD_HINT
from governance.models import Membership, User
from governance.models.membership import LEADING_FUNCTIONS, ContactSharing, Function
from governance.services.mandates import LONGEST as LONGEST_MANDATE
from nss_portal.core.days import DayField
from nss_portal.core.time import today


class OwnDetailsForm(forms.ModelForm):
    """What people change of their own account."""

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"language": _("Language of mails and of the first page")}
        help_texts = {"name": _("This is how colleagues see you.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class NewcomerForm(forms.Form):
    """The name of somebody new whom the own organisation vouches for."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("This is how colleagues see you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AcceptForm(forms.Form):
    """Name and password of somebody new."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("This is how colleagues see you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=400,
        help_text=NEW_PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, with the name and address that it may not resemble."""
        data = super().clean() or self.cleaned_data
        password = data.get("password")
        if password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
            if data.get("password_again") and data["password_again"] != password:
                self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        return data


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    function = forms.ChoiceField(label=_("Function"), widget=forms.RadioSelect)
    is_lead = forms.BooleanField(
        label=_("Leads: invites colleagues and lets memberships end"),
        required=False,
    )
    position = forms.CharField(
        label=_("Job title"),
        max_length=120,
        required=False,
        help_text=_("For instance: programme manager climate."),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, initial="nl", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, functions: list[Function], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["function"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(function.value, capfirst(function.label)) for function in functions]
        field.initial = Function.TEAM.value if Function.TEAM in functions else Function.STAFF.value

    def clean(self) -> dict[str, Any]:
        """Only staff and team members lead."""
        data = super().clean() or self.cleaned_data
        if data.get("is_lead") and data.get("function") not in [function.value for function in LEADING_FUNCTIONS]:
            self.add_error("is_lead", _("Only staff or a team member can lead."))
        return data


def sharing_choices() -> list[tuple[str, str]]:
    """Give the choices of who may see a contact, as the beginning of a line."""
    return [(value, str(capfirst(label))) for value, label in ContactSharing.choices]


class MembershipForm(forms.ModelForm):
    """What changes while a membership goes on."""

    sharing = forms.ChoiceField(
        label=_("Who may see this contact"), choices=sharing_choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Membership
        fields = ["position", "sharing", "is_lead"]
        labels = {
            "position": _("Job title"),
            "is_lead": _("Leads: invites colleagues and lets memberships end"),
        }

    def clean_sharing(self) -> ContactSharing:
        """Give the choice as what it stands for."""
        return ContactSharing(self.cleaned_data["sharing"])


class EndMembershipForm(forms.Form):
    """The last day, or at once."""

    last_day = DayField(
        label=_("Last day"),
        help_text=_("The rights end at midnight after this day."),
    )
    at_once = forms.BooleanField(label=_("End at once, now"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today()


class RemoveSecondFactorForm(forms.Form):
    """How the coordinator knows who asks."""

    reason = forms.CharField(
        label=_("How do you know that it is this person?"),
        max_length=300,
        help_text=_("For instance: called on the number that I know of the town hall. It is kept in the log."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MandateForm(forms.Form):
    """Until when, and why, the coordination team may act for the organisation."""

    valid_to = DayField(
        label=_("Until and including"),
        within=LONGEST_MANDATE,
        help_text=_("At most a year from now; after that it can be given again."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].initial = today() + timedelta(days=90)
