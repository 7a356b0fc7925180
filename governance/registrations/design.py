"""What the design of the structure adds to the floors around it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import User
from governance.models.design import DesignPosition, ProposalState, VariantProposal
from governance.services.design.deciding import may_decide
from governance.services.design.demo import load_demo_design
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import NewsItem, WorkItem, demo_loaders, merger_handlers, news_items, work_items

NEWS = 5

demo_loaders.register(load_demo_design)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along and what stays with the organisation that ended."""
    yield Carried("governance.AskedAction", "organisation", gettext_lazy("actions that it took up"), only=Q())
    yield Carried("governance.Budget", "organisation", gettext_lazy("amounts for cities"), only=Q())
    yield Carried("governance.MinistryDesk", "organisation", gettext_lazy("desk of a ministry"), only=Q())
    yield Carried(
        "governance.VariantProposal",
        "coordinating_organisation",
        gettext_lazy("proposals for a variant"),
        only=Q(state=ProposalState.PROPOSED),
        stays=gettext_lazy("what was decided stays as it was"),
    )


@work_items.register
def positions_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask the steering group for a decision on a proposed position."""
    if not may_decide(user):
        return ()
    waiting = DesignPosition.objects.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)
    return Rows(waiting, "public_id", "text_nl", "text_en", "proposed_at", each=_decide_position)


def _decide_position(position: DesignPosition) -> WorkItem:
    return WorkItem(
        title=_("Decide on a proposed position"),
        url=reverse("governance:position", args=[position.public_id]),
        action_label=_("Read and decide"),
        minutes=5,
        detail=position.text,
    )


@work_items.register
def variants_to_decide(user: User) -> Iterable[WorkItem]:
    """Ask the steering group for a decision on a proposed variant."""
    if not may_decide(user):
        return ()
    waiting = VariantProposal.objects.filter(state=ProposalState.PROPOSED).exclude(proposed_by=user)
    fields = ("public_id", "valid_from", "variant__label_nl", "variant__label_en")
    return Rows(waiting, *fields, each=_decide_variant)


def _decide_variant(proposal: VariantProposal) -> WorkItem:
    return WorkItem(
        title=_("Decide on the variant that was proposed"),
        url=reverse("governance:variant_proposal", args=[proposal.public_id]),
        action_label=_("Read and decide"),
        minutes=10,
        due=proposal.valid_from,
        detail=proposal.variant.label,
    )


@news_items.register
def decided_positions(user: User, since: datetime) -> Iterable[NewsItem]:
    """Tell which positions the steering group took."""
    taken = DesignPosition.objects.filter(state=ProposalState.DECIDED, decided_at__gt=since)
    return Rows(taken.order_by("-decided_at")[:NEWS], "public_id", "decided_at", "text_nl", "text_en", each=_taken)


def _taken(position: DesignPosition) -> NewsItem:
    assert position.decided_at is not None  # noqa: S101 by the query
    return NewsItem(
        when=timezone.localdate(position.decided_at),
        subject=_("Steering group"),
        text=_("took a position: {text}").format(text=position.text),
        url=reverse("governance:position", args=[position.public_id]),
    )
