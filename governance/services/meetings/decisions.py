"""Decisions: taken in a meeting, followed until they are done."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import AgendaItem, Decision, DecisionState, DecisionUpdate, Meeting, Organisation
from governance.services.meetings.holding import opened
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, may, standing_of
from nss_portal.core.editing import locked, locked_among
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today


@transaction.atomic
def keep_decision(
    *,
    actor: Actor,
    meeting: Meeting,
    text: str,
    owner: Organisation,
    due_on: date | None,
    is_published: bool,
    item: AgendaItem | None = None,
    decision: Decision | None = None,
) -> Decision:
    """Write a decision down, or change it until the list is adopted.

    Raises NotAllowed, ValidationError without a text, with an item of another meeting or a day before the meeting.
    """
    fresh = opened(actor, meeting)
    if not text.strip():
        raise ValidationError({"text": _("Say what was decided.")})
    if item is not None and item.meeting_id != fresh.pk:
        raise ValidationError({"item": _("This item belongs to another meeting.")})
    if due_on is not None and due_on < timezone.localdate(fresh.starts_at):
        raise ValidationError(
            {"due_on": _("This day lies before the meeting. Choose the day of the meeting or later.")}
        )
    kept = locked_among(fresh.decisions.all(), decision) if decision else Decision(meeting=fresh)
    if decision is None:
        kept.number = (fresh.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
    kept.text, kept.owner, kept.due_on, kept.item = text.strip(), owner, due_on, item
    kept.is_published = is_published
    kept.save()
    event = Event.CHANGED if decision else Event.CREATED
    changes = {"owner": str(owner), "due_on": str(due_on or "")}
    audit.record(actor=actor, event=event, obj=kept, changes=changes, on_behalf_of=owner)
    return kept


@transaction.atomic
def drop_decision(*, actor: Actor, decision: Decision) -> None:
    """Take a decision off a list that is not adopted yet; raises NotAllowed."""
    opened(actor, decision.meeting)
    audit.record(actor=actor, event=Event.DELETED, obj=decision, on_behalf_of=decision.owner)
    decision.delete()


def may_follow(actor: Actor, decision: Decision) -> bool:
    """Say whether somebody may tell how a decision goes: people of its owner, and who runs the meeting."""
    standing = standing_of(actor)
    if standing.is_system or decision.owner_id in standing.organisations:
        return True
    return may(actor, "meeting", "change", decision.meeting)


@transaction.atomic
def follow(
    *,
    actor: Actor,
    decision: Decision,
    text: str,
    state: DecisionState = DecisionState.OPEN,
    due_on: date | None = None,
) -> DecisionUpdate:
    """Tell how a decision goes: another day, that it is done, or (who runs the meeting) that it is dropped.

    Raises NotAllowed, ValidationError without a word or for a day past.
    """
    if not may_follow(actor, decision):
        raise NotAllowed(_("Only {name} can say how this goes.").format(name=decision.owner))
    fresh = locked(decision)
    if fresh.state != DecisionState.OPEN:
        raise NotAllowed(_("This decision is finished."))
    if state == DecisionState.DROPPED and not may(actor, "meeting", "change", fresh.meeting):
        raise NotAllowed(_("Only who runs the meeting drops a decision."))
    if not text.strip():
        raise ValidationError({"text": _("Say how it goes.")})
    if due_on and due_on != fresh.due_on and due_on < today():
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    before = [fresh.state, str(fresh.due_on or "")]
    fresh.state, fresh.due_on = state, due_on or fresh.due_on
    fresh.done_on = None if state == DecisionState.OPEN else today()
    fresh.save(update_fields=["state", "due_on", "done_on"])
    owner = fresh.owner if fresh.owner_id in standing_of(actor).organisations else None
    told = DecisionUpdate.objects.create(
        decision=fresh, organisation=owner, text=text.strip(), state=state, due_on=fresh.due_on
    )
    audit.record(
        actor=actor,
        event=Event.STATE,
        obj=fresh,
        changes={"state": [before[0], state], "due_on": [before[1], str(fresh.due_on or "")]},
        on_behalf_of=fresh.owner,
    )
    return told
