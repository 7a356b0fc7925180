"""What a password has to be, in words of our own."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LengthValidator(MinimumLengthValidator):
    """A least length; Django's own words have no Dutch."""

    def get_error_message(self) -> str:
        """Say how long it has to be."""
        return ngettext(
            "This password is too short. Use at least %(count)d character.",
            "This password is too short. Use at least %(count)d characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        """The same words before the mistake."""
        return self.get_error_message()
