"""Days and moments that people fill in: what a plausible one is, and the fields that ask for it.

One rule for the whole portal: from 1990, when nothing of this existed yet, to thirty years on. So a year that is
typed wrong ('0202', '9999') never gets into a calendar, a reminder or a term that nothing ends.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from nss_portal.core.formats import format_date
from nss_portal.core.time import today

EARLIEST = date(1990, 1, 1)
YEARS_AHEAD = 30


def latest_day() -> date:
    """Give the last day that is plausible: thirty years from now."""
    now = today()
    return date(now.year + YEARS_AHEAD, now.month, min(now.day, 28))


def check_day(day: date, *, earliest: date = EARLIEST, latest: date | None = None) -> None:
    """Raise ValidationError, with the range in words, for a day before `earliest` or after `latest`."""
    last = latest or latest_day()
    if not earliest <= day <= last:
        text = _("This day cannot be right. Choose one from {first} to {last}.")
        raise ValidationError(text.format(first=format_date(earliest), last=format_date(last)), code="implausible")


class DayInput(forms.DateInput):
    """A date field that the browser helps with."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"format": "%Y-%m-%d", **kwargs})


class DayField(forms.DateField):
    """A day within the plausible range, or within a narrower or wider one that its meaning asks for.

    `within` is how far from today the day may lie at most.
    """

    widget = DayInput

    def __init__(
        self, label: Any = None, *, earliest: date = EARLIEST, within: timedelta | None = None, **kwargs: Any
    ) -> None:
        self.earliest, self.within = earliest, within
        super().__init__(label=label, **kwargs)

    def validate(self, value: Any) -> None:
        """Refuse a day that cannot be meant."""
        super().validate(value)
        if value is not None:
            check_day(value, earliest=self.earliest, latest=today() + self.within if self.within else None)


class MomentField(forms.DateTimeField):
    """A day and time within the plausible range, in Dutch time."""

    def to_python(self, value: Any) -> datetime | None:
        """Read a moment; one that no calendar of a time zone reaches is refused as any other wrong one."""
        try:
            return super().to_python(value)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def validate(self, value: Any) -> None:
        """Refuse a moment that cannot be meant."""
        super().validate(value)
        if value is not None:
            try:
                day = timezone.localdate(value)
            except OverflowError:
                day = value.date()
            check_day(day)
