"""'My work': what is asked of somebody, gathered from all apps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, ngettext

from governance.models import User
from nss_portal.core.gathering import gather, sections
from nss_portal.core.registry import NewsItem, Section, WorkItem, news_items, work_items, work_sections
from nss_portal.core.time import today

NEWS_SHOWN = 12
# What is asked within so many days stands open; with less than so many things the next ones stand there too.
SOON_DAYS = 28
FEWEST_SHOWN = 5


@dataclass(frozen=True)
class Work:
    """What is asked of one person, most urgent first, and what is done already."""

    open: list[WorkItem]
    done: list[WorkItem]

    @property
    def now(self) -> list[WorkItem]:
        """What is late or asked within four weeks, at least the first five; all, when hardly any would be left."""
        last = today() + timedelta(days=SOON_DAYS)
        soon = sum(item.due is not None and item.due <= last for item in self.open)
        shown = max(soon, FEWEST_SHOWN)
        return self.open if len(self.open) - shown < 3 else self.open[:shown]

    @property
    def later(self) -> list[WorkItem]:
        """The rest: what can wait, or may be done when it suits."""
        return self.open[len(self.now) :]

    @property
    def minutes(self) -> int:
        """About how many minutes take what is asked now, together."""
        return sum(item.minutes for item in self.now)

    @property
    def later_minutes(self) -> int:
        """About how many minutes the rest takes."""
        return sum(item.minutes for item in self.later)

    @property
    def heading(self) -> str:
        """Say in one line how much is asked now."""
        count = len(self.now)
        if not count:
            return gettext("Nothing is asked of you now")
        return ngettext(
            "%(number)s thing asks something of you", "%(number)s things ask something of you", count
        ) % {"number": number_word(count)}


def number_word(number: int) -> str:
    """Write a number up to twelve as a word with a capital, a larger one in figures."""
    words = (
        gettext("No"),
        gettext("One"),
        gettext("Two"),
        gettext("Three"),
        gettext("Four"),
        gettext("Five"),
        gettext("Six"),
        gettext("Seven"),
        gettext("Eight"),
        gettext("Nine"),
        gettext("Ten"),
        gettext("Eleven"),
        gettext("Twelve"),
    )
    return words[number] if number < len(words) else str(number)


def urgency(item: WorkItem) -> tuple[bool, date, str]:
    """Order items by date; those without one come last."""
    return (item.due is None, item.due or date.max, str(item.title))


def work_of(user: User) -> Work:
    """Gather what all apps ask of a user."""
    items: list[WorkItem] = gather(source(user) for source in work_items)
    return Work(
        open=sorted((item for item in items if not item.done), key=urgency),
        done=sorted((item for item in items if item.done), key=urgency),
    )


def news_of(user: User, since: datetime) -> list[NewsItem]:
    """Gather what changed since a moment, newest first."""
    items: list[NewsItem] = gather(source(user, since) for source in news_items)
    return sorted(items, key=lambda item: (item.when, str(item.subject)), reverse=True)[:NEWS_SHOWN]


def sections_of(user: User) -> list[Section]:
    """Give what apps show under somebody's work."""
    return sections(source(user) for source in work_sections)
