"""What organisations bring and take by bottlenecks and signals: shared, answered, and answered to them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.models import Bottleneck, Signal, SignalEntry
from cities.models.bottleneck import BottleneckState, Sharing
from cities.models.signal_parts import FINAL_KINDS
from nss_portal.core.registry import ExchangeKind, exchange_kinds

STAND = (BottleneckState.OPEN, BottleneckState.SOLVED, BottleneckState.MERGED)


def _bottlenecks() -> QuerySet[Any]:
    there = Bottleneck.objects.filter(state__in=STAND, sharing__in=[Sharing.NETWORK, Sharing.PUBLISHED])
    return there.annotate(in_year=ExtractYear("created_at"))


def _answers() -> QuerySet[Any]:
    return SignalEntry.objects.filter(kind__in=FINAL_KINDS).annotate(in_year=ExtractYear("at"))


@exchange_kinds.register
def bottlenecks() -> Iterator[ExchangeKind]:
    """Bottlenecks that an organisation shared."""
    yield ExchangeKind(
        key="bottlenecks",
        label=_("bottlenecks shared"),
        is_brought=True,
        counted=_bottlenecks,
        model=Bottleneck,
        ref="public_id",
        title="title",
        page=lambda ref: reverse("cities:bottleneck", args=[ref]),
        order=50,
    )


@exchange_kinds.register
def signals() -> Iterator[ExchangeKind]:
    """Signals that an organisation answered, and those of its own that were."""
    for key, label, organisation, is_brought in (
        ("signals-answered", _("signals answered"), "organisation", True),
        ("signals", _("signals of ours that were answered"), "signal__organisation", False),
    ):
        yield ExchangeKind(
            key=key,
            label=label,
            is_brought=is_brought,
            counted=_answers,
            model=Signal,
            within="signal",
            organisation=organisation,
            ref="signal__public_id",
            title="signal__title",
            page=lambda ref: reverse("cities:signal", args=[ref]),
            order=55,
        )
