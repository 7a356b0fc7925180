"""Template filters for numbers, amounts and dates; `{% load formats %}`."""

from datetime import date, datetime

from django import template

from nss_portal.core import formats

register = template.Library()


@register.filter
def number(value: formats.Number | None, decimals: int = 0) -> str:
    """`{{ 1941|number }}` is 1.941; `{{ 1.5|number:1 }}` is 1,5."""
    return formats.format_number(value, decimals)


@register.filter
def signed(value: formats.Number | None, decimals: int = 0) -> str:
    """`{{ 58|signed }}` is +58."""
    return formats.format_number(value, decimals, signed=True)


@register.filter
def kt(value: formats.Number | None, decimals: int | None = None) -> str:
    """`{{ 446|kt }}` is 446 kt CO₂."""
    return formats.format_kt(value, decimals)


@register.filter
def euro(value: formats.Number | None) -> str:
    """`{{ 2700000000|euro }}` is 2,7 miljard euro; the value is in euros."""
    return formats.format_euro(value)


@register.filter
def percent(value: formats.Number | None, decimals: int = 0) -> str:
    """`{{ 42.5|percent:1 }}` is 42,5%."""
    return formats.format_percent(value, decimals)


@register.filter
def year(value: int | None) -> str:
    """`{{ 2030|year }}` is 2030."""
    return formats.format_year(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ review.due|day }}` is 3 maart 2027."""
    return formats.format_date(value)


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ event.at|moment }}` is 3 maart 2027, 09.12 uur."""
    return formats.format_moment(value)


@register.filter
def filesize(value: int) -> str:
    """`{{ file.size|filesize }}` is 412 kB."""
    return formats.format_size(value)
