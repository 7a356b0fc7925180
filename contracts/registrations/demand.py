"""What offers to joint demands add to 'my work' and to mergers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from contracts.models import DemandOffer, OfferAnswer
from contracts.models.demand import wanting
from nss_portal.core.access import granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.registry import WorkItem, merger_handlers, work_items

MINUTES = 5
MEASURE = ("code", "label_nl", "label_en")


@work_items.register
def offers_to_answer(user: Any) -> Iterable[WorkItem]:
    """Ask a city whether an offer interests it that fits an action of its contract; any answer will do."""
    held = granted(user, "contract", "change").get("own", frozenset())
    if not held:
        return ()
    fields = [f"measure__{name}" for name in MEASURE]
    return Rows(_waiting(held=held), "public_id", "organisation__name", *fields, each=_offer)


@prepared
def _waiting(held: Any) -> QuerySet[DemandOffer]:
    answered = OfferAnswer.objects.filter(offer=OuterRef("pk"), organisation__in=held).order_by()
    return DemandOffer.objects.filter(wanting(held)).exclude(Exists(answered)).order_by("made_at", "pk")


def _offer(offer: DemandOffer) -> WorkItem:
    measure = offer.measure.label_en if get_language() == "en" else offer.measure.label_nl
    return WorkItem(
        title=_("An offer for {measure}").format(measure=measure),
        url=reverse("contracts:demand_reply", args=[offer.measure.code, offer.public_id]),
        action_label=_("Read and answer"),
        minutes=MINUTES,
        detail=offer.organisation.name,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Answers go along with the city that goes on."""
    yield Carried(
        "contracts.OfferAnswer",
        "organisation",
        gettext_lazy("answers to offers"),
        only=Q(),
        stays=gettext_lazy("the other municipality has answered the same offer itself"),
    )
