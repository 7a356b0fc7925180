"""What contracts put into calendars: the rounds of annual reviews."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.models import PartyReview, ReviewRound
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.registry import CalendarEntry, date_sources

TWO_WEEKS = timedelta(days=14)


@date_sources.register
def rounds(actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    """Give the last day of each round of reviews; that there is one is no secret. One query."""
    own = list(standing_of(actor).organisations)
    parts = PartyReview.objects.filter(review__round=OuterRef("pk"), party__organisation__in=own).order_by()
    found = ReviewRound.objects.filter(due_on__range=(first, last)).annotate(
        mine=Exists(parts) if own else Value(value=False)
    )
    for year, due_on, opened_at, mine in found.values_list("year", "due_on", "opened_at", "mine"):
        yield CalendarEntry(
            key=f"review-{year}",
            title=_("Last day: annual review of {year}").format(year=year),
            starts=due_on,
            ends=due_on,
            url=reverse("contracts:list"),
            kind="review",
            changed_at=opened_at,
            version=(due_on - date(year, 1, 1)).days,
            mine=mine,
            alarm=TWO_WEEKS if mine else None,
        )
