"""What is asked of somebody by a day, in that person's own calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from governance.models import User
from nss_portal.core.access import Actor
from nss_portal.core.calendar import WORK
from nss_portal.core.registry import CalendarEntry, calendar_kinds, own_date_sources
from nss_portal.pages.work import work_of

DAYS_BEFORE = timedelta(days=3)


@calendar_kinds.register
def kinds() -> Iterator[tuple[str, object]]:
    """Last days and reviews have a feed of their own."""
    yield "deadline", _("last days")
    yield "review", _("annual reviews")


@own_date_sources.register
def work(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give what stands in 'my work' with a date. A calendar is on somebody's telephone: the title says enough."""
    if not isinstance(actor, User):
        return
    seen: dict[str, int] = {}
    for item in work_of(actor).open:
        if item.due is None or not first <= item.due <= last:
            continue
        seen[item.url] = number = seen.get(item.url, 0) + 1
        yield CalendarEntry(
            key=f"{WORK}{sha256(f'{item.url} {number}'.encode()).hexdigest()[:20]}",
            title=str(item.title),
            starts=item.due,
            ends=item.due,
            url=item.url,
            kind="deadline",
            # When it was asked is not known; the same day gives the same feed.
            changed_at=datetime.combine(item.due, time.min, tzinfo=UTC),
            mine=True,
            alarm=DAYS_BEFORE,
        )
