"""Numbers in the fields of a page, as people write them in its language."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nss_portal.core.formats import format_number
from nss_portal.core.number_reading import NoNumber, UnclearNumber, plain_number, without_zeros, written

# A whole number has no fraction: three digits behind a mark are thousands in either language.
THOUSANDS = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[., \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])[0-9]{3}((?P=mark)[0-9]{3})*"
)


def read_amount(text: str, *, decimals: int = 3) -> str:
    """Give a number of 0 or more as '1234.5'; see `number_reading` for how it may be written.

    Raises ValidationError, with a text for people, for what is no such number or can be two.
    """
    try:
        plain = plain_number(text)
    except UnclearNumber as error:
        raise ValidationError(str(error), code="unclear") from None
    except NoNumber:
        plain = "-"
    if plain.startswith("-"):
        example = {"example": format_number(Decimal("12.5"), 1)}
        raise ValidationError(_("Fill in a number of 0 or more, in digits, such as 95 or %(example)s.") % example)
    return without_zeros(plain, decimals)


class AmountField(forms.DecimalField):
    """A number of 0 or more that may stay empty, shown and read as the language of the page writes it.

    Django's own reading drops every mark of thousands: '12,5' on an English page would be 125.
    """

    def __init__(self, *, unit: Any, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"unit": unit, "inputmode": "decimal"})
        usual: dict[str, Any] = {"required": False, "min_value": 0, "max_digits": 12, "decimal_places": 3}
        super().__init__(widget=widget, **usual | kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a number so that the field reads the same back."""
        return written(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        """Read the number; raises ValidationError."""
        if isinstance(value, str):
            value = Decimal(read_amount(value, decimals=self.decimal_places or 0)) if value.strip() else None
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
