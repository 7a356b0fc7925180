"""Plan a meeting, its agenda and papers; hold it, adopt and publish its decisions."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import AgendaItem, Body, Figurehead, Meeting, MeetingState, Organisation, Seat, User
from governance.services.meetings.letters import tell
from governance.workflow_meeting import MEETING
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import apply_changes, changed_links, locked, locked_among, readable, set_links
from nss_portal.core.files import StoredFile, files_of, keep_upload, throw_away
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

VALUES = ("starts_at", "ends_at", "place", "chair")
ITEM = ("number", "title", "text", "minutes")


def require_all(actor: Actor) -> None:
    """Raise NotAllowed unless somebody runs the meetings of all bodies; a chair changes only the own ones."""
    if not runs_all(actor):
        raise NotAllowed(_("Only the coordination team does this."))


def runs_all(actor: Actor) -> bool:
    """Say whether somebody plans meetings of all bodies."""
    return standing_of(actor).is_system or "all" in granted(actor, "meeting", "change")


def _check(values: Mapping[str, Any]) -> None:
    if values["ends_at"] <= values["starts_at"]:
        raise ValidationError({"ends_at": _("The end lies before the beginning.")})


@transaction.atomic
def plan_meeting(*, actor: Actor, body: Body, values: Mapping[str, Any], participants: Iterable[User]) -> Meeting:
    """Plan a meeting and write to who takes part, with the appointment. Raises NotAllowed, ValidationError."""
    require_all(actor)
    _check(values)
    made = Meeting.objects.create(body=body, **{name: values[name] for name in VALUES})
    made.participants.set(list(participants))
    audit.record(actor=actor, event=Event.CREATED, obj=made)
    tell(made)
    return made


@transaction.atomic
def change_meeting(
    *, actor: Actor, meeting: Meeting, version: int, values: Mapping[str, Any], participants: Iterable[User]
) -> Meeting:
    """Change when, where and who; all hear of another time or place, newcomers of the meeting.

    Raises NotAllowed, ValidationError, EditConflict when a colleague was first.
    """
    fresh = _running(actor, meeting, MeetingState.PLANNED)
    _check(values)
    before = set(fresh.participants.values_list("pk", flat=True))
    wanted = {user.pk: user for user in participants}
    others = changed_links(fresh, version, {"participants": wanted.values()})
    changes = apply_changes(fresh, version, {name: values[name] for name in VALUES})
    set_links(fresh, {"participants": wanted.values()})
    if changes or others:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        noted = {**readable(changes), "participants": [len(before), len(wanted)]}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=noted)
        tell(fresh, only=None if changes else set(wanted) - before)
    return fresh


def _running(actor: Actor, meeting: Meeting, *states: MeetingState) -> Meeting:
    require(actor, "meeting", "change", meeting)
    fresh = locked(meeting)
    if fresh.state not in states:
        raise NotAllowed(_("The meeting is past this step; what it decided does not change any more."))
    return fresh


def opened(actor: Actor, meeting: Meeting) -> Meeting:
    """Give a meeting whose agenda and decisions may still change; raises NotAllowed."""
    return _running(actor, meeting, MeetingState.PLANNED, MeetingState.HELD)


@transaction.atomic
def keep_item(
    *, actor: Actor, meeting: Meeting, values: Mapping[str, Any], item: AgendaItem | None = None
) -> AgendaItem:
    """Add an item to the agenda or change it; without a number it comes last. Raises NotAllowed."""
    fresh = opened(actor, meeting)
    kept = locked_among(fresh.items.all(), item) if item else AgendaItem(meeting=fresh)
    last = fresh.items.aggregate(last=Max("number"))["last"] or 0
    for name in ITEM:
        setattr(kept, name, values.get(name))
    kept.title, kept.text = str(kept.title).strip(), str(kept.text or "").strip()
    kept.number = kept.number or last + 1
    kept.save()
    event = Event.CHANGED if item else Event.CREATED
    audit.record(actor=actor, event=event, obj=fresh, changes={"agenda_item": kept.number})
    return kept


@transaction.atomic
def drop_item(*, actor: Actor, item: AgendaItem) -> None:
    """Take an item off the agenda with its papers; raises NotAllowed."""
    fresh = opened(actor, item.meeting)
    for paper in files_of(item):
        throw_away(stored=paper, actor=actor)
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"agenda_item_dropped": item.number})
    item.delete()


@transaction.atomic
def add_paper(*, actor: Actor, item: AgendaItem, upload: UploadedFile) -> StoredFile:
    """Add a paper to an item; raises NotAllowed, and ValidationError as `keep_upload` does."""
    opened(actor, item.meeting)
    return keep_upload(upload=upload, owner=item, actor=actor, is_confidential=True)


@transaction.atomic
def keep_minutes(*, actor: Actor, meeting: Meeting, version: int, minutes: str) -> Meeting:
    """Keep the minutes; for who takes part alone. Raises NotAllowed, EditConflict."""
    fresh = opened(actor, meeting)
    if apply_changes(fresh, version, {"minutes": minutes.strip()}):
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"minutes": len(fresh.minutes)})
    return fresh


@transaction.atomic
def step_meeting(*, actor: Actor, meeting: Meeting, step: str, reason: str = "") -> Meeting:
    """Say that it was held, adopt its decisions or cancel it; raises as `workflow.take` does."""
    workflow.take(MEETING, step, meeting, actor=actor, reason=reason)
    fresh = locked(meeting)
    fresh.version, fresh.changed_at = fresh.version + 1, timezone.now()
    fresh.save(update_fields=["version", "changed_at"])
    if step == "cancel":
        tell(fresh, reason=reason)
    return fresh


@transaction.atomic
def publish_decisions(*, actor: Actor, meeting: Meeting, publish: bool) -> Meeting:
    """Put the adopted decisions that are for everybody into the public register, or take them out again.

    Raises NotAllowed, also before they are adopted.
    """
    fresh = _running(actor, meeting, MeetingState.ADOPTED)
    if fresh.is_published != publish:
        fresh.is_published, fresh.published_at = publish, timezone.now() if publish else None
        fresh.save(update_fields=["is_published", "published_at"])
        event = Event.CHANGED
        audit.record(actor=actor, event=event, obj=fresh, changes={"is_published": [not publish, publish]})
    return fresh


@transaction.atomic
def keep_seat(
    *,
    actor: Actor,
    body: Body,
    organisation: Organisation,
    user: User | None,
    is_chair: bool,
    valid_from: date,
) -> Seat:
    """Give an organisation a seat in a body; one it has is ended on the day before. Raises NotAllowed."""
    require_all(actor)
    end_seats(body, organisation, valid_from)
    seat = Seat.objects.create(
        body=body, organisation=organisation, user=user, is_chair=is_chair, valid_from=valid_from
    )
    audit.record(actor=actor, event=Event.CREATED, obj=seat, on_behalf_of=organisation)
    return seat


def end_seats(body: Body, organisation: Organisation, day: date) -> None:
    """End the seats that run, so that another one begins on a day."""
    for seat in Seat.objects.filter(body=body, organisation=organisation, valid_to=None):
        seat.valid_to = max(seat.valid_from, day - timedelta(days=1))
        seat.save(update_fields=["valid_to"])


@transaction.atomic
def give_places(*, user: User, successor: User, organisation: Organisation, actor: Actor) -> None:
    """Let a colleague have somebody's seats, and chair what somebody would chair. The caller has checked it."""
    for seat in Seat.objects.filter(user=user, organisation=organisation, valid_to=None):
        seat.user = successor
        seat.save(update_fields=["user"])
        audit.record(actor=actor, event=Event.CHANGED, obj=seat, on_behalf_of=organisation)
    for meeting in Meeting.objects.filter(chair=user, state__in=[MeetingState.PLANNED, MeetingState.HELD]):
        meeting.chair = successor
        meeting.save(update_fields=["chair"])
        meeting.participants.add(successor)
        audit.record(actor=actor, event=Event.CHANGED, obj=meeting, on_behalf_of=organisation)


@transaction.atomic
def end_dated(*, actor: Actor, record: Seat | Figurehead, valid_to: date) -> None:
    """End a seat or the mandate of a figurehead; raises NotAllowed, ValidationError for a day before it began."""
    require_all(actor)
    if valid_to < record.valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    record.valid_to = valid_to
    record.save(update_fields=["valid_to"])
    audit.record(actor=actor, event=Event.CHANGED, obj=record, changes={"valid_to": str(valid_to)})


@transaction.atomic
def name_figurehead(
    *, actor: Actor, name: str, organisation: Organisation, mandate: str, valid_from: date, valid_to: date | None
) -> Figurehead:
    """Name a figurehead with a mandate; raises NotAllowed, ValidationError for a period that is none."""
    require_all(actor)
    if valid_to and valid_to < valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    made = Figurehead.objects.create(
        name=name.strip(),
        organisation=organisation,
        mandate=mandate.strip(),
        valid_from=valid_from or today(),
        valid_to=valid_to,
    )
    audit.record(actor=actor, event=Event.CREATED, obj=made, on_behalf_of=organisation)
    return made
