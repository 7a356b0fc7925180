"""What the cities app adds to the floors below it and to the pages that compose all apps."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.maps import map_of
from cities.models import Bottleneck, Involvement, Municipality
from cities.models.bottleneck import BottleneckState
from cities.models.municipality import MunicipalityQuerySet
from cities.presenting import level_numbers
from cities.selectors import current_levels, level_counts, municipality_rows, requests_to_decide
from cities.services.demo import load_demo
from cities.services.reference import load_reference
from nss_portal.core.access import Actor, granted
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
    municipality_sections,
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
    """Municipalities and bottlenecks stand in the main navigation."""
    return [
        NavigationItem(label=gettext_lazy("Municipalities"), url_name="cities:municipalities", order=20),
        NavigationItem(label=gettext_lazy("Bottlenecks"), url_name="cities:bottlenecks", order=30),
    ]


@work_items.register
def requests_that_wait(user: Any) -> Iterator[WorkItem]:
    """Ask a coordinator to decide on requests to take part; one item for all of them. One query."""
    waiting = list(requests_to_decide(user))
    if not waiting:
        return
    names = ", ".join(str(found.municipality) for found in waiting[:3])
    text = _("{names} and {number} more") if len(waiting) > 3 else "{names}"
    yield WorkItem(
        title=_("Decide on requests to take part") if len(waiting) > 1 else _("Decide on a request to take part"),
        url=reverse("cities:requests"),
        action_label=_("Decide"),
        minutes=5 * len(waiting),
        detail=text.format(names=names, number=len(waiting) - 3),
    )


@work_items.register
def drafts_that_wait(user: Any) -> Iterator[WorkItem]:
    """Ask a city to finish its draft bottlenecks: those that a review began stand first. One query."""
    held = granted(user, "bottleneck", "change").get("own", frozenset())
    if not held:
        return
    drafts = Bottleneck.objects.filter(organisation__in=held, state=BottleneckState.DRAFT)
    for draft in drafts.select_related("organisation").order_by("-created_at", "-pk")[:10]:
        yield WorkItem(
            title=_("Finish the bottleneck '{title}'").format(title=draft.title),
            url=reverse("cities:bottleneck_edit", args=[draft.public_id]),
            action_label=_("Finish the draft"),
            minutes=5,
            detail=draft.origin_label,
            on_behalf_of=str(draft.organisation),
        )


@news_items.register
def changes_of_level(user: Any, since: datetime) -> Iterator[NewsItem]:
    """Tell which municipalities changed their level; what began long ago and was recorded late is no news."""
    periods = Involvement.objects.filter(
        recorded_at__gt=since, valid_from__gte=timezone.localdate(since), valid_to__isnull=True
    )
    for period in periods.select_related("municipality").order_by("-recorded_at")[:NEWS_SHOWN]:
        yield NewsItem(
            when=timezone.localdate(period.recorded_at),
            subject=str(period.municipality),
            text=_("is now: {level}").format(level=period.get_level_display()),
            url=period.municipality.get_absolute_url(),
        )


@news_items.register
def shared_bottlenecks(user: Any, since: datetime) -> Iterator[NewsItem]:
    """Tell which bottlenecks others shared or solved. One query."""
    visible = Bottleneck.objects.visible_to(user).filter(
        changed_at__gt=since, state__in=[BottleneckState.OPEN, BottleneckState.SOLVED]
    )
    for bottleneck in visible.select_related("organisation")[:NEWS_SHOWN]:
        solved = bottleneck.state == BottleneckState.SOLVED
        text = _("solved the bottleneck '{title}'") if solved else _("shares the bottleneck '{title}'")
        yield NewsItem(
            when=timezone.localdate(bottleneck.changed_at),
            subject=str(bottleneck.organisation),
            text=text.format(title=bottleneck.title),
            url=bottleneck.get_absolute_url(),
        )


@municipality_sections.register
def bottlenecks_of(actor: Actor, municipality: Municipality) -> Section | None:
    """Show on a municipality's page the bottlenecks of that city that the person may see. One query."""
    visible = Bottleneck.objects.visible_to(actor).listed().filter(organisation=municipality.organisation_id)
    found = list(visible.select_related("theme")[:5])
    if not found:
        return None
    return Section(
        key="knelpunten",
        title=_("Bottlenecks"),
        template="cities/includes/bottlenecks_of.html",
        context={"bottlenecks": found, "name": str(municipality)},
        order=40,
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
    """Tell a visitor how many cities take part, and how many bottlenecks are open. Two queries."""
    counts = level_counts(Municipality.objects.visible_to(actor).current())
    for order, number in enumerate(level_numbers(counts)):
        yield HomeNumber(**number, order=order)
    found = Bottleneck.objects.visible_to(actor).filter(state=BottleneckState.OPEN).count()
    url = f"{reverse('cities:bottlenecks')}?stand={BottleneckState.OPEN}"
    yield HomeNumber(found, _("open bottlenecks"), url, order=5)


@home_links.register
def ways_in() -> Iterator[HomeLink]:
    """Offer a visitor the way in."""
    yield HomeLink(_("My municipality wants to take part"), reverse("cities:take_part"), order=20)


def _visible(actor: Actor) -> MunicipalityQuerySet:
    return Municipality.objects.visible_to(actor).current().with_level()
