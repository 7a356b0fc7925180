"""Write activities: make, change, publish, cancel, round off."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from activities.models.activity import (
    ActivityState,
    Audience,
    Kind,
    Meeting,
    ParticipationState,
    Readers,
    TimeZone,
)
from activities.services.letters import Letter, write
from activities.services.places import IN_LINE, move_up
from activities.services.sessions import SessionTime, replace_sessions
from activities.workflow.activity import ACTIVITY
from cities.models import Bottleneck, Theme, TransitionStep
from cities.models.involvement import Level
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

MANY = ("steps", "bottlenecks", "invited")
LIVE = (ActivityState.DRAFT, ActivityState.PLANNED, ActivityState.PUBLISHED, ActivityState.HELD)


@dataclass(frozen=True)
class ActivityValues:
    """All that a form says of an activity besides when it meets."""

    title: str
    summary: str = ""
    body: str = ""
    audience: str = Audience.NOP
    sharing: str = Readers.AUDIENCE
    theme: Theme | None = None
    questions: str = ""
    required_preparation: str = ""
    learning_goals: str = ""
    host: str = ""
    mandate: str = ""
    programme_text: str = ""
    is_series: bool = False
    standing_agenda: str = ""
    preparation_hours: Decimal | None = None
    capacity: int | None = None
    needs_approval: bool = False
    meeting: str = Meeting.ON_SITE
    place: str = ""
    online_url: str = ""
    time_zone: str = TimeZone.AMSTERDAM
    steps: tuple[TransitionStep, ...] = field(default=())
    bottlenecks: tuple[Bottleneck, ...] = field(default=())
    invited: tuple[Organisation, ...] = field(default=())

    def columns(self) -> dict[str, Any]:
        """Give what stands on the activity itself, texts trimmed; what is for everybody, everybody reads."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in MANY}
        values = {name: text.strip() if isinstance(text, str) else text for name, text in values.items()}
        if values["audience"] == Audience.EVERYBODY:
            values["sharing"] = Readers.PUBLISHED
        return values

    def links(self) -> dict[str, Any]:
        """Give the records that it is linked to."""
        return {name: getattr(self, name) for name in MANY}


