"""Write pilots: propose, change, ask parties, say what each does, pays and gains, take steps."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Pilot, PilotPart
from activities.models.pilot import ENDED, PilotPartState, PilotState
from activities.services.pilots import letters
from activities.workflow.pilot import PILOT
from cities.models.bottleneck import Sharing
from governance.models import Organisation
from governance.services.ownership import organisations_for
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, granted, require, standing_of
from nss_portal.core.editing import apply_changes, changed_links, locked, readable, set_links, with_unseen
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

COLUMNS = (
    "title",
    "summary",
    "plan",
    "theme",
    "starts_on",
    "ends_on",
    "cost",
    "key_note",
    "takes_followers",
    "sharing",
)
SETS = ("steps", "bottlenecks")
PART = ("does", "pays", "gains")


def leading_organisations(actor: Actor) -> Any:
    """Give the organisations in whose name the actor can propose a pilot, names in order."""
    led = granted(actor, "pilot", "change").get("organiser", frozenset())
    keys = led or frozenset(organisations_for(actor, "pilot", "change").values_list("pk", flat=True))
    return Organisation.objects.filter(pk__in=keys).existing_on(today()).order_by("name", "pk")


def _checked(values: Mapping[str, Any], pilot: Pilot | None = None) -> dict[str, Any]:
    found = {name: values[name] for name in COLUMNS if name in values}
    found = {name: value.strip() if isinstance(value, str) else value for name, value in found.items()}
    problems: dict[str, str] = {}
    if "title" in found and not found["title"]:
        problems["title"] = _("Fill this in.")
    starts, ends = found.get("starts_on"), found.get("ends_on")
    if starts and ends and ends < starts:
        problems["ends_on"] = _("The last day lies before the first.")
    if found.get("sharing") == Sharing.DRAFT and pilot is not None and pilot.state != PilotState.PROPOSED:
        problems["sharing"] = _("A pilot that runs or has run is shared with the network at least.")
    if problems:
        raise ValidationError(problems)
    return found


def _links(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values.get(name, ()) for name in SETS}


@transaction.atomic
def propose_pilot(*, actor: Actor, organisation: Organisation, values: Mapping[str, Any]) -> Pilot:
    """Propose a pilot that an organisation leads, which is the first to take part.

    Raises NotAllowed for another organisation, ValidationError.
    """
    if not standing_of(actor).is_system and not leading_organisations(actor).filter(pk=organisation.pk).exists():
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    pilot = Pilot.objects.create(
        organisation=organisation, created_by_id=getattr(actor, "pk", None), **_checked(values)
    )
    set_links(pilot, _links(values))
    PilotPart.objects.create(pilot=pilot, organisation=organisation, state=PilotPartState.JOINED, since=today())
    audit.record(actor=actor, event=Event.CREATED, obj=pilot, on_behalf_of=organisation)
    return pilot


@transaction.atomic
def change_pilot(*, actor: Actor, pilot: Pilot, version: int, values: Mapping[str, Any]) -> Pilot:
    """Change what a pilot is; raises NotAllowed, EditConflict when a colleague was first, ValidationError."""
    require(actor, "pilot", "change", pilot)
    fresh = locked(pilot)
    linked = with_unseen(actor, fresh, _links(values))
    links = changed_links(fresh, version, linked)
    changes = {**apply_changes(fresh, version, _checked(values, fresh)), **links}
    if changes:
        set_links(fresh, linked)
        _touch(fresh)
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=fresh,
            changes=readable(changes),
            on_behalf_of=fresh.organisation,
        )
    return fresh


def _touch(pilot: Pilot) -> None:
    pilot.version += 1
    pilot.changed_at = timezone.now()
    pilot.save()


@transaction.atomic
def ask_parties(*, actor: Actor, pilot: Pilot, organisations: Iterable[Organisation]) -> list[PilotPart]:
    """Ask cities and partners to take part, by mail; whoever left before is asked again.

    Gives those who are asked now. Raises NotAllowed, ValidationError for a pilot that has ended.
    """
    require(actor, "pilot", "change", pilot)
    fresh = locked(pilot)
    _still_open(fresh)
    there = {part.organisation_id: part for part in fresh.parts.all()}
    asked = []
    for one in organisations:
        part = there.get(one.pk) or PilotPart(pilot=fresh, organisation=one, state=PilotPartState.LEFT)
        if part.state != PilotPartState.LEFT:
            continue
        part.state, part.since = PilotPartState.ASKED, today()
        part.save()
        asked.append(part)
        letters.write_to(
            one, fresh, kind="asked", key=f"{part.pk}:{part.since}", by=letters.named(fresh.organisation)
        )
    if asked:
        names = [part.organisation.name for part in asked]
        audit.record(
            actor=actor,
            event=Event.INVITED,
            obj=fresh,
            changes={"parts": names},
            on_behalf_of=fresh.organisation,
        )
    return asked


def _still_open(pilot: Pilot) -> None:
    if pilot.state in ENDED:
        raise ValidationError(_("This pilot has ended."))


def may_speak_for(actor: Actor, part: PilotPart) -> bool:
    """Say whether the actor answers for this part: people of the organisation itself."""
    return part.organisation_id in granted(actor, "pilot", "join").get("own", frozenset())


@transaction.atomic
def take_part(*, actor: Actor, part: PilotPart, values: Mapping[str, Any]) -> PilotPart:
    """Say yes, or say anew what the organisation does, pays and gains.

    Raises NotAllowed for another organisation, ValidationError for a pilot that has ended.
    """
    pilot = locked(part.pilot)
    if not may_speak_for(actor, part):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=part.organisation))
    _still_open(pilot)
    fresh = pilot.parts.select_related("organisation").get(pk=part.pk)
    if fresh.state == PilotPartState.LEFT:
        raise ValidationError(_("You said that you do not take part. Ask who leads the pilot to ask you again."))
    found = {name: values[name].strip() if isinstance(values[name], str) else values[name] for name in PART}
    changes = {name: [getattr(fresh, name), new] for name, new in found.items() if getattr(fresh, name) != new}
    is_new = fresh.state == PilotPartState.ASKED
    for name, new in found.items():
        setattr(fresh, name, new)
    if is_new:
        fresh.state, fresh.since = PilotPartState.JOINED, today()
        changes["state"] = [PilotPartState.ASKED.value, PilotPartState.JOINED.value]
    fresh.save()
    _note_part(actor, pilot, fresh, changes)
    if is_new and fresh.organisation_id != pilot.organisation_id:
        letters.write_to(
            pilot.organisation,
            pilot,
            kind="joined",
            key=f"{fresh.pk}:{fresh.since}",
            by=letters.named(fresh.organisation),
        )
    return fresh


def _note_part(actor: Actor, pilot: Pilot, part: PilotPart, changes: Mapping[str, Any]) -> None:
    if changes:
        audit.record(
            actor=actor,
            event=Event.CHANGED,
            obj=pilot,
            changes={"part": str(part.organisation), **readable(dict(changes))},
            on_behalf_of=part.organisation,
        )
        Pilot.objects.filter(pk=pilot.pk).update(changed_at=timezone.now())


@transaction.atomic
def leave_pilot(*, actor: Actor, part: PilotPart, reason: str) -> PilotPart:
    """Say no, or leave. Who leads it stops it instead. Raises NotAllowed, ValidationError without a reason."""
    pilot = locked(part.pilot)
    if not may_speak_for(actor, part):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=part.organisation))
    _still_open(pilot)
    if part.organisation_id == pilot.organisation_id:
        raise ValidationError(_("Your organisation leads the pilot: stop it instead, with the reason."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the other cities read it.")})
    fresh = pilot.parts.select_related("organisation").get(pk=part.pk)
    if fresh.state == PilotPartState.LEFT:
        return fresh
    before, fresh.state, fresh.since = fresh.state, PilotPartState.LEFT, today()
    fresh.save()
    _note_part(actor, pilot, fresh, {"state": [before, fresh.state.value], "reason": ["", reason.strip()]})
    letters.write_to(
        pilot.organisation,
        pilot,
        kind="left",
        key=f"{fresh.pk}:{timezone.now():%Y%m%d%H%M%S}",
        by=letters.named(fresh.organisation),
        text=reason.strip(),
    )
    return fresh


@transaction.atomic
def move_pilot(*, actor: Actor, pilot: Pilot, step: str, reason: str = "") -> Pilot:
    """Take a step of the workflow; what came of it, or why it stopped, is kept for everybody who reads the pilot.

    A pilot that starts is shared with the network at least. Whoever takes part or follows gets a mail. Raises
    LookupError, NotAllowed, TransitionRefused.
    """
    chosen = PILOT.step(step)
    require(actor, "pilot", "change", pilot)
    fresh = locked(pilot)
    if chosen.target in ENDED and reason.strip():
        # With the words first: a pilot that ended without them would be a fault.
        Pilot.objects.filter(pk=fresh.pk).update(outcome=reason.strip())
    workflow.take(PILOT, step, fresh, actor=actor, reason=reason)
    fresh.refresh_from_db()
    if chosen.target == PilotState.RUNNING and fresh.sharing == Sharing.DRAFT:
        fresh.sharing = Sharing.NETWORK
    if step == "resume":
        fresh.outcome = ""
    _touch(fresh)
    joined = Organisation.objects.filter(
        pilot_parts__pilot=fresh, pilot_parts__state__in=[PilotPartState.JOINED, PilotPartState.ASKED]
    )
    following = Organisation.objects.filter(
        twinnings_following__pilot=fresh, twinnings_following__state__in=["asked", "agreed"]
    )
    for one in {*joined, *following} - {fresh.organisation}:
        letters.write_to(one, fresh, kind="moved", key=f"{step}:{fresh.version}", text=reason.strip())
    return fresh


@transaction.atomic
def discard_pilot(*, actor: Actor, pilot: Pilot) -> None:
    """Throw a proposal away that nobody else has seen; raises NotAllowed for anything else."""
    require(actor, "pilot", "change", pilot)
    fresh = locked(pilot)
    others = fresh.parts.exclude(organisation=fresh.organisation_id).exists()
    if fresh.state != PilotState.PROPOSED or fresh.sharing != Sharing.DRAFT or others:
        raise NotAllowed(_("Others know of this pilot: stop it instead, with the reason."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
