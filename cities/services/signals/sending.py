"""Send a signal, name an owner, share it more widely, withdraw it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Signal, SignalAddressee, SignalEntry
from cities.models.signal import AddresseeTask, Audience, CosignState, SignalState
from cities.models.signal_parts import EntryKind
from cities.selectors_signals import addressable, answering_keys, holder_of, naming_duty
from cities.services.signals.drafts import require_writer
from cities.services.signals.letters import write_to_addressee, write_to_senders
from cities.workflow import SIGNAL
from governance.models import Organisation
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, may, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

# Whoever gets a signal from another addressee has at least so many days, also when the sender's day is nearer.
LEAST_DAYS = 14


def fair_date(asked: date | None, day: date) -> date:
    """Give the day by which a new addressee answers: the sender's, or a fair time from `day` if that is near."""
    least = day + timedelta(days=LEAST_DAYS)
    return max(asked, least) if asked else least


@transaction.atomic
def send_signal(*, actor: Actor, signal: Signal, version: int) -> Signal:
    """Send the text of `version` in the name of its organisation and of all that co-signed.

    Whoever was asked to co-sign and has not, is no sender. Where no owner is known, who has that duty is asked to
    name one. Raises NotAllowed, and TransitionRefused when something is missing or the text changed.
    """
    require_writer(actor, signal)
    fresh = locked(signal)
    if fresh.version != version:
        raise TransitionRefused(_("The text has changed since you opened it. Read it again, then send it."))
    duty = naming_duty(today()) if fresh.no_owner else None
    if fresh.no_owner and duty is None:
        raise TransitionRefused(_("It is not recorded who names an owner. Ask the coordination team."))
    fresh.sent_on = today()
    fresh.changed_at = timezone.now()
    problems = [problem for condition in SIGNAL.step("send").conditions for problem in condition(fresh)]
    if problems:
        raise TransitionRefused(" ".join(problems))
    fresh.save(update_fields=["sent_on", "changed_at"])
    workflow.take(SIGNAL, "send", fresh, actor=actor)
    fresh.cosigners.filter(state=CosignState.INVITED).update(state=CosignState.LAPSED)
    _address(fresh, duty)
    for addressee in fresh.addressees.filter(until__isnull=True).select_related(
        "organisation__successor__successor"
    ):
        write_to_addressee(addressee, fresh)
    return fresh


def _address(signal: Signal, duty: tuple[Organisation, int] | None) -> None:
    day = today()
    if duty is not None:
        SignalAddressee.objects.create(
            signal=signal,
            organisation=duty[0],
            task=AddresseeTask.NAME,
            is_lead=True,
            addressed_on=day,
            due_on=day + timedelta(days=duty[1]),
        )
        return
    signal.addressees.update(addressed_on=day, due_on=signal.answer_by)


@transaction.atomic
def name_owner(*, actor: Actor, signal: Signal, owner: Organisation, reason: str) -> Signal:
    """Name who answers a signal that had no owner: by the organisation with that duty, or by the coordinator.

    Raises NotAllowed, and TransitionRefused when an owner is named already or this one cannot be addressed.
    """
    answers = may(actor, "signal", "respond", signal)
    if not answers:
        require_coordinator(actor, signal)
    fresh = locked(signal)
    if not addressable().filter(pk=owner.pk).exists():
        raise TransitionRefused(_("This organisation cannot be addressed."))
    workflow.take(SIGNAL, "name" if answers else "name_for", fresh, actor=actor, reason=reason)
    _pass_on(actor, fresh, owner, EntryKind.NAMED, reason)
    return fresh


def require_coordinator(actor: Actor, signal: Signal) -> None:
    """Raise NotAllowed unless the actor may send all signals, as the coordination team does."""
    from nss_portal.core.access import NotAllowed, granted

    require(actor, "signal", "send", signal)
    if "all" not in granted(actor, "signal", "send"):
        raise NotAllowed(_("Only whoever is asked to, and the coordination team, names an owner."))


