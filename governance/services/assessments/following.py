"""After the closing: share the result, keep the conversation, and follow points to act on until they are done."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import (
    Assessment,
    AssessmentNote,
    AssessmentPoint,
    AssessmentState,
    Indicator,
    Organisation,
    ResultSharing,
)
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, require, standing_of
from nss_portal.core.editing import EditConflict, locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


def _closed(actor: Actor, assessment: Assessment) -> Assessment:
    require(actor, "assessment", "manage", assessment)
    fresh = locked(assessment)
    if fresh.state != AssessmentState.CLOSED:
        raise NotAllowed(_("This can be done once the assessment is closed."))
    return fresh


@transaction.atomic
def share_result(*, actor: Actor, assessment: Assessment, sharing: ResultSharing) -> Assessment:
    """Say who sees the result; raises NotAllowed, also before the closing."""
    fresh = _closed(actor, assessment)
    before = fresh.sharing
    if before != sharing:
        fresh.sharing = sharing
        fresh.shared_at = None if sharing == ResultSharing.PARTICIPANTS else timezone.now()
        fresh.save(update_fields=["sharing", "shared_at"])
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes={"sharing": [before, sharing]},
            on_behalf_of=fresh.organisation,
        )
    return fresh


@transaction.atomic
def keep_conversation(
    *,
    actor: Actor,
    assessment: Assessment,
    version: int,
    talked_on: date | None,
    outcome: str,
    notes: Mapping[Indicator, str],
) -> Assessment:
    """Keep what the deepening conversation says, per indicator and in all.

    Raises NotAllowed, ValidationError for a day to come, EditConflict when a colleague was first.
    """
    fresh = _closed(actor, assessment)
    if fresh.version != version:
        raise EditConflict(fresh)
    if talked_on and talked_on > today():
        raise ValidationError({"talked_on": _("This day is still to come.")})
    fresh.talked_on, fresh.talk_outcome, fresh.version = talked_on, outcome.strip(), fresh.version + 1
    fresh.save(update_fields=["talked_on", "talk_outcome", "version"])
    for indicator, text in notes.items():
        if text.strip():
            AssessmentNote.objects.update_or_create(
                assessment=fresh, indicator=indicator, defaults={"text": text.strip()}
            )
        else:
            AssessmentNote.objects.filter(assessment=fresh, indicator=indicator).delete()
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"conversation": str(talked_on or "")},
        on_behalf_of=fresh.organisation,
    )
    return fresh


@transaction.atomic
def add_point(
    *,
    actor: Actor,
    assessment: Assessment,
    what: str,
    owner: Organisation,
    due_on: date,
    indicator: Indicator | None = None,
) -> AssessmentPoint:
    """Add a point to act on; raises NotAllowed, ValidationError for a day past or an indicator of another one."""
    fresh = _closed(actor, assessment)
    if due_on < today():
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    if indicator and indicator.instrument_id != fresh.instrument_id:
        raise ValidationError({"indicator": _("This indicator is of another instrument.")})
    point = AssessmentPoint.objects.create(
        assessment=fresh, what=what.strip(), owner=owner, due_on=due_on, indicator=indicator
    )
    audit.record(
        actor=actor, event=Event.CREATED, obj=point, changes={"owner": str(owner)}, on_behalf_of=fresh.organisation
    )
    return point


def may_finish(actor: Actor, point: AssessmentPoint) -> bool:
    """Say whether somebody may say what came of a point: people of its owner, and who holds the assessment."""
    standing = standing_of(actor)
    if standing.is_system or point.owner_id in standing.organisations:
        return True
    return may(actor, "assessment", "manage", point.assessment)


@transaction.atomic
def finish_point(*, actor: Actor, point: AssessmentPoint, came_of_it: str) -> AssessmentPoint:
    """Say what came of a point; raises NotAllowed, ValidationError without a word. Twice is once."""
    if not may_finish(actor, point):
        raise NotAllowed(_("Only {name} can say what came of this.").format(name=point.owner))
    fresh = locked(point)
    if not came_of_it.strip():
        raise ValidationError({"came_of_it": _("Say what came of it.")})
    if fresh.done_on is None:
        fresh.done_on, fresh.came_of_it = today(), came_of_it.strip()
        fresh.save(update_fields=["done_on", "came_of_it"])
        audit.record(
            actor=actor,
            event=Event.STATE,
            obj=fresh,
            changes={"done_on": str(fresh.done_on)},
            on_behalf_of=fresh.owner,
        )
    return fresh


@transaction.atomic
def move_point(*, actor: Actor, point: AssessmentPoint, due_on: date, reason: str) -> AssessmentPoint:
    """Give a point another day, with the reason; raises NotAllowed, ValidationError for a day past."""
    if not may_finish(actor, point):
        raise NotAllowed(_("Only {name} can say what came of this.").format(name=point.owner))
    fresh = locked(point)
    if due_on < today():
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    before = str(fresh.due_on)
    fresh.due_on = due_on
    fresh.save(update_fields=["due_on"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"due_on": [before, str(due_on)]},
        reason=reason,
        on_behalf_of=fresh.owner,
    )
    return fresh
