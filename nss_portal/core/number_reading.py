"""Numbers as people write them, with one rule for every field, table, paste and file of the portal.

'1.234,5', '1,234.5' and '1.234.567' say themselves which mark stands between thousands. '1.234' does not: where a
page writes thousands with that mark it is a thousand, with the other mark it is asked about. An address that means
the same in both languages asks about both.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from nss_portal.core.formats import is_dutch

SIGNED = re.compile(r"(?P<sign>[-+−]?)\s*(?P<digits>.*)", re.DOTALL)
SPACED = re.compile(r"[0-9]{1,3}(?:[\s'][0-9]{3})+(?:[.,][0-9]+)?")
GROUPED = re.compile(r"(?P<whole>[0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)(?!\2)[.,](?P<part>[0-9]+)")
MILLIONS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
# No number starts its thousands with a zero: '0.125' is an eighth in either language.
THOUSAND_OR_ONE = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}")
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+")


class NoNumber(ValueError):
    """A text that is no number."""


class UnclearNumber(ValueError):
    """A text that can be two numbers; `whole` and `small` are what to write for each, the message asks which."""

    def __init__(self, whole: str, small: str) -> None:
        text = _(
            "This can be two numbers. Write %(thousands)s, or the decimals with a zero after them: %(decimals)s."
        )
        super().__init__(text % {"thousands": whole, "decimals": small})
        self.whole, self.small = whole, small


def plain_number(text: str, *, shared: bool = False) -> str:
    """Give a number as '-1234.5', whatever marks it was written with.

    With `shared` it is read alike in both languages. Raises NoNumber and UnclearNumber.
    """
    match = SIGNED.fullmatch(text.strip())
    digits = match["digits"] if match else ""
    sign = "-" if match and match["sign"] in {"-", "−"} else ""
    if SPACED.fullmatch(digits):
        return sign + re.sub(r"[\s']", "", digits).replace(",", ".")
    if MILLIONS.fullmatch(digits):
        return sign + re.sub("[.,]", "", digits)
    if grouped := GROUPED.fullmatch(digits):
        return f"{sign}{re.sub('[.,]', '', grouped['whole'])}.{grouped['part']}"
    if unclear := THOUSAND_OR_ONE.fullmatch(digits):
        whole = sign + re.sub("[.,]", "", digits)
        if not shared and unclear["mark"] == thousands_mark():
            return whole
        raise UnclearNumber(whole, f"{sign}{re.sub('[.,]', decimal_mark(), digits)}0")
    if PLAIN.fullmatch(digits):
        return sign + digits.replace(",", ".")
    raise NoNumber(text)


def thousands_mark() -> str:
    """Give the mark between thousands in the language of the page."""
    return "." if is_dutch() else ","


def decimal_mark() -> str:
    """Give the mark before decimals in the language of the page."""
    return "," if is_dutch() else "."


def written(value: Decimal, *, shared: bool = False) -> str:
    """Give a number as its field shows it, so that the field reads the same back: '12,5', and '1,2340' for 1.234.

    With `shared` decimals come after a point, as in addresses.
    """
    text = f"{value.normalize() + 0:f}"
    if THOUSAND_OR_ONE.fullmatch(text.lstrip("-")):
        text += "0"
    return text if shared else text.replace(".", decimal_mark())


def without_zeros(plain: str, decimals: int) -> str:
    """Take away zeros behind the decimals that fit: they only made the number clear."""
    whole, point, part = plain.partition(".")
    while len(part) > decimals and part.endswith("0"):
        part = part[:-1]
    return f"{whole}{point if part else ''}{part}"
