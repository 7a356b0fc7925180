"""Write the draft of a signal."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Bottleneck, Signal, SignalAddressee, SignalExperiment
from cities.models.signal import Audience, CosignState, SignalState
from cities.selectors_signals import addressable, choosable_bottlenecks, sender_keys, sending_cities, writes
from governance.models import Organisation
from governance.models.organisation import Group
from nss_portal.core import audit
from nss_portal.core.access import Actor, NotAllowed, require, standing_of
from nss_portal.core.editing import EditConflict, locked
from nss_portal.core.models.audit import Event

# Texts and dates that stand in the signal itself.
PLAIN = (
    "title",
    "question",
    "background",
    "contact_function",
    "contact_reach",
    "answer_by",
    "audience",
    "no_owner",
)


@dataclass(frozen=True)
class Room:
    """Room to experiment that is asked for; anything may be missing in a draft."""

    rule: str = ""
    cities: tuple[Organisation, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    learned: str = ""
    conditions: str = ""


@dataclass(frozen=True)
class SignalValues:
    """All that one writes in a draft. `lead` is the addressee in the lead, `others` are ministries beside it."""

    title: str
    question: str = ""
    background: str = ""
    bottlenecks: tuple[Bottleneck, ...] = ()
    lead: Organisation | None = None
    others: tuple[Organisation, ...] = ()
    no_owner: bool = False
    contact_function: str = ""
    contact_reach: str = ""
    answer_by: date | None = None
    audience: str = Audience.PUBLISHED
    experiment: Room | None = None


def in_order(records: Sequence[Organisation]) -> tuple[Organisation, ...]:
    """Put records in the one order in which they are compared."""
    return tuple(sorted(records, key=lambda record: record.pk or 0))


def values_of(signal: Signal) -> SignalValues:
    """Give what a draft holds now."""
    addressees = list(signal.addressees.filter(until__isnull=True).select_related("organisation"))
    plain = {name: getattr(signal, name) for name in PLAIN}
    return SignalValues(
        **plain,
        bottlenecks=tuple(signal.bottlenecks.order_by("pk")),
        lead=next((one.organisation for one in addressees if one.is_lead), None),
        others=in_order([one.organisation for one in addressees if not one.is_lead]),
        experiment=_room_of(signal),
    )


def _room_of(signal: Signal) -> Room | None:
    found = SignalExperiment.objects.filter(signal=signal).first()
    if found is None:
        return None
    return Room(
        rule=found.rule,
        cities=in_order(list(found.cities.all())),
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        learned=found.learned,
        conditions=found.conditions,
    )


def require_writer(actor: Actor, signal: Signal) -> None:
    """Raise NotAllowed unless the actor writes for the organisation whose signal this is."""
    require(actor, "signal", "send", signal)
    if not writes(actor, signal):
        raise NotAllowed(_("Only {name} changes and sends this signal.").format(name=signal.organisation))


@transaction.atomic
def create_signal_draft(
    *, actor: Actor, organisation: Organisation, values: SignalValues, key: str | None = None
) -> Signal:
    """Make a draft in the name of an organisation, or give the one that was made under `key` before.

    Raises NotAllowed when the actor may not send for this organisation, ValidationError as `change_signal` does.
    """
    if not (standing_of(actor).is_system or organisation.pk in sender_keys(actor)):
        raise NotAllowed(_("You cannot do this in the name of {name}.").format(name=organisation))
    if key is not None and (there := Signal.objects.filter(key=key).first()):
        return there
    draft = Signal.objects.create(
        organisation=organisation,
        title=values.title.strip()[:160],
        key=key,
        created_by_id=getattr(actor, "pk", None),
    )
    audit.record(actor=actor, event=Event.CREATED, obj=draft, on_behalf_of=organisation)
    _check(actor, draft, values)
    _write(draft, values)
    return draft


@transaction.atomic
def change_signal(*, actor: Actor, signal: Signal, version: int, values: SignalValues) -> Signal:
    """Write new values in a draft; who co-signed an earlier text is asked again.

    Raises NotAllowed, EditConflict when a colleague was first, ValidationError for bottlenecks or organisations
    that cannot be chosen.
    """
    require_writer(actor, signal)
    fresh = locked(signal)
    if fresh.state != SignalState.DRAFT:
        raise NotAllowed(_("This signal was sent and does not change any more."))
    before = values_of(fresh)
    after = _clean(values)
    if before == after:
        return fresh
    if fresh.version != version:
        raise EditConflict(fresh)
    _check(actor, fresh, after)
    _write(fresh, after)
    fresh.cosigners.filter(state=CosignState.SIGNED).update(state=CosignState.INVITED, at=timezone.now())
    changed = [field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name)]
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={name: [_said(getattr(before, name)), _said(getattr(after, name))] for name in changed},
        on_behalf_of=fresh.organisation,
    )
    return fresh


def _clean(values: SignalValues) -> SignalValues:
    """Give values as they are kept: no blanks around texts, no addressee twice, none beside 'no owner known'."""
    lead = None if values.no_owner else values.lead
    others = values.others if lead is not None and lead.group == Group.MINISTRY else ()
    texts = {name: value.strip() for name in PLAIN if isinstance(value := getattr(values, name), str)}
    return SignalValues(
        **{**{name: getattr(values, name) for name in PLAIN}, **texts},
        bottlenecks=tuple(sorted(set(values.bottlenecks), key=lambda one: one.pk)),
        lead=lead,
        others=in_order([one for one in set(others) if one != lead]),
        experiment=values.experiment,
    )


def _check(actor: Actor, signal: Signal, values: SignalValues) -> None:
    """Refuse what the form does not offer."""
    wanted = {bottleneck.pk for bottleneck in values.bottlenecks}
    known = set(signal.bottlenecks.values_list("pk", flat=True))
    new = wanted - known
    if new and choosable_bottlenecks(actor).filter(pk__in=new).count() != len(new):
        raise ValidationError({"bottlenecks": _("Choose bottlenecks from the register.")})
    chosen = {one.pk for one in (values.lead, *values.others) if one is not None}
    if addressable().filter(pk__in=chosen).count() != len(chosen):
        raise ValidationError({"lead": _("This organisation cannot be addressed.")})
    if any(one.group != Group.MINISTRY for one in values.others):
        raise ValidationError({"others": _("Only ministries are addressed beside the one in the lead.")})
    room = values.experiment
    if room is not None:
        cities = {city.pk for city in room.cities}
        if sending_cities().filter(pk__in=cities).count() != len(cities):
            raise ValidationError({"room_cities": _("Choose cities that take part.")})
        if room.valid_from and room.valid_to and room.valid_to < room.valid_from:
            raise ValidationError({"room_to": _("The last day lies before the first.")})


def _write(signal: Signal, values: SignalValues) -> None:
    values = _clean(values)
    for name in PLAIN:
        setattr(signal, name, getattr(values, name))
    signal.version += 1
    signal.changed_at = timezone.now()
    signal.save()
    signal.bottlenecks.set(values.bottlenecks)
    signal.addressees.all().delete()
    wanted = ([(values.lead, True)] if values.lead else []) + [(one, False) for one in values.others]
    SignalAddressee.objects.bulk_create(
        SignalAddressee(signal=signal, organisation=organisation, is_lead=is_lead)
        for organisation, is_lead in wanted
    )
    _write_room(signal, values.experiment)


def _write_room(signal: Signal, room: Room | None) -> None:
    if room is None:
        SignalExperiment.objects.filter(signal=signal).delete()
        return
    texts = {name: getattr(room, name) for name in ("rule", "valid_from", "valid_to", "learned", "conditions")}
    experiment, _created = SignalExperiment.objects.update_or_create(signal=signal, defaults=texts)
    experiment.cities.set(room.cities)


def _said(value: object) -> object:
    """Give a value as the audit log holds it."""
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, Room):
        return value.rule
    return value if isinstance(value, str | bool | int | type(None)) else str(value)


@transaction.atomic
def discard_signal_draft(*, actor: Actor, signal: Signal) -> None:
    """Throw a draft away for good; raises NotAllowed for anything but a draft of one's own."""
    require_writer(actor, signal)
    fresh = locked(signal)
    if fresh.state != SignalState.DRAFT:
        raise NotAllowed(_("Only a draft can be thrown away. Withdraw it instead."))
    audit.record(actor=actor, event=Event.DELETED, obj=fresh, on_behalf_of=fresh.organisation)
    fresh.delete()
