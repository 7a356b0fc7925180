"""What the agenda of a period adds to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models.period import ADOPTED, AgendaLine, AgendaVersion, AgendaVote, VersionState
from activities.services.demo_periods import load_demo
from governance.models import Organisation
from nss_portal.core.access import Actor, granted
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.registry import (
    NavigationItem,
    NewsItem,
    WorkItem,
    demo_loaders,
    merger_handlers,
    navigation,
    news_items,
    work_items,
)
from nss_portal.core.time import today

SHOWN = 10
VERSION = ("number", "state", "closes_on", "published_at", "period__public_id", "period__title")

demo_loaders.register(load_demo)


@navigation.register
def entries() -> list[NavigationItem]:
    """The agenda by period stands beside the agenda."""
    label = gettext_lazy("By period")
    return [NavigationItem(label, "activities:periods", 38, under="activities:agenda")]


@work_items.register
def votes_to_cast(user: Actor) -> Iterable[WorkItem]:
    """Ask for the vote of each organisation that has not voted, until the last day."""
    held = granted(user, "agenda_period", "adopt").get("vote")
    if not held:
        return ()
    return Rows(_voting(held=held, day=today()), *VERSION, each=_vote)


@prepared
def _voting(held: Any, day: Any) -> QuerySet[AgendaVersion]:
    cast = AgendaVote.objects.filter(organisation=OuterRef("pk"), version=OuterRef(OuterRef("pk")))
    missing = Organisation.objects.filter(~Exists(cast), pk__in=held).existing_on(day)
    waiting = AgendaVersion.objects.filter(Exists(missing), state=VersionState.VOTE, closes_on__gte=day)
    return waiting.order_by("closes_on", "pk")[:SHOWN]


def _vote(version: AgendaVersion) -> WorkItem:
    return WorkItem(
        title=_("Vote on '{title}'").format(title=version.period.title),
        url=reverse("activities:period_vote", args=[version.period.public_id]),
        action_label=_("Vote"),
        minutes=15,
        due=version.closes_on,
        detail=_("Yes, yes with a remark, or no with the reason; you can change it until the last day."),
    )


@work_items.register
def versions_to_move_on(user: Any) -> Iterable[WorkItem]:
    """Ask coordinators to finish a draft or publish what is adopted, the steering group to decide."""
    words = granted(user, "agenda_period", "adopt").keys()
    wanted = Q(pk__in=[])
    if "propose" in words:
        wanted |= Q(state=VersionState.DRAFT) | Q(state=VersionState.ADOPTED, published_at__isnull=True)
    if "decide" in words:
        wanted |= Q(state=VersionState.VOTE, closes_on__lt=today())
    if not {"propose", "decide"} & words:
        return ()
    found = AgendaVersion.objects.filter(wanted).order_by("pk")
    return Rows(found[:SHOWN], *VERSION, each=_move_on)


def _move_on(version: AgendaVersion) -> WorkItem:
    texts = {
        VersionState.DRAFT: (_("Finish the agenda '{title}'"), _("Finish the draft"), 30),
        VersionState.ADOPTED: (_("Publish the agenda '{title}'"), _("Publish"), 2),
        VersionState.VOTE: (_("Decide on the agenda '{title}'"), _("Decide"), 15),
    }
    title, label, minutes = texts[VersionState(version.state)]
    return WorkItem(
        title=title.format(title=version.period.title),
        url=version.get_absolute_url(),
        action_label=label,
        minutes=minutes,
    )


@work_items.register
def lines_to_plan(user: Any) -> Iterable[WorkItem]:
    """Ask who leads a line of the agenda in force to plan it before its quarter begins."""
    held = granted(user, "activity", "change").get("organiser")
    if not held:
        return ()
    waiting = AgendaLine.objects.filter(
        version__state=VersionState.ADOPTED,
        version__period__ends_on__gte=today(),
        lead__in=held,
        activity__isnull=True,
    )
    names = ("key", "title", "planned_on", "lead__name", "version__period__public_id", "version__period__title")
    return Rows(waiting.order_by("planned_on", "pk")[:SHOWN], *names, each=_plan)


def _plan(line: AgendaLine) -> WorkItem:
    return WorkItem(
        title=_("Plan '{title}'").format(title=line.title),
        url=reverse("activities:period_plan", args=[line.version.period.public_id, line.key]),
        action_label=_("Plan this activity"),
        minutes=15,
        due=line.planned_on,
        detail=line.version.period.title,
        on_behalf_of=line.lead.name,
    )


@news_items.register
def adopted_agendas(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell which agendas were published."""
    found = AgendaVersion.objects.filter(state__in=ADOPTED, published_at__gt=since)
    return Rows(found.order_by("-published_at", "-pk")[:SHOWN], *VERSION, each=_published)


def _published(version: AgendaVersion) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(version.published_at),
        subject=version.period.title,
        text=_("is adopted by cities and partners"),
        url=version.get_absolute_url(),
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """Say what goes along with a municipality that merges into another one: of drafts all, else nothing."""
    fixed = gettext_lazy("cities and partners voted on it as it stands")
    yield Carried(
        "activities.AgendaLine",
        "lead",
        gettext_lazy("lines of an agenda that the municipality leads"),
        only=Q(version__state=VersionState.DRAFT),
        stays=fixed,
    )
    yield Carried(
        "activities.AgendaMeans",
        "organisation",
        gettext_lazy("means that the municipality brings to an agenda"),
        only=Q(line__version__state=VersionState.DRAFT),
        stays=fixed,
    )
    yield Carried(
        "activities.AgendaVote",
        "organisation",
        gettext_lazy("votes on an agenda"),
        only=Q(version__state=VersionState.VOTE),
        stays=gettext_lazy("the vote is over, or the successor voted itself"),
    )
