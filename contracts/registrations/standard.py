"""What the standard approach adds to the pages that compose all apps, to mergers and to the roadmap."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Bottleneck
from contracts.demo.standard import load_standard
from contracts.models import GoingThrough, StandardChange, StandardStart, StandardUse, StandardVersion
from contracts.models.standard import StandardState
from contracts.models.standard_change import ChangeState
from contracts.rules_standard import decides, proposes
from contracts.services.contract import making_for
from contracts.services.standard.merged_bottlenecks import ChangeLinks
from contracts.services.standard.reference import load_approach
from nss_portal.core.access import Actor, Role, granted, standing_of
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
    navigation,
    news_items,
    reference_loaders,
    work_items,
)

SHOWN = 10

reference_loaders.register(load_approach)
demo_loaders.register(load_standard)
merge_handlers.register(ChangeLinks)


@navigation.register
def entries() -> list[NavigationItem]:
    """The approach stands beside the contracts."""
    label = gettext_lazy("Standard approach")
    return [NavigationItem(label=label, url_name="contracts:standard", order=52, under="contracts:list")]


@work_items.register
def versions_to_go_through(user: Any) -> Iterable[WorkItem]:
    """Ask a team to go through a proposed version, until it said something of it."""
    mine = standing_of(user).roles.get(Role.TEAM)
    if not mine:
        return ()
    answered = GoingThrough.objects.filter(organisation__in=mine).exclude(verdict="").values("version")
    waiting = StandardVersion.objects.filter(state=StandardState.PROPOSED).exclude(pk__in=answered)
    return Rows(waiting.order_by("number"), "number", "react_by", each=_go_through)


def _go_through(version: StandardVersion) -> WorkItem:
    return WorkItem(
        title=_("Go through version {number} of the standard approach").format(number=version.number),
        url=reverse("contracts:standard_going", args=[version.number]),
        action_label=_("Go through it"),
        minutes=20,
        due=version.react_by,
    )


@work_items.register
def versions_to_decide(user: Any) -> Iterable[WorkItem]:
    """Ask the steering group to decide on a proposed version once the time for answers is over."""
    if not decides(user):
        return ()
    today = timezone.localdate()
    ripe = Q(react_by__isnull=True) | Q(react_by__lt=today)
    waiting = StandardVersion.objects.filter(ripe, state=StandardState.PROPOSED)
    return Rows(waiting.order_by("number"), "number", each=_decide)


def _decide(version: StandardVersion) -> WorkItem:
    return WorkItem(
        title=_("Decide on version {number} of the standard approach").format(number=version.number),
        url=version.get_absolute_url(),
        action_label=_("Read the version"),
        minutes=30,
    )


@work_items.register
def changes_to_decide(user: Any) -> Iterable[WorkItem]:
    """Ask the coordination team to decide on proposals, the oldest first."""
    if not proposes(user):
        return ()
    waiting = StandardChange.objects.filter(state=ChangeState.OPEN).order_by("created_at", "pk")[:SHOWN]
    return Rows(waiting, "public_id", "title", each=_change)


def _change(change: StandardChange) -> WorkItem:
    return WorkItem(
        title=_("Decide on the proposal '{title}'").format(title=change.title),
        url=reverse("contracts:standard_change_decide", args=[change.public_id]),
        action_label=_("Decide on it"),
        minutes=10,
    )


@work_items.register
def starts_to_finish(user: Any) -> Iterable[WorkItem]:
    """Ask to finish a first draft that is under way."""
    mine = granted(user, "contract", "change").get("own")
    if not mine:
        return ()
    waiting = StandardStart.objects.filter(organisation__in=mine, contract=None).order_by("-changed_at")[:SHOWN]
    return Rows(waiting, "public_id", "municipality__common_name", each=_finish)


def _finish(start: StandardStart) -> WorkItem:
    return WorkItem(
        title=_("Finish the first draft of a climate contract"),
        url=reverse("contracts:start_screen", args=[start.public_id, "basis"]),
        action_label=_("Go on with this draft"),
        minutes=15,
        detail=start.municipality.common_name,
    )


@work_items.register
def contracts_behind(user: Any) -> Iterable[WorkItem]:
    """Tell a city with a contract of an older version that there is something to take over."""
    mine = making_for(user)
    if not mine:
        return ()
    current = StandardVersion.objects.in_force().values("number")[:1]
    inside = Q(contract__municipalities__organisation__in=mine)
    late = StandardUse.objects.filter(inside, follows__number__lt=current, contract__ended_on__isnull=True)
    contract = ("contract__public_id", "contract__title", "contract__title_en")
    return Rows(late.order_by("pk")[:SHOWN], *contract, each=_behind)


def _behind(use: StandardUse) -> WorkItem:
    return WorkItem(
        title=_("Look at what changed in the standard approach"),
        url=reverse("contracts:standard_newer", args=[use.contract.public_id]),
        action_label=_("Look at it"),
        minutes=15,
        detail=use.contract.name,
    )


@news_items.register
def versions_in_force(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell that a version came into force."""
    day = timezone.localdate(since)
    found = StandardVersion.objects.filter(state=StandardState.PUBLISHED, published_on__gt=day)
    return Rows(found.order_by("-number")[:1], "number", "published_on", each=_in_force)


def _in_force(version: Any) -> NewsItem:
    return NewsItem(
        when=version.published_on,
        subject=_("Standard approach"),
        text=_("version {number} is in force").format(number=version.number),
        url=version.get_absolute_url(),
    )


@bottleneck_sections.register
def changes_of(actor: Actor, bottleneck: Bottleneck) -> Section | None:
    """Show on a bottleneck's page the proposals that came out of it. One query."""
    found = StandardChange.objects.visible_to(actor).filter(bottlenecks=bottleneck).order_by("-created_at")[:SHOWN]
    rows = [{"title": one.title, "url": one.get_absolute_url(), "state": one.get_state_display()} for one in found]
    if not rows:
        return None
    return Section(
        "standaardaanpak",
        _("In the standard approach"),
        "contracts/standard/_of_bottleneck.html",
        {"rows": rows},
        60,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one."""
    yield Carried(
        "contracts.StandardChange",
        "organisation",
        gettext_lazy("proposals to change the standard approach"),
        only=Q(state=ChangeState.OPEN),
        stays=gettext_lazy("it was decided on under the old name"),
    )
    yield Carried(
        "contracts.StandardComment",
        "organisation",
        gettext_lazy("comments on the standard approach"),
        stays=gettext_lazy("what was said stays under the old name"),
    )
    yield Carried(
        "contracts.GoingThrough",
        "organisation",
        gettext_lazy("answers to versions of the standard approach"),
        stays=gettext_lazy("what was answered stays under the old name"),
    )
    yield Carried(
        "contracts.StandardStart",
        "organisation",
        gettext_lazy("first drafts that are under way"),
        stays=gettext_lazy("the figures are about the old territory; begin anew"),
    )
    yield Carried(
        "contracts.StandardStart",
        "municipality",
        gettext_lazy("first drafts that are under way"),
        stays=gettext_lazy("the figures are about the old territory; begin anew"),
    )
