"""The forms around passkeys: their answers come from the browser, in a hidden field."""

from typing import Any

from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from governance.services.people import note_security

NOT_RECOGNISED = _("This passkey was not recognised. Try again, or choose another way.")
NOT_MADE = _("The passkey was not made. Try again; use this page within a few minutes.")
NAME = _("Name of the passkey")
NAME_HINT = _("So that you know later which one it is: 'my telephone', 'laptop of work'.")
LONGEST_NAME = 60


class _Answer(forms.Form):
    """Says in plain words that a browser's answer is no good. Stands before a form of the library."""

    bad_answer: Any = NOT_RECOGNISED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def add_error(self, field: str | None, error: Any) -> None:
        """Put our words in the place of those about codes and missing fields; they belong to the whole form."""
        if field == "credential":
            self.cleaned_data.pop(field, None)
            field = None
        if field is None and getattr(error, "code", "") != "too_many_login_attempts":
            error = ValidationError(self.bad_answer, code="bad_answer")
        super().add_error(field, error)


class _Proof(_Answer):
    """The answer to a challenge."""

    def clean_credential(self) -> Any:
        """Check it as the library does, which stumbles over some answers that are none."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValidationError(self.bad_answer) from error


class AuthenticateForm(_Proof, webauthn.AuthenticateWebAuthnForm):
    """The second step of logging in, with a passkey."""


class ReauthenticateForm(_Proof, webauthn.ReauthenticateWebAuthnForm):
    """Proof that it is still the same person, with a passkey."""


class LoginForm(_Proof, webauthn.LoginWebAuthnForm):
    """Logging in with a passkey alone."""


class AddForm(_Answer, webauthn._BaseAddWebAuthnForm):
    """A new passkey. It always asks for finger, face or PIN and can be used without typing an address."""

    bad_answer = NOT_MADE
    field_order = ["name", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"maxlength": LONGEST_NAME})
        self.fields["name"] = forms.CharField(label=NAME, help_text=NAME_HINT, required=False, widget=widget)

    def clean_name(self) -> str:
        """Shorten a long name: the passkey is made already, and would be lost with the form."""
        return str(super().clean_name())[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        """Check the browser's answer as the library does, for a passkey that can log in by itself."""
        self.cleaned_data["passwordless"] = True
        try:
            super().clean()
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # of something that is no answer at all
            raise ValidationError(self.bad_answer) from error
        return self.cleaned_data


class RenameForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=NAME, help_text=NAME_HINT, max_length=LONGEST_NAME)

    def save(self) -> Any:
        """Rename it, and note that."""
        renamed = super().save()
        note_security(user=renamed.user, what="passkey_renamed")
        return renamed
