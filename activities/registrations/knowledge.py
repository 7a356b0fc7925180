"""What knowledge products and news add to other parts of the portal."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import KnowledgeProduct, News
from activities.models.knowledge import PublishingState

# Read before: its demo data comes before the products that are used in lessons.
from activities.registrations import lessons  # noqa: F401
from activities.services.demo_knowledge import load_demo
from activities.services.handing_products import give_products
from cities.models import TransitionStep
from governance.models import Organisation, User
from nss_portal.core.access import Actor, granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    hand_over_handlers,
    home_sections,
    merger_handlers,
    navigation,
    news_items,
    roadmap_sections,
    work_items,
)

SHOWN = 10
ON_HOME = 3
ON_STEP = 5


demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Knowledge products and news stand beside the lessons."""
    return [
        NavigationItem(
            label=gettext_lazy("Knowledge products"),
            url_name="activities:products",
            order=42,
            under="activities:lessons",
        ),
        NavigationItem(
            label=gettext_lazy("News"), url_name="activities:news", order=44, under="activities:lessons"
        ),
    ]


@work_items.register
def products_that_wait(user: Any) -> Iterable[WorkItem]:
    """Ask to finish the draft products of the own organisations."""
    held = granted(user, "knowledge_product", "change").get("own", frozenset())
    if not held:
        return ()
    drafts = KnowledgeProduct.objects.filter(organisation__in=held, state=PublishingState.DRAFT)
    return Rows(
        drafts.order_by("created_at", "pk")[:SHOWN], "public_id", "title", "organisation__name", each=_draft
    )


def _draft(product: KnowledgeProduct) -> WorkItem:
    return WorkItem(
        title=_("Finish the product '{title}'").format(title=product.title),
        url=product.get_absolute_url(),
        action_label=_("Finish the draft"),
        minutes=5,
        on_behalf_of=str(product.organisation),
    )


@news_items.register
def published_products(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which knowledge products were published."""
    found = KnowledgeProduct.objects.filter(state=PublishingState.PUBLISHED, published_at__gt=since)
    newest = found.order_by("-published_at", "-pk")[:SHOWN]
    return Rows(newest, "public_id", "title", "published_at", "organisation__name", each=_product_news)


def _product_news(product: KnowledgeProduct) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(product.published_at),
        subject=str(product.organisation),
        text=_("published '{title}'").format(title=product.title),
        url=product.get_absolute_url(),
    )


@news_items.register
def published_news(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell the news."""
    found = News.objects.published().filter(published_at__gt=since)[:SHOWN]
    return Rows(found, "public_id", "title", "published_at", each=_news)


def _news(news: News) -> NewsItem:
    return NewsItem(when=timezone.localdate(news.published_at), text=news.title, url=news.get_absolute_url())


@home_sections.register
def latest_news(actor: Actor) -> Section | None:
    """Show a visitor the latest news. One query."""
    found = list(News.objects.published().only("public_id", "title", "published_at", "is_illustrative")[:ON_HOME])
    if not found:
        return None
    template = "activities/includes/news.html"
    return Section(key="nieuws", title=_("News"), template=template, context={"news": found}, order=20)


@roadmap_sections.register
def products_at(actor: Actor, step: TransitionStep) -> Section | None:
    """Show on a step's page what one can take along there. One query."""
    published = KnowledgeProduct.objects.filter(state=PublishingState.PUBLISHED, steps=step)
    found = list(published.order_by(F("published_at").desc(nulls_last=True), "-pk")[:ON_STEP])
    if not found:
        return None
    return Section(
        key="kennisproducten",
        title=_("To take along"),
        template="activities/includes/products_at.html",
        context={"products": found, "step": step.code, "address": reverse("activities:products")},
        order=35,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Knowledge products and news go along when a municipality goes on in another one."""
    yield Carried("activities.KnowledgeProduct", "organisation", gettext_lazy("knowledge products"))
    yield Carried("activities.News", "organisation", gettext_lazy("news"))


@hand_over_handlers.register
def drafts_of(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the draft products that somebody began. One query."""
    drafts = KnowledgeProduct.objects.filter(
        organisation=organisation, created_by=user, state=PublishingState.DRAFT
    )
    yield Held(
        "product_drafts",
        gettext_lazy("Draft knowledge products"),
        list(drafts.order_by("pk").values_list("title", flat=True)),
        lambda successor, actor: give_products(
            user=user, successor=successor, organisation=organisation, actor=actor
        ),
    )
