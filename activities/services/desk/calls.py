"""Show interest in a subsidy or call, and apply together: one leads, others join."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models.desk import MONEY_KINDS, DirectoryEntry, EntryState
from activities.models.desk_call import (
    ApplicationParty,
    ApplicationState,
    CallInterest,
    JointApplication,
    PartyState,
)
from activities.services.desk import call_letters
from activities.workflow.desk_call import APPLICATION
from governance.models import Organisation
from governance.services.ownership import require_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, may, require
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

TEXTS = ("title", "text", "is_open", "submit_by")
RESULTS = {"submit": "submitted_on", "grant": "decided_on", "reject": "decided_on"}


def is_closed(entry: DirectoryEntry) -> bool:
    """Say whether one can no longer apply: it ended, or the deadline has passed."""
    return entry.state == EntryState.ENDED or (entry.deadline is not None and entry.deadline < today())


def _require_open(entry: DirectoryEntry) -> None:
    if entry.kind not in MONEY_KINDS:
        raise ValidationError(_("This is nothing that one applies for."))
    if is_closed(entry):
        raise ValidationError(_("The deadline has passed."))


@transaction.atomic
def show_interest(
    *, actor: Actor, entry: DirectoryEntry, organisation: Organisation, note: str = ""
) -> CallInterest:
    """Say that an organisation looks at a subsidy or call, so that others find it; again, to change the note.

    Raises NotAllowed for another organisation, ValidationError once the deadline has passed.
    """
    require_for(actor, "desk_question", "ask", organisation)
    _require_open(entry)
    said = note.strip()[:300]
    interest, created = CallInterest.objects.get_or_create(
        entry=entry,
        organisation=organisation,
        defaults={"note": said, "since": today(), "by_id": getattr(actor, "pk", None)},
    )
    if not created and interest.note == said:
        return interest
    if not created:
        interest.note = said
        interest.save(update_fields=["note"])
    audit.record(
        actor=actor,
        event=Event.CREATED if created else Event.CHANGED,
        obj=interest,
        on_behalf_of=organisation,
    )
    return interest


@transaction.atomic
def drop_interest(*, actor: Actor, interest: CallInterest) -> None:
    """Take the interest back; raises NotAllowed for another organisation."""
    require_for(actor, "desk_question", "ask", interest.organisation)
    audit.record(actor=actor, event=Event.DELETED, obj=interest, on_behalf_of=interest.organisation)
    interest.delete()


def _checked(values: Mapping[str, Any], entry: DirectoryEntry) -> dict[str, Any]:
    found = {name: values[name] for name in TEXTS}
    found["title"], found["text"] = found["title"].strip(), found["text"].strip()
    if not found["title"]:
        raise ValidationError({"title": _("Fill this in.")})
    last = entry.deadline
    if found["submit_by"] and last and found["submit_by"] > last:
        raise ValidationError({"submit_by": _("This lies after the deadline of the call.")})
    return found


@transaction.atomic
def begin_application(
    *, actor: Actor, entry: DirectoryEntry, organisation: Organisation, values: Mapping[str, Any]
) -> JointApplication:
    """Begin a joint application that an organisation leads; who showed interest hears of an open one.

    Raises NotAllowed for another organisation, ValidationError once the deadline has passed.
    """
    if organisation.pk not in granted(actor, "joint_application", "change").get("led", frozenset()):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    _require_open(entry)
    application = JointApplication.objects.create(
        entry=entry,
        organisation=organisation,
        created_by_id=getattr(actor, "pk", None),
        **_checked(values, entry),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=application, on_behalf_of=organisation)
    if application.is_open:
        interested = entry.interests.exclude(organisation=organisation).select_related("organisation")
        for one in interested:
            call_letters.write_to(one.organisation, application, kind="begun")
    return application


@transaction.atomic
def change_application(
    *, actor: Actor, application: JointApplication, version: int, values: Mapping[str, Any]
) -> JointApplication:
    """Change the texts; raises NotAllowed, ValidationError, EditConflict when a colleague was first."""
    require(actor, "joint_application", "change", application)
    fresh = locked(application)
    changes = apply_changes(fresh, version, _checked(values, fresh.entry))
    if changes:
        fresh.version += 1
        fresh.changed_at = timezone.now()
        fresh.save()
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes),
            on_behalf_of=fresh.organisation,
        )
    return fresh


@transaction.atomic
def ask_party(*, actor: Actor, application: JointApplication, organisation: Organisation) -> ApplicationParty:
    """Ask an organisation to take part; raises NotAllowed, ValidationError for the lead or once submitted."""
    require(actor, "joint_application", "change", application)
    fresh = _forming(application)
    if organisation.pk == fresh.organisation_id:
        raise ValidationError({"organisation": _("This organisation leads the application.")})
    party, created = ApplicationParty.objects.get_or_create(
        application=fresh, organisation=organisation, defaults={"since": today()}
    )
    if created:
        audit.record(actor=actor, event=Event.CREATED, obj=party, on_behalf_of=fresh.organisation)
        call_letters.write_to(organisation, fresh, kind="asked")
    return party


def _forming(application: JointApplication) -> JointApplication:
    fresh = locked(application)
    if fresh.state != ApplicationState.FORMING:
        raise ValidationError(_("The application has been submitted or called off: its parties are fixed."))
    return fresh


@transaction.atomic
def take_part(
    *, actor: Actor, application: JointApplication, organisation: Organisation, brings: str = ""
) -> ApplicationParty:
    """Join an application that is open, or to which the organisation was asked.

    Raises NotAllowed for another organisation or an application that it may not join, ValidationError for the lead
    or once it is submitted.
    """
    require(actor, "joint_application", "join", application)
    held = granted(actor, "joint_application", "join")
    if organisation.pk not in held.get("own", frozenset()):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    fresh = _forming(application)
    if organisation.pk == fresh.organisation_id:
        raise ValidationError({"organisation": _("This organisation leads the application.")})
    party, _created = ApplicationParty.objects.get_or_create(
        application=fresh, organisation=organisation, defaults={"since": today()}
    )
    if party.state != PartyState.JOINED or party.brings != brings.strip()[:300]:
        before = party.state
        party.state, party.brings, party.since = PartyState.JOINED, brings.strip()[:300], today()
        party.save()
        changes = {"state": [before, party.state]}
        audit.record(actor=actor, event=Event.CHANGED, obj=party, changes=changes, on_behalf_of=organisation)
        call_letters.write_to(
            fresh.organisation, fresh, kind="joined", by=organisation.short_name or organisation.name
        )
    return party


@transaction.atomic
def leave(*, actor: Actor, party: ApplicationParty) -> ApplicationParty:
    """Leave an application, or say no to the question; raises NotAllowed, ValidationError once it is submitted."""
    require_for(actor, "desk_question", "ask", party.organisation)
    # The application first, as all that change its parties do.
    application = _forming(party.application)
    fresh = locked(party)
    if fresh.state != PartyState.LEFT:
        before, fresh.state = fresh.state, PartyState.LEFT
        fresh.save(update_fields=["state"])
        changes = {"state": [before, fresh.state]}
        audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes=changes, on_behalf_of=fresh.organisation)
        by = fresh.organisation.short_name or fresh.organisation.name
        call_letters.write_to(application.organisation, application, kind="left", by=by)
    return fresh


@transaction.atomic
def move_application(
    *, actor: Actor, application: JointApplication, step: str, reason: str = ""
) -> JointApplication:
    """Submit, note the result, call off; dates and result follow. Raises as `workflow.take` does."""
    require(actor, "joint_application", "change", application)
    fresh = locked(application)
    if field := RESULTS.get(step):
        setattr(fresh, field, today())
    if step in {"grant", "reject", "call_off"}:
        fresh.result = reason.strip()
    fresh.changed_at = timezone.now()
    # The dates first, since the state asks for them; both in one transaction.
    fresh.save(update_fields=["submitted_on", "decided_on", "result", "changed_at"])
    workflow.take(APPLICATION, step, fresh, actor=actor, reason=reason)
    parties = fresh.parties.filter(state=PartyState.JOINED).select_related("organisation")
    for party in parties:
        call_letters.write_to(party.organisation, fresh, kind="moved", step=step, text=reason)
    return locked(fresh)


def may_lead(actor: Actor) -> bool:
    """Say whether somebody can begin an application at all."""
    return may(actor, "joint_application", "change")
