"""What proposals for the agenda add to the floors below and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.proposal import SHARED, AgendaProposal, ProposalState, ProposalSupport
from activities.services.demo_proposals import load_demo
from cities.models import Bottleneck, Municipality
from cities.selectors_bottleneck_groups import goes_on_in
from nss_portal.core.access import Actor, granted, may
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    Section,
    WorkItem,
    bottleneck_sections,
    demo_loaders,
    merge_handlers,
    merger_handlers,
    municipality_sections,
    navigation,
    news_items,
    work_items,
)

SHOWN = 10
ON_PAGE = 5
Links = AgendaProposal.bottlenecks.through

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """Proposals stand beside the agenda, for who has an account."""
    label = gettext_lazy("Proposals")
    return [NavigationItem(label, "activities:proposals", 37, under="activities:agenda", members_only=True)]


@work_items.register
def proposals_to_do(user: Any) -> Iterable[WorkItem]:
    """Ask to finish one's drafts; ask coordinators to answer what is proposed."""
    mine = granted(user, "agenda_proposal", "change").get("own")
    wanted = Q(state=ProposalState.DRAFT, organisation__in=mine) if mine else Q(pk__in=[])
    if may(user, "agenda_proposal", "decide"):
        wanted |= Q(state=ProposalState.OPEN)
    elif not mine:
        return ()
    found = AgendaProposal.objects.filter(wanted).order_by("shared_at", "pk")[:SHOWN]
    return Rows(found, "public_id", "title", "state", "organisation__name", each=_to_do)


def _to_do(proposal: AgendaProposal) -> WorkItem:
    is_draft = proposal.state == ProposalState.DRAFT
    title = _("Finish the proposal '{title}'") if is_draft else _("Take up '{title}', or say why not")
    page = "activities:proposal_edit" if is_draft else "activities:proposal"
    return WorkItem(
        title=title.format(title=proposal.title),
        url=reverse(page, args=[proposal.public_id]),
        action_label=_("Finish the draft") if is_draft else _("Answer it"),
        minutes=10 if is_draft else 5,
        detail="" if is_draft else proposal.organisation.name,
        on_behalf_of=proposal.organisation.name if is_draft else "",
    )


@news_items.register
def new_proposals(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell what was proposed, and what was taken up."""
    if not may(user, "agenda_proposal", "view"):
        return ()
    told = Q(state=ProposalState.OPEN, shared_at__gt=since) | Q(state=ProposalState.TAKEN_UP, changed_at__gt=since)
    found = AgendaProposal.objects.filter(told).order_by("-changed_at", "-pk")[:SHOWN]
    fields = ("public_id", "title", "state", "changed_at", "shared_at", "organisation__name")
    return Rows(found, *fields, each=_told)


def _told(proposal: AgendaProposal) -> NewsItem:
    taken = proposal.state == ProposalState.TAKEN_UP
    text = _("proposed '{title}': it is taken up") if taken else _("proposed '{title}' for the agenda")
    when = proposal.changed_at if taken or proposal.shared_at is None else proposal.shared_at
    return NewsItem(
        when=timezone.localdate(when),
        subject=proposal.organisation.name,
        text=text.format(title=proposal.title),
        url=proposal.get_absolute_url(),
    )


def _section(found: list[AgendaProposal], title: str, *, order: int, key: str, url: str = "") -> Section:
    rows = [
        {
            "title": one.title,
            "url": one.get_absolute_url(),
            "state": one.get_state_display(),
            "is_illustrative": one.is_illustrative,
        }
        for one in found
    ]
    return Section(key, title, "activities/includes/proposals_of.html", {"rows": rows, "url": url}, order=order)


FIELDS = ("public_id", "title", "state", "is_illustrative")


@municipality_sections.register
def proposals_of(actor: Actor, municipality: Municipality) -> Rows[Section] | None:
    """Show on a municipality's page what it proposed and what it supports."""
    if not may(actor, "agenda_proposal", "view"):
        return None
    own = municipality.organisation_id
    supported = ProposalSupport.objects.filter(organisation=own, left_on=None).order_by().values("proposal")
    visible = AgendaProposal.objects.visible_to(actor).listed()
    found = visible.filter(Q(organisation=own) | Q(pk__in=supported, state__in=SHARED))

    def section(rows: list[AgendaProposal]) -> Iterator[Section]:
        yield _section(rows, _("Proposals for the agenda"), order=42, key="voorstellen")

    return Rows(found.order_by("-changed_at", "-pk")[:ON_PAGE], *FIELDS, together=section)


@bottleneck_sections.register
def proposed_for(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page what is proposed because of it, and the way to propose something. One query."""
    if not may(actor, "agenda_proposal", "view"):
        return None
    visible = AgendaProposal.objects.visible_to(actor).listed().filter(bottlenecks=bottleneck)
    found = list(visible.order_by("-changed_at", "-pk").only(*FIELDS)[:ON_PAGE])
    may_propose = may(actor, "agenda_proposal", "change")
    if not found and not may_propose:
        return None
    url = f"{reverse('activities:proposal_new')}?knelpunt={bottleneck.public_id}" if may_propose else ""
    return _section(found, _("Proposals for the agenda"), order=36, key="voorgesteld", url=url)


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried(
        "activities.AgendaProposal",
        "organisation",
        gettext_lazy("proposals for the agenda"),
        only=lambda handover: ~Q(supports__organisation=handover.new),
        stays=gettext_lazy("the successor supported it; people of the successor act for it"),
    )
    yield Carried(
        "activities.ProposalSupport",
        "organisation",
        gettext_lazy("proposals that the municipality supports"),
        only=lambda handover: ~Q(proposal__organisation=handover.new),
        stays=gettext_lazy("the successor supports it already"),
    )


class ProposalLinks:
    """Lets proposals rest on the bottleneck in which theirs went on."""

    def move(self, *, source: Bottleneck, target: Bottleneck) -> list[int]:
        """Let proposals that rest on `source` rest on `target`; gives which (primary keys)."""
        both = Links._default_manager.filter(bottleneck=target).values("agendaproposal_id")
        moving = Links._default_manager.filter(bottleneck=source).exclude(agendaproposal_id__in=both)
        moved = sorted(moving.values_list("agendaproposal_id", flat=True))
        Links._default_manager.filter(bottleneck=source, agendaproposal_id__in=moved).update(bottleneck=target)
        return moved

    def move_back(self, *, source: Bottleneck, target: Bottleneck, moved: list[int]) -> None:
        """Bring back just the links that were moved, also from where `target` itself went on since."""
        still = Links._default_manager.filter(bottleneck=target, agendaproposal_id__in=moved)
        here = set(still.values_list("agendaproposal_id", flat=True))
        still.update(bottleneck=source)
        gone = set(moved) - here
        further = Links._default_manager.filter(bottleneck=goes_on_in(target), agendaproposal_id__in=gone)
        further.update(bottleneck=source)


merge_handlers.register(ProposalLinks)
