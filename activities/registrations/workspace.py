"""What workspaces add to the floors below and to the pages that compose all apps."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import (
    ActionPoint,
    Activity,
    PreparationTask,
    WorkspaceDecision,
    WorkspacePublication,
)
from activities.models.activity import COMING_STATES
from activities.models.workspace import room_url
from activities.models.workspace_work import PointState
from activities.sections import activity_sections
from activities.selectors.insiders import rooms_for
from activities.selectors.workspace import may_enter, may_join, waiting_for
from activities.services.workspace.demo import load_demo
from activities.services.workspace.handing import give_work, titles
from governance.models import Organisation, User
from nss_portal.core.access import Actor, standing_of
from nss_portal.core.carrying import Carried
from nss_portal.core.gathering import Rows, prepared
from nss_portal.core.handing import Held
from nss_portal.core.registry import (
    NewsItem,
    Section,
    WorkItem,
    demo_loaders,
    hand_over_handlers,
    merger_handlers,
    news_items,
    work_items,
)

SHOWN = 20
MINUTES = 15
# The owner as far as its title and address go.
OWNER = tuple(
    f"workspace__{path}"
    for path in (
        "activity_id",
        "programme_id",
        "group_id",
        "activity__public_id",
        "activity__title",
        "programme__public_id",
        "programme__title",
        "group__name",
        "group__programme__public_id",
        "group__programme__title",
    )
)

demo_loaders.register(load_demo)


@work_items.register
def preparation(user: Any) -> Iterable[WorkItem]:
    """Ask to prepare for what is coming; what it is, only the person reads."""
    standing = standing_of(user)
    if standing.user_id is None:
        return ()
    waiting = _preparation(user=standing.user_id, own=standing.organisations)
    return Rows(waiting, "title", "due_on", "minutes", *OWNER, each=_to_prepare)


@prepared
def _preparation(user: Any, own: Any) -> QuerySet[PreparationTask]:
    return waiting_for(user, rooms_for(user, own, coming=COMING_STATES)).order_by("due_on", "pk")[:SHOWN]


def _to_prepare(task: PreparationTask) -> WorkItem:
    return WorkItem(
        title=task.title,
        url=task.workspace.get_absolute_url(),
        action_label=_("Prepare"),
        minutes=task.minutes or MINUTES,
        due=task.due_on,
        detail=task.workspace.title,
    )


@work_items.register
def action_points(user: Any) -> Iterable[WorkItem]:
    """Ask to do what was agreed, also when the activity is over."""
    standing = standing_of(user)
    if standing.user_id is None:
        return ()
    points = _points(user=standing.user_id, own=standing.organisations)
    return Rows(points, "text", "due_on", "organisation__name", *OWNER, each=_to_do)


@prepared
def _points(user: Any, own: Any) -> QuerySet[ActionPoint]:
    points = ActionPoint.objects.filter(owner=user, state=PointState.OPEN, workspace__in=rooms_for(user, own))
    return points.order_by("due_on", "pk")[:SHOWN]


def _to_do(point: ActionPoint) -> WorkItem:
    return WorkItem(
        title=point.text,
        url=point.workspace.get_absolute_url(),
        action_label=_("To the workspace"),
        minutes=MINUTES,
        due=point.due_on,
        detail=point.workspace.title,
        on_behalf_of=point.organisation.name,
    )


@news_items.register
def decisions(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell those who take part that something was decided; what it was stays in the workspace."""
    standing = standing_of(user)
    if standing.user_id is None:
        return ()
    found = _decisions(user=standing.user_id, own=standing.organisations, since=since)
    return Rows(found, "created_at", *OWNER, each=_decided)


@prepared
def _decisions(user: Any, own: Any, since: Any) -> QuerySet[WorkspaceDecision]:
    found = WorkspaceDecision.objects.filter(
        workspace__in=rooms_for(user, own), removed_at__isnull=True, created_at__gt=since
    )
    return found.order_by("-created_at", "-pk")[:SHOWN]


def _decided(decision: WorkspaceDecision) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(decision.created_at),
        subject=decision.workspace.title,
        text=_("a decision was recorded"),
        url=decision.workspace.get_absolute_url(),
    )


@news_items.register
def publications(user: Any, since: datetime) -> Iterable[NewsItem]:
    """Tell everybody what workspaces made public."""
    return Rows(_publications(since=since), "published_at", "title", "public_id", *OWNER, each=_published)


@prepared
def _publications(since: Any) -> QuerySet[WorkspacePublication]:
    found = WorkspacePublication.objects.published().filter(published_at__gt=since)
    return found.order_by("-published_at", "-pk")[:SHOWN]


def _published(publication: WorkspacePublication) -> NewsItem:
    return NewsItem(
        when=timezone.localdate(publication.published_at),
        subject=publication.workspace.title,
        text=_("published '{title}'").format(title=publication.title),
        url=publication.get_absolute_url(),
    )


@activity_sections.register
def section_of(actor: Actor, activity: Activity) -> Section | None:
    """Lead those who take part to the workspace, and everybody to what was published. Three queries at most."""
    is_inside = may_enter(actor, activity)
    found = WorkspacePublication.objects.published().filter(workspace__activity=activity)
    published = list(found.order_by("-published_at", "-pk").values_list("title", "public_id", "published_at"))
    joins = not is_inside and may_join(actor, activity)
    if not (is_inside or joins or published):
        return None
    return Section(
        key="werkruimte",
        title=_("Workspace") if is_inside or joins else _("What was published of it"),
        template="activities/includes/workspace_of.html",
        context={
            "url": room_url(activity) if is_inside else "",
            "join_url": room_url(activity, "workspace_join") if joins else "",
            "published": [
                {"title": title, "url": reverse("activities:publication", args=[key]), "on": at}
                for title, key, at in published
            ],
        },
        order=20,
    )


@merger_handlers.register
def carried() -> Iterator[Carried]:
    """What people agreed to do for a municipality goes along when it goes on in another one."""
    yield Carried("activities.ActionPoint", "organisation", gettext_lazy("action points of its people"))


@hand_over_handlers.register
def work_in_workspaces(user: User, organisation: Organisation) -> Iterator[Held]:
    """Give the open action points and the preparation of somebody. Two queries."""
    yield Held(
        "workspace_work",
        gettext_lazy("Action points and preparation"),
        list(titles(user, organisation)),
        lambda successor, actor: give_work(user=user, successor=successor, organisation=organisation, actor=actor),
        hint=gettext_lazy("The colleague gets a place in the activity, and so reads its workspace."),
    )
