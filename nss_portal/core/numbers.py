"""Numbers in the fields of a page, as people write them in its language."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PLAIN = re.compile(r"[0-9]+([.,][0-9]+)?")
# No number starts its thousands with a zero: '0.125' is an eighth in either language.
GROUPED = {
    "nl": re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?"),
    "en": re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?"),
}
SPACE = re.compile(r"(?<=[0-9])[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}](?=[0-9]{3}(?![0-9]))")

# A whole number has no fraction: three digits behind a mark are thousands in either language.
THOUSANDS = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[., \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])[0-9]{3}((?P=mark)[0-9]{3})*"
)


def plain_number(text: str) -> str:
    """Give a number as '1234.5', whether it was written as '1.234,5', '1234,5', '1234.5' or '1 234,5'.

    Thousands are separated as in the language of the page. Raises ValidationError, with a text for people, for
    what is no number from 0 up.
    """
    bare = SPACE.sub("", text.strip())
    language = "en" if (get_language() or "").startswith("en") else "nl"
    if GROUPED[language].fullmatch(bare):
        return bare.replace(".", "").replace(",", ".") if language == "nl" else bare.replace(",", "")
    if PLAIN.fullmatch(bare):
        return bare.replace(",", ".")
    raise ValidationError(_("Fill in a number of 0 or more, in digits, such as 95 or 12,5."))


class AmountField(forms.DecimalField):
    """A number of 0 or more that may stay empty, shown and read as the language of the page writes it.

    Django's own reading drops every mark of thousands: '12,5' on an English page would be 125.
    """

    def __init__(self, *, unit: Any, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"unit": unit, "inputmode": "decimal"})
        usual: dict[str, Any] = {"required": False, "min_value": 0, "max_digits": 12, "decimal_places": 3}
        super().__init__(localize=True, widget=widget, **usual | kwargs)

    def to_python(self, value: Any) -> Any:
        """Read the number; raises ValidationError."""
        if isinstance(value, str):
            value = Decimal(plain_number(value)) if value.strip() else None
        return super().to_python(value)


class WholeField(forms.IntegerField):
    """A whole number of 0 or more, such as hours, euros or inhabitants: '15.000' is fifteen thousand.

    Django's own reading takes a point with zeros behind it for a fraction, and makes 15 of it.
    """

    def __init__(self, *, unit: Any = "", **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", **({"unit": unit} if unit else {})}
        super().__init__(widget=forms.TextInput(attrs=attrs), **{"min_value": 0} | kwargs)

    def to_python(self, value: Any) -> int | None:
        """Read the number; raises ValidationError, with a text for people."""
        if not isinstance(value, str):
            return super().to_python(value)
        typed = value.strip()
        if not typed:
            return None
        bare = re.sub(r"[^0-9]", "", typed) if THOUSANDS.fullmatch(typed) else typed
        if not (bare.isascii() and bare.isdigit()):
            raise ValidationError(_("Fill in a whole number of 0 or more, in digits, such as 1500."))
        return super().to_python(bare)
