"""Numbers, amounts and dates as people read them, in the language of the page.

Dutch writes 1.234,5 and English 1,234.5. A missing figure is an en dash. Years go through `format_year`, since a
year has no thousands.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

Number = int | float | Decimal

MISSING = "–"
MINUS = "−"
NBSP = "\N{NO-BREAK SPACE}"
MILLION = Decimal(1_000_000)
BILLION = Decimal(1_000_000_000)
_TO_DUTCH = str.maketrans({",": ".", ".": ","})


def is_dutch() -> bool:
    """Say whether texts are in Dutch at this moment; without an active language they are."""
    return (get_language() or "nl").startswith("nl")


def exact(value: Number) -> Decimal:
    """Give a number as the decimal that a person would read off it: 0.1 is 0.1."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Round half away from zero, as people do; `decimals` places behind the comma."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number with separators: 1.941 or 1.234,5. None is '–'; `signed` puts a plus before gains."""
    if value is None:
        return MISSING
    number: int | Decimal
    if isinstance(value, int):
        number = value
    elif not exact(value).is_finite():
        return MISSING
    else:
        number = rounded(value, decimals)
    text = f"{abs(number):,.{decimals}f}"
    if is_dutch():
        text = text.translate(_TO_DUTCH)
    if number < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if signed and number > 0 else text


def format_short(value: Number | None) -> str:
    """Write a number with one decimal below ten where it has one, else without: 8,4 and 119."""
    if value is None or not exact(value).is_finite():
        return MISSING
    small = abs(exact(value)) < 10 and rounded(value, 1) != rounded(value)
    return format_number(value, 1 if small else 0)


def format_kt(value: Number | None, decimals: int | None = None, gas: str = "CO₂") -> str:
    """Write kilotons of a gas: '446 kt CO₂'. Without `decimals` only figures below ten get one."""
    if value is None:
        return MISSING
    number = format_short(value) if decimals is None else format_number(value, decimals)
    return f"{number}{NBSP}kt{NBSP}{gas}"


def format_euro(value: Number | None) -> str:
    """Write an amount given in euros, large ones in words: '2,7 miljard euro', '12.500 euro'."""
    if value is None or not exact(value).is_finite():
        return MISSING
    amount = exact(value)
    if rounded(abs(amount) / MILLION) >= 1000:
        return _("%(number)s billion euros") % {"number": _in_unit(amount, BILLION)}
    if abs(amount) >= MILLION:
        return _("%(number)s million euros") % {"number": _in_unit(amount, MILLION)}
    return _("%(number)s euros") % {"number": format_number(amount)}


def format_whole_euro(value: Number | None) -> str:
    """Write an amount given in euros to the euro, where somebody reckons on with it: '1.250.000 euro'."""
    if value is None or not exact(value).is_finite():
        return MISSING
    return _("%(number)s euros") % {"number": format_number(exact(value))}


def _in_unit(amount: Decimal, unit: Decimal) -> str:
    """Write an amount in millions or billions: one decimal below 100 where it says something."""
    number = amount / unit
    one = rounded(number, 1)
    return format_number(one, 1 if abs(one) < 100 and one != rounded(one) else 0)


def format_percent(value: Number | None, decimals: int = 0) -> str:
    """Write a percentage given in percents (42.5 is 42,5%)."""
    return MISSING if value is None else f"{format_number(value, decimals)}%"


def format_year(value: int | None) -> str:
    """Write a year: four digits, no separator."""
    return MISSING if value is None else str(value)


def format_date(value: date | datetime | None) -> str:
    """Write a day, '3 maart 2027'; a moment gives the day it is in the Netherlands."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value.day}{NBSP}{MONTHS[value.month]} {value.year}"


def format_moment(value: datetime | None) -> str:
    """Write a moment in Dutch time: '3 maart 2027, 09.12 uur'."""
    if value is None:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    clock = pgettext("time of day; hours and minutes", "%(hour)s:%(minute)s") % {
        "hour": f"{local.hour:02}",
        "minute": f"{local.minute:02}",
    }
    return f"{format_date(local)}, {clock}"


def format_size(size: int) -> str:
    """Write the size of a file, given in bytes: '412 kB', '1,3 MB'."""
    if size < 1_000_000:
        return f"{format_number(max(1, size) / 1000 if size >= 1000 else 1)}{NBSP}kB"
    return f"{format_number(size / 1_000_000, 1)}{NBSP}MB"
