"""What organisations bring by contracts: promises that are kept, and offers to all cities that want the same."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contracts.models import AnnualReview, Commitment, ContractVersion, DemandOffer, Effort
from contracts.models.demand import OfferStatus
from contracts.models.review import EffortStatus, ReviewState
from contracts.models.version import IN_FORCE_STATES
from contracts.rules import SHARED
from governance.models import Organisation
from nss_portal.core.access import Actor
from nss_portal.core.registry import ExchangeKind, Promised, exchange_kinds, promise_sources

KEPT = (EffortStatus.ON_COURSE, EffortStatus.AHEAD)


def _kept() -> QuerySet[Any]:
    """Give promises of which a closed review says that they are on course, by the year that it looks back on."""
    there = Effort.objects.filter(
        status__in=KEPT,
        part__party__organisation__isnull=False,
        part__review__state=ReviewState.CLOSED,
        part__review__contract__sharing__in=SHARED,
    )
    return there.annotate(
        in_year=F("part__review__round__year"), said=Coalesce("action__title", "commitment__title")
    )


def _offers() -> QuerySet[Any]:
    """Give offers that stand; who reads them follows from the offers themselves."""
    there = DemandOffer.objects.exclude(status=OfferStatus.WITHDRAWN)
    return there.annotate(in_year=ExtractYear("made_at"))


@exchange_kinds.register
def promises() -> Iterator[ExchangeKind]:
    """Promises in climate contracts that are on course, and offers to the joint demand."""
    yield ExchangeKind(
        key="kept",
        label=_("promises in climate contracts on course"),
        is_brought=True,
        counted=_kept,
        model=AnnualReview,
        within="part__review",
        organisation="part__party__organisation",
        ref="part__review__contract__public_id",
        title="said",
        page=lambda ref: reverse("contracts:detail", args=[ref]),
        order=60,
    )
    yield ExchangeKind(
        key="offers",
        label=_("offers to cities that want the same"),
        is_brought=True,
        counted=_offers,
        model=DemandOffer,
        ref="measure__code",
        title="measure__label_en" if get_language() == "en" else "measure__label_nl",
        page=lambda ref: reverse("contracts:demand_item", args=[ref]),
        order=65,
    )


@promise_sources.register
def commitments(actor: Actor, organisation: Organisation, year: int) -> Iterator[Promised]:
    """Give what an organisation promised in contracts that hold, as its review of that year says. One query.

    Of a year without a review it says what the contract does.
    """
    said = Effort.objects.filter(commitment=OuterRef("pk"), part__review__round__year=year).order_by("-pk")
    found = Commitment.objects.filter(
        party__organisation=organisation,
        version__state__in=IN_FORCE_STATES,
        version__in=ContractVersion.objects.visible_to(actor).order_by().values("pk"),
    )
    found = found.annotate(in_review=Subquery(said.values("status")[:1]))
    for one in found.select_related("version__contract").order_by("version__contract__title", "order", "pk"):
        state = EffortStatus(one.in_review).label if one.in_review else one.get_status_display()
        yield Promised(where=str(one.version.contract), what=one.label, due_on=one.due_on, state=state)
