"""What the cities app puts into calendars: the last days of calls for Expressions of Interest."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import EoiCall
from cities.models.eoi import CallState
from nss_portal.core.access import Actor
from nss_portal.core.registry import CalendarEntry, date_sources

WEEK = timedelta(days=7)


@date_sources.register
def calls(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the last day of each call that is no draft. One query."""
    found = EoiCall.objects.visible_to(actor).exclude(state=CallState.DRAFT)
    for call in found.filter(closes_on__range=(first, last)).order_by("closes_on", "pk"):
        yield CalendarEntry(
            key=f"eoi-{call.public_id}",
            title=_("Last day: {name}").format(name=call.name),
            starts=call.closes_on,
            ends=call.closes_on,
            url=call.get_absolute_url(),
            kind="deadline",
            changed_at=timezone.make_aware(datetime.combine(call.opens_on, time.min)),
            version=call.version,
            alarm=WEEK,
        )
