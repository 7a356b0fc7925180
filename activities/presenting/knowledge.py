"""What pages of knowledge products and news say, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import KnowledgeProduct
from activities.models.knowledge import PublishingState

STATE_TONES = {
    PublishingState.DRAFT: "neutral",
    PublishingState.PUBLISHED: "good",
    PublishingState.WITHDRAWN: "neutral",
}


def product_rows(products: Iterable[KnowledgeProduct]) -> list[dict[str, Any]]:
    """Give what the list shows."""
    return [
        {
            "url": product.get_absolute_url(),
            "title": product.title,
            "summary": product.summary,
            "kind": product.get_kind_display(),
            "of": product.organisation.short_name or product.organisation.name,
            "theme": str(product.theme or ""),
            "state": "" if product.state == PublishingState.PUBLISHED else product.get_state_display(),
            "tone": STATE_TONES[PublishingState(product.state)],
            "is_illustrative": product.is_illustrative,
        }
        for product in products
    ]


def product_facts(product: KnowledgeProduct) -> list[tuple[str, Any]]:
    """Give the facts of a product."""
    facts: list[tuple[str, Any]] = [(_("Kind"), product.get_kind_display()), (_("Of"), product.organisation)]
    if product.theme:
        facts.append((_("Theme"), product.theme))
    moment = product.published_at or product.changed_at
    label = _("Published") if product.published_at else _("Last changed")
    facts.append((label, date_format(timezone.localtime(moment), "j F Y")))
    return facts
