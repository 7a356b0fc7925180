"""What municipalities and involvement add to the floors below and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.maps import map_of
from cities.models import Involvement, InvolvementRequest, Municipality
from cities.models.municipality import MunicipalityQuerySet
from cities.presenting import level_numbers
from cities.selectors import current_levels, level_counts, municipality_rows, requests_to_decide
from cities.services.demo import load_demo
from cities.services.reference import load_reference
from nss_portal.core.access import Actor, may
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    HomeLink,
    HomeNumber,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    home_links,
    home_numbers,
    home_sections,
    level_sources,
    navigation,
    news_items,
    reference_loaders,
    work_items,
)

NEWS_SHOWN = 12

level_sources.register(current_levels)
reference_loaders.register(load_reference)
demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Municipalities stand in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Municipalities"), url_name="cities:municipalities", order=20)]


@work_items.register
def requests_that_wait(user: Any) -> Iterable[WorkItem]:
    """Ask a coordinator to decide on requests to take part; one item for all of them."""
    if not may(user, "involvement", "decide"):
        return ()
    return Rows(requests_to_decide(user), "municipality__common_name", together=_decide)


def _decide(waiting: list[InvolvementRequest]) -> Iterator[WorkItem]:
    names = ", ".join(str(found.municipality) for found in waiting[:3])
    text = _("{names} and {number} more") if len(waiting) > 3 else "{names}"
    yield WorkItem(
        title=_("Decide on requests to take part") if len(waiting) > 1 else _("Decide on a request to take part"),
        url=reverse("cities:requests"),
        action_label=_("Decide"),
        minutes=5 * len(waiting),
        detail=text.format(names=names, number=len(waiting) - 3),
    )


@news_items.register
def changes_of_level(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which municipalities changed their level; what began long ago and was recorded late is no news."""
    periods = Involvement.objects.filter(
        recorded_at__gt=since, valid_from__gte=timezone.localdate(since), valid_to__isnull=True
    )
    newest = periods.order_by("-recorded_at")[:NEWS_SHOWN]
    return Rows(
        newest, "recorded_at", "level", "municipality__code", "municipality__common_name", each=_change_of_level
    )


def _change_of_level(period: Involvement) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(period.recorded_at),
        subject=str(period.municipality),
        text=_("is now: {level}").format(level=period.get_level_display()),
        url=period.municipality.get_absolute_url(),
    )


@home_sections.register
def map_of_levels(actor: Actor) -> Section:
    """Show a visitor the map of who takes part. One query."""
    rows = municipality_rows(_visible(actor).order_by(F("rank").asc(), "pk"))
    return Section(
        key="kaart",
        title=_("Who takes part"),
        template="cities/includes/home_map.html",
        context={"map": map_of(rows, table_url=f"{reverse('cities:municipalities')}#lijst")},
        order=10,
        beside=True,
    )


@home_numbers.register
def numbers_of_levels(actor: Actor) -> Iterator[HomeNumber]:
    """Tell a visitor how many cities take part. One query."""
    counts = level_counts(Municipality.objects.visible_to(actor).current())
    for order, number in enumerate(level_numbers(counts)):
        yield HomeNumber(**number, order=order)


@home_links.register
def ways_in() -> Iterator[HomeLink]:
    """Offer a visitor the way in."""
    yield HomeLink(_("My municipality wants to take part"), reverse("cities:take_part"), order=20)


def _visible(actor: Actor) -> MunicipalityQuerySet:
    return Municipality.objects.visible_to(actor).current().with_level()
