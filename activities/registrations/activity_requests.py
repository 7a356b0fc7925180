"""What requests of programmes for activities add to 'my work' and to the page of an activity."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityRequest
from activities.models.programme import ENDED
from activities.sections import activity_sections
from nss_portal.core.access import Actor, granted
from nss_portal.core.gathering import Rows
from nss_portal.core.registry import Section, WorkItem, work_items

SHOWN = 10
OPEN = {"state": ActivityRequest.State.ASKED}


@work_items.register
def asked_of_organisers(user: Any) -> Iterable[WorkItem]:
    """Ask who runs an activity whether it may be part of a programme."""
    running = granted(user, "activity", "change").get("organiser", frozenset())
    if not running:
        return ()
    waiting = ActivityRequest.objects.filter(**OPEN, activity__organisation__in=running).exclude(
        programme__phase__in=ENDED
    )
    names = ("activity__public_id", "activity__title", "activity__organisation__name", "programme__title")
    return Rows(waiting.order_by("asked_on", "pk")[:SHOWN], "pk", *names, each=_asked)


def _asked(asked: ActivityRequest) -> WorkItem:
    activity = asked.activity
    return WorkItem(
        title=_("May '{title}' be part of a programme?").format(title=activity.title),
        url=reverse("activities:activity_request", args=[activity.public_id, asked.pk]),
        action_label=_("Say yes or no"),
        minutes=2,
        detail=asked.programme.title,
        on_behalf_of=activity.organisation.name,
    )


@activity_sections.register
def requests_for(actor: Actor, activity: Any) -> Section | None:
    """Show who runs an activity which programmes ask for it. One query, for them alone."""
    if not isinstance(activity, Activity) or not getattr(activity, "may_change", False) or activity.programme_id:
        return None
    waiting = ActivityRequest.objects.filter(**OPEN, activity=activity).exclude(programme__phase__in=ENDED)
    rows = [
        {"title": title, "url": reverse("activities:activity_request", args=[activity.public_id, pk])}
        for pk, title in waiting.order_by("asked_on", "pk").values_list("pk", "programme__title")
    ]
    if not rows:
        return None
    return Section(
        key="programmas-vragen",
        title=_("Programmes that ask for this activity"),
        template="activities/includes/requests_of.html",
        context={"rows": rows},
        order=10,
    )
