"""What a reflection session looks at, and what each city has to follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, Programme, ReflectionCapacity, ReflectionSubject
from activities.models.activity import SHOWN_STATES, ActivityState, Kind
from activities.models.activity_parts import SubjectKind
from activities.services.agenda import touch
from cities.models import TransitionStep
from governance.models import Organisation
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, Role, require, standing_of
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event

MOST_SUBJECTS = 12
# The cities that record what they have: those of the network, which are asked to take the same step.
RECORDING_LEVELS = frozenset({"mission", "eoi"})


@dataclass(frozen=True)
class SubjectValues:
    """One thing that a reflection session looks at."""

    title: str
    kind: str = SubjectKind.ACTIVITY
    finding: str = ""
    about: Activity | None = None
    programme: Programme | None = None
    step: TransitionStep | None = None
    url: str = ""


@transaction.atomic
def choose_subjects(
    *, actor: Actor, activity: Activity, version: int, subjects: Sequence[SubjectValues]
) -> Activity:
    """Say what a reflection session looks at, in order; replaces what was chosen before.

    Raises NotAllowed (also for an activity that the actor may not see), EditConflict, ValidationError.
    """
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.kind != Kind.REFLECTION or fresh.state == ActivityState.CANCELLED:
        raise NotAllowed(_("Only a reflection session looks at results."))
    if len(subjects) > MOST_SUBJECTS:
        raise ValidationError(_("A session looks at most at {number} things.").format(number=MOST_SUBJECTS))
    if fresh.state != ActivityState.DRAFT and fresh.state in SHOWN_STATES and not subjects:
        raise ValidationError(_("Name at least one result or section that the session looks at."))
    named = {one.about.pk for one in subjects if one.about}
    if named - set(Activity.objects.visible_to(actor).filter(pk__in=named).values_list("pk", flat=True)):
        raise NotAllowed(_("You can only name activities that you may see."))
    told = {one.programme.pk for one in subjects if one.programme}
    if told - set(Programme.objects.visible_to(actor).filter(pk__in=told).values_list("pk", flat=True)):
        raise NotAllowed(_("You can only name programmes that you may see."))
    before = list(fresh.subjects.values_list("title", flat=True))
    apply_changes(fresh, version, {"changed_at": timezone.now()})
    fresh.subjects.all().delete()
    ReflectionSubject.objects.bulk_create(
        ReflectionSubject(
            activity=fresh,
            order=order,
            kind=one.kind,
            title=one.title.strip()[:200],
            finding=one.finding.strip(),
            about=one.about,
            programme=one.programme,
            step=one.step,
            url=one.url,
        )
        for order, one in enumerate(subjects)
    )
    touch(fresh)
    changes = {"subjects": ["; ".join(before), "; ".join(one.title for one in subjects)]}
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
    return fresh


def recording_cities(actor: Actor) -> QuerySet[Organisation]:
    """Give the cities for which the actor records what they have: the own ones of a transition team."""
    standing = standing_of(actor)
    held = standing.roles.get(Role.TEAM, frozenset())
    return Organisation.objects.filter(
        pk__in=[one for one in held if standing.levels.get(one) in RECORDING_LEVELS]
    ).order_by("name")


@transaction.atomic
def record_capacity(
    *,
    actor: Actor,
    activity: Activity,
    organisation: Organisation,
    version: int,
    money: str,
    people: str,
    partners: str,
    signing: str,
    note: str = "",
) -> ReflectionCapacity:
    """Record what a city has to take the step that a session looked at; the city itself does.

    `version` is 0 for the first time. Raises NotAllowed, and EditConflict when a colleague was first.
    """
    if not Activity.objects.visible_to(actor).filter(pk=activity.pk).exists():
        raise NotAllowed(_("You cannot record this here."))
    if not recording_cities(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("Only the transition team of the city itself records this."))
    if activity.kind != Kind.REFLECTION or activity.state not in (
        ActivityState.PUBLISHED,
        ActivityState.HELD,
        ActivityState.CLOSED,
    ):
        raise NotAllowed(_("This is recorded at a reflection session on the agenda."))
    # The row of the activity is what two colleagues of one city wait for when they are first together.
    locked(activity)
    fresh = ReflectionCapacity.objects.filter(activity=activity, organisation=organisation).first()
    values = {
        "money": money,
        "people": people,
        "partners": partners,
        "signing": signing,
        "note": note.strip(),
    }
    if fresh is None:
        fresh = ReflectionCapacity.objects.create(activity=activity, organisation=organisation, **values)
        changes: dict[str, object] = dict(values)
    else:
        found = apply_changes(fresh, version, values)
        if not found:
            return fresh
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        changes = readable(found)
    audit.record(actor=actor, event=Event.CHANGED, obj=activity, changes=changes, on_behalf_of=organisation)
    return fresh
