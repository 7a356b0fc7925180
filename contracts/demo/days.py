"""When the rounds of the demonstration opened, were due and closed: counted from today."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from nss_portal.core.time import today

# The open round is due in so many days and opened so many before: the reminder of a month before has gone by.
DUE_IN = timedelta(days=18)
OPENED_BEFORE = timedelta(days=29)
CLOSED_AFTER = timedelta(days=6)
# A year of whole weeks, so that rounds keep their weekdays.
YEAR = timedelta(weeks=52)
MORNING = time(9, 0)


@dataclass(frozen=True)
class Days:
    """When a round opened, was due and, if it did, closed."""

    opened_at: datetime
    due_on: date
    closed_at: datetime | None

    @classmethod
    def of(cls, years_ago: int) -> "Days":
        """Give the days of the round of so many years ago; 0 is the one that is open."""
        due = today() + DUE_IN - years_ago * YEAR
        closed = _at(due + CLOSED_AFTER) if years_ago else None
        return cls(opened_at=_at(due - OPENED_BEFORE), due_on=due, closed_at=closed)

    def moment(self, dice: random.Random) -> datetime:
        """Draw a moment at which somebody answered: after the opening, and not in the future."""
        until = min(_at(self.due_on), timezone.now())
        return self.opened_at + (until - self.opened_at) * dice.uniform(0.1, 0.95)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))
