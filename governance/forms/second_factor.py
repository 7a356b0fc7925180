"""What a form asks that confirms one act with a second factor: a code, or the answer of a passkey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from governance.forms.login import CODE_INPUT


class _NotShownAgain(forms.TextInput):
    """Keeps what was typed to itself: a code and a passkey's answer work once."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class _Hidden(_NotShownAgain):
    input_type = "hidden"
    template_name = forms.HiddenInput.template_name


class SecondFactorForm(forms.Form):
    """Stands before a form's own fields, as `class SignatureForm(SecondFactorForm)`; its fields come last.

    `with_code` says whether this portal asks for a second factor. What was sent is not shown again: an answer that
    was refused would stand before the code that somebody types next.
    """

    code = forms.CharField(
        label=_("Code of your second step"),
        max_length=40,
        required=False,
        help_text=_("Six digits from your app, or one of your recovery codes."),
        widget=_NotShownAgain(attrs=CODE_INPUT),
    )
    # The answer of a passkey, which the script of the page fills in.
    credential = forms.CharField(widget=_Hidden, required=False)

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("code", "credential"):
            field = self.fields.pop(name)
            if with_code:
                self.fields[name] = field
        if with_code:
            code: Any = self.fields["code"]
            code.needed_later = _("or a passkey")

    def clean(self) -> dict[str, Any]:
        """Ask for one of both where a second factor is asked for."""
        cleaned = super().clean() or self.cleaned_data
        if "code" in self.fields and not cleaned.get("code") and not cleaned.get("credential"):
            self.add_error("code", _("Type a code, or use a passkey."))
        return cleaned
