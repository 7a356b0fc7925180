"""The yearly rhythm: the round that opens by itself, on the day in the settings."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from contracts.models import ClimateContract, ReviewRound
from contracts.services.review.rounds import open_round
from governance.models import User

# A day that was missed is made up for as long as people keep this many days to answer.
LEAST_DAYS = 14


def opening_day(year: int) -> date:
    """Give the day in a calendar year on which its round opens (`NSS_REVIEW_OPENS_ON`, month-day).

    Raises ImproperlyConfigured when the setting is no day.
    """
    try:
        month, day = settings.NSS_REVIEW_OPENS_ON.split("-")
        return date(year, int(month), int(day))
    except ValueError as error:
        raise ImproperlyConfigured(
            "NSS_REVIEW_OPENS_ON is a month and a day of every year, as in 09-01"
        ) from error


def round_due(on: date) -> tuple[int, date] | None:
    """Give (year that is looked back on, due date) of the round that should be open on a day, or None.

    The round that opens in a calendar year looks back on the year before. One that was missed is still opened as
    long as two weeks are left to answer; after that a coordinator decides.
    """
    opens = opening_day(on.year)
    if opens > on:
        opens = opening_day(on.year - 1)
    due_on = opens + timedelta(days=settings.NSS_REVIEW_DUE_AFTER_DAYS)
    if on > due_on - timedelta(days=LEAST_DAYS):
        return None
    return opens.year - 1, due_on


def open_yearly_round(on: date) -> ReviewRound | None:
    """Open the round that is due on a day, as the portal itself; gives None when there is nothing to open."""
    due = round_due(on)
    if due is None or ReviewRound.objects.filter(year=due[0]).exists():
        return None
    if not ClimateContract.objects.running(on).exists():
        return None
    return open_round(year=due[0], due_on=due[1], actor=User.objects.system())
