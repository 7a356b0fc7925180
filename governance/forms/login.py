"""The forms of logging in, with words of our own and without placeholders, which vanish while one types."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class _Worded(forms.Form):
    """Gives fields of a form of a library their label and hint."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class LoginForm(_Worded, account.LoginForm):
    """E-mail address and password."""

    labels = {"login": _("E-mail address"), "password": _("Password")}


class ResetPasswordForm(_Worded, account.ResetPasswordForm):
    """The address to which the link for a new password goes."""

    labels = {"email": _("E-mail address")}


NEW_PASSWORD_HINT = _("At least 12 characters. A sentence that only you know works well.")


class ResetPasswordKeyForm(_Worded, account.ResetPasswordKeyForm):
    """A new password, after the link in the mail."""

    labels = {"password1": _("New password"), "password2": _("New password once more")}
    hints = {"password1": NEW_PASSWORD_HINT}


class ChangePasswordForm(_Worded, account.ChangePasswordForm):
    """A new password, by who knows the present one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints = {"password1": NEW_PASSWORD_HINT}


class SetPasswordForm(_Worded, account.SetPasswordForm):
    """A first password, for an account that has none."""

    labels = {"password1": _("Password"), "password2": _("Password once more")}
    hints = {"password1": NEW_PASSWORD_HINT}


class ReauthenticateForm(_Worded, account.ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Password")}


class _WithCode(_Worded):
    """A form with one code of six digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(CODE_INPUT)


class AuthenticateForm(_WithCode, mfa.AuthenticateForm):
    """The second step of logging in."""

    labels = {"code": _("Code")}
    hints = {"code": _("Six digits from your app, or one of your recovery codes.")}


class ReauthenticateCodeForm(_WithCode, mfa.ReauthenticateForm):
    """The second step once more."""

    labels = {"code": _("Code")}
    hints = {"code": _("Six digits from your app, or one of your recovery codes.")}


class ActivateTOTPForm(_WithCode, totp.ActivateTOTPForm):
    """The first code of an app, which proves that it was set up."""

    labels = {"code": _("Code from your app")}
    hints = {"code": _("Six digits; a new code comes every half minute.")}

    def clean_code(self) -> str:
        """Check the code; whoever sets an app up has no recovery codes yet, so the words differ from a login's."""
        try:
            code: str = super().clean_code()
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise ValidationError(
                _(
                    "This code is not right. Type the newest code of the app. Still wrong? "
                    "Then let your phone set its time by itself, and scan the square again."
                ),
                code=error.code,
            ) from error
        return code