def leading_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Give the organisations that can lead an activity which the actor makes, names in order.

    Coordinators plan for all that take part; others for their own organisations.
    """
    words = granted(actor, "activity", "change")
    existing = Organisation.objects.existing_on(today()).order_by("name", "pk")
    if "all" not in words and not standing_of(actor).is_system:
        return existing.filter(pk__in=words.get("organiser", frozenset()))
    involved = [level.value for level in Level if level != Level.OTHER]
    outside = existing.filter(group=Group.MUNICIPALITY).exclude(
        municipality__involvements__valid_to__isnull=True, municipality__involvements__level__in=involved
    )
    return existing.exclude(pk__in=outside.values("pk"))


@transaction.atomic
def create_activity(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: str,
    values: ActivityValues,
    times: tuple[SessionTime, ...] = (),
    proposed_by: Organisation | None = None,
) -> Activity:
    """Make an activity that `organisation` leads: a draft, or in the planning when another organisation leads it.

    A draft is its leader's alone, so a coordinator who makes one for another organisation would lose sight of it.
    Raises NotAllowed, and ValidationError for times that cannot be.
    """
    if not leading_organisations(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    is_own = standing_of(actor).is_system or organisation.pk in standing_of(actor).organisations
    activity = Activity.objects.create(
        organisation=organisation,
        kind=Kind(kind),
        state=ActivityState.DRAFT if is_own else ActivityState.PLANNED,
        proposed_by=proposed_by,
        created_by_id=getattr(actor, "pk", None),
        **values.columns(),
    )
    set_links(activity, values.links())
    replace_sessions(activity, times)
    audit.record(actor=actor, event=Event.CREATED, obj=activity, on_behalf_of=organisation)
    return activity


@transaction.atomic
def change_activity(*, actor: Actor, activity: Activity, version: int, values: ActivityValues) -> Activity:
    """Change what an activity is; raises NotAllowed, EditConflict when a colleague was first, ValidationError."""
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state not in LIVE:
        raise NotAllowed(_("This activity is over and does not change any more."))
    columns = values.columns()
    taken = fresh.participations.filter(state="registered").count() if columns["capacity"] is not None else 0
    if columns["capacity"] is not None and columns["capacity"] < taken:
        text = _("{number} people have a place already: there cannot be fewer places than that.")
        raise ValidationError({"capacity": text.format(number=taken)})
    linked = with_unseen(actor, fresh, values.links())
    links = changed_links(fresh, version, linked)
    changes = {**apply_changes(fresh, version, columns), **links}
    if changes:
        set_links(fresh, linked)
        if "is_series" in changes:
            mark_listed(fresh)
        touch(fresh)
        move_up(fresh, actor)
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes),
            on_behalf_of=fresh.organisation,
        )
    return fresh


def touch(activity: Activity) -> None:
    """Save a locked activity as a newer version."""
    activity.version += 1
    activity.changed_at = timezone.now()
    activity.save()


def mark_listed(activity: Activity) -> None:
    """Say of each session whether it stands on the agenda by itself."""
    first = activity.sessions.order_by("starts_at", "pk").values_list("pk", flat=True).first()
    activity.sessions.update(is_listed=activity.is_series)
    if first is not None:
        activity.sessions.filter(pk=first).update(is_listed=True)


@transaction.atomic
def change_sessions(*, actor: Actor, activity: Activity, version: int, times: tuple[SessionTime, ...]) -> Activity:
    """Change when an activity meets; raises NotAllowed, EditConflict, ValidationError with what is wrong."""
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state not in LIVE:
        raise NotAllowed(_("This activity is over and does not change any more."))
    if not times and fresh.state in (ActivityState.PUBLISHED, ActivityState.HELD):
        raise ValidationError(_("An activity on the agenda keeps at least one session. Cancel it instead."))
    apply_changes(fresh, version, {"changed_at": timezone.now()})
    before = _moments(fresh)
    replace_sessions(fresh, times)
    after = _moments(fresh)
    touch(fresh)
    changes = {"sessions": [", ".join(before), ", ".join(after)]}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    if before != after and fresh.state == ActivityState.PUBLISHED:
        there = fresh.participations.filter(state=ParticipationState.REGISTERED)
        write(there.select_related("user", "activity__organisation"), Letter.MOVED)
    return fresh


def _moments(activity: Activity) -> list[str]:
    found = activity.sessions.order_by("starts_at").values_list("starts_at", flat=True)
    return [f"{moment.astimezone(activity.zone):%d-%m-%Y %H.%M}" for moment in found]


@transaction.atomic
def move_activity(*, actor: Actor, activity: Activity, step: str, reason: str = "") -> Activity:
    """Take a step of the workflow; raises LookupError, and as `workflow.take` does."""
    target = ACTIVITY.step(step).target
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if target == ActivityState.CANCELLED and reason.strip():
        # With the reason first: a cancelled activity without one would be a fault.
        Activity.objects.filter(pk=fresh.pk).update(cancel_reason=reason.strip()[:500])
    workflow.take(ACTIVITY, step, fresh, actor=actor, reason=reason)
    fresh.refresh_from_db()
    if step == "resume":
        fresh.cancel_reason = ""
    if target == ActivityState.PUBLISHED and fresh.published_at is None:
        fresh.published_at = timezone.now()
    touch(fresh)
    if target == ActivityState.CANCELLED:
        there = fresh.participations.filter(state__in=(*IN_LINE, ParticipationState.INVITED))
        write(there.select_related("user", "activity__organisation"), Letter.CANCELLED)
    return fresh


@transaction.atomic
def discard_activity_draft(*, actor: Actor, activity: Activity) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft."""
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state != ActivityState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Cancel the activity instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
