"""What bottlenecks add to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Bottleneck, Municipality
from cities.models.bottleneck import BottleneckState

# Read before: its demo data, the bottlenecks among them, comes before what completes them here.
from cities.registrations import municipalities  # noqa: F401
from cities.services.demo_bottlenecks import load_demo
from nss_portal.core.access import Actor, granted
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    HomeNumber,
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    home_numbers,
    municipality_sections,
    navigation,
    news_items,
    work_items,
)

NEWS_SHOWN = 12

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Bottlenecks stand in the main navigation."""
    return [NavigationItem(label=gettext_lazy("Bottlenecks"), url_name="cities:bottlenecks", order=30)]


@work_items.register
def drafts_that_wait(user: Any) -> Iterable[WorkItem]:
    """Ask a city to finish its drafts, and to describe what it shared in three answers."""
    held = granted(user, "bottleneck", "change").get("own", frozenset())
    if not held:
        return ()
    unfinished = Q(state=BottleneckState.DRAFT) | Q(state=BottleneckState.OPEN, description="")
    drafts = Bottleneck.objects.filter(unfinished, organisation__in=held)
    newest = drafts.order_by("state", "-created_at", "-pk")[:10]
    return Rows(newest, "public_id", "title", "state", "origin_label", "organisation__name", each=_unfinished)


def _unfinished(draft: Bottleneck) -> WorkItem:
    is_draft = draft.state == BottleneckState.DRAFT
    text = _("Finish the bottleneck '{title}'") if is_draft else _("Describe the bottleneck '{title}'")
    return WorkItem(
        title=text.format(title=draft.title),
        url=reverse("cities:bottleneck_edit", args=[draft.public_id]),
        action_label=_("Finish the draft") if is_draft else _("Describe it"),
        minutes=5,
        detail=draft.origin_label,
        on_behalf_of=str(draft.organisation),
    )


@news_items.register
def shared_bottlenecks(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which bottlenecks others shared or solved."""
    visible = Bottleneck.objects.visible_to(user).filter(
        changed_at__gt=since, state__in=[BottleneckState.OPEN, BottleneckState.SOLVED]
    )
    newest = visible[:NEWS_SHOWN]
    return Rows(newest, "public_id", "title", "state", "changed_at", "organisation__name", each=_shared)


def _shared(bottleneck: Bottleneck) -> NewsItem:
    solved = bottleneck.state == BottleneckState.SOLVED
    text = _("solved the bottleneck '{title}'") if solved else _("shares the bottleneck '{title}'")
    return NewsItem(
        when=timezone.localdate(bottleneck.changed_at),
        subject=str(bottleneck.organisation),
        text=text.format(title=bottleneck.title),
        url=bottleneck.get_absolute_url(),
    )


@municipality_sections.register
def bottlenecks_of(actor: Actor, municipality: Municipality) -> Rows[Section]:
    """Show on a municipality's page the bottlenecks of that city that the person may see."""
    visible = Bottleneck.objects.visible_to(actor).listed().filter(organisation=municipality.organisation_id)

    def section(found: list[Bottleneck]) -> Iterator[Section]:
        yield Section(
            key="knelpunten",
            title=_("Bottlenecks"),
            template="cities/includes/bottlenecks_of.html",
            context={"bottlenecks": found, "name": str(municipality), "code": municipality.code},
            order=40,
        )

    theme = ("theme__label_nl", "theme__label_en")
    return Rows(visible[:5], "public_id", "title", "state", "is_illustrative", *theme, together=section)


@home_numbers.register
def open_bottlenecks(actor: Actor) -> Iterator[HomeNumber]:
    """Tell a visitor how many bottlenecks are open. One query."""
    found = Bottleneck.objects.visible_to(actor).filter(state=BottleneckState.OPEN).count()
    url = f"{reverse('cities:bottlenecks')}?stand={BottleneckState.OPEN}"
    yield HomeNumber(found, _("open bottlenecks"), url, order=5)
