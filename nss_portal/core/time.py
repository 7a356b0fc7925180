"""Time is stored in UTC and lived in Europe/Amsterdam."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def today() -> date:
    """Give the date in the Netherlands."""
    return timezone.localdate()


def end_of(day: date) -> datetime:
    """Give the moment at which a due date ends: local midnight after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def is_past(day: date) -> bool:
    """Say whether a due date has ended."""
    return timezone.now() >= end_of(day)