@transaction.atomic
def refer_signal(*, actor: Actor, signal: Signal, to: Organisation, reason: str) -> Signal:
    """Refer a signal on: the other becomes the addressee in the lead, the first stays in the history.

    Raises NotAllowed for whoever is not the addressee in the lead, TransitionRefused when this cannot be.
    """
    require(actor, "signal", "respond", signal)
    fresh = locked(signal)
    if not addressable().filter(pk=to.pk).exists():
        raise TransitionRefused(_("This organisation cannot be addressed."))
    lead = require_lead(actor, fresh)
    if to.pk in {lead.organisation_id, holder_of(lead).pk}:
        raise TransitionRefused(_("The signal is with this organisation already."))
    workflow.take(SIGNAL, "refer", fresh, actor=actor, reason=reason)
    _pass_on(actor, fresh, to, EntryKind.REFERRED, reason)
    return fresh


def require_lead(actor: Actor, signal: Signal) -> SignalAddressee:
    """Give the addressee in the lead, if the actor answers for it; raises TransitionRefused otherwise."""
    lead = lead_of(signal)
    if holder_of(lead).pk not in answering_keys(actor):
        raise TransitionRefused(_("{name} is in the lead and answers.").format(name=holder_of(lead)))
    return lead


def lead_of(signal: Signal) -> SignalAddressee:
    """Give the present addressee in the lead; every signal that was sent has one."""
    found: SignalAddressee = signal.addressees.select_related("organisation__successor__successor").get(
        is_lead=True, until__isnull=True
    )
    return found


def _pass_on(actor: Actor, signal: Signal, to: Organisation, kind: EntryKind, reason: str) -> None:
    """Close the present lead's part and open one for the next; note both, and tell them and the senders."""
    day, lead = today(), lead_of(signal)
    holder = holder_of(lead)
    lead.until, lead.answered_on = day, day
    lead.save(update_fields=["until", "answered_on"])
    signal.addressees.filter(organisation=to, until__isnull=True).update(until=day)
    asked = max(signal.answer_by, lead.due_on) if signal.answer_by and lead.due_on else signal.answer_by
    addressee = SignalAddressee.objects.create(
        signal=signal, organisation=to, is_lead=True, addressed_on=day, due_on=fair_date(asked, day)
    )
    SignalEntry.objects.create(
        signal=signal,
        organisation=holder,
        kind=kind,
        text=reason,
        referred_to=to,
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
    )
    signal.changed_at = timezone.now()
    signal.save(update_fields=["changed_at"])
    write_to_addressee(addressee, signal)
    write_to_senders(signal, kind="passed_on", key=f"signal-passed-on:{addressee.pk}", by=str(to))


@transaction.atomic
def publish_signal(*, actor: Actor, signal: Signal) -> Signal:
    """Show a signal that the network reads to everybody; raises NotAllowed."""
    require_writer(actor, signal)
    fresh = locked(signal)
    if fresh.state != SignalState.DRAFT and fresh.audience != Audience.PUBLISHED:
        fresh.audience, fresh.changed_at = Audience.PUBLISHED, timezone.now()
        fresh.save(update_fields=["audience", "changed_at"])
        audit.record(actor=actor, event=Event.PUBLISHED, obj=fresh, on_behalf_of=fresh.organisation)
    return fresh


@transaction.atomic
def withdraw_signal(*, actor: Actor, signal: Signal, reason: str) -> Signal:
    """Take a signal back that nobody answered yet; it stays to be read. Raises as `workflow.take` does."""
    require_writer(actor, signal)
    fresh = locked(signal)
    workflow.take(SIGNAL, "withdraw", fresh, actor=actor, reason=reason)
    fresh.changed_at = timezone.now()
    fresh.save(update_fields=["changed_at"])
    return fresh
