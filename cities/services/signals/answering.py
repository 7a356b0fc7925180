"""Receive and answer a signal: only the addressee does."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Signal, SignalAddressee, SignalEntry, SignalExperiment
from cities.models.signal import OPEN_STATES, AddresseeTask, SignalState
from cities.models.signal_parts import FINAL_KINDS, EntryKind, ExperimentAnswer
from cities.selectors_signals import answering_keys, holder_of
from cities.services.signals.letters import write_to_senders
from cities.services.signals.sending import lead_of, require_lead
from cities.workflow import SIGNAL
from governance.models import Organisation
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

STEPS = {EntryKind.TAKEN_UP: "take_up", EntryKind.DECLINED: "decline"}


@dataclass(frozen=True)
class Answer:
    """A final answer: taken up or declined, why, and whether there is room to experiment where that was asked."""

    kind: EntryKind
    text: str
    experiment: ExperimentAnswer = ExperimentAnswer.NONE
    conditions: str = ""


@transaction.atomic
def receive_signal(*, actor: Actor, signal: Signal) -> Signal:
    """Confirm that the addressee in the lead has the signal; a second time changes nothing. Raises NotAllowed."""
    require(actor, "signal", "respond", signal)
    fresh = locked(signal)
    if fresh.state == SignalState.RECEIVED:
        return fresh
    lead = require_lead(actor, fresh)
    workflow.take(SIGNAL, "receive", fresh, actor=actor)
    lead.received_on = today()
    lead.save(update_fields=["received_on"])
    return _touched(fresh)


@transaction.atomic
def answer_signal(*, actor: Actor, signal: Signal, answer: Answer) -> Signal:
    """Answer for the addressee in the lead; the senders get a mail.

    Raises NotAllowed for whoever is not addressed, TransitionRefused when it was answered meanwhile, when reasons
    are missing, or when room to experiment was asked and not decided on.
    """
    require(actor, "signal", "respond", signal)
    fresh = locked(signal)
    if answer.kind not in FINAL_KINDS:
        raise LookupError(answer.kind)
    _check_room(fresh, answer)
    if fresh.state not in OPEN_STATES:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    lead = require_lead(actor, fresh)
    workflow.take(SIGNAL, STEPS[answer.kind], fresh, actor=actor, reason=answer.text.strip())
    entry = _note(actor, fresh, holder_of(lead), answer)
    lead.answered_on = today()
    lead.received_on = lead.received_on or lead.answered_on
    lead.save(update_fields=["answered_on", "received_on"])
    write_to_senders(fresh, kind="answered", key=f"signal-answered:{entry.pk}", by=str(entry.organisation))
    return _touched(fresh)


def _check_room(signal: Signal, answer: Answer) -> None:
    asked = SignalExperiment.objects.filter(signal=signal).exists()
    if asked and not answer.experiment:
        raise TransitionRefused(_("The signal also asks for room to experiment: say whether you grant it."))
    if not asked and answer.experiment:
        raise TransitionRefused(_("The signal does not ask for room to experiment."))
    if answer.experiment == ExperimentAnswer.CONDITIONS and not answer.conditions.strip():
        raise TransitionRefused(_("Name the conditions under which there is room to experiment."))


def _note(actor: Actor, signal: Signal, organisation: Organisation, answer: Answer) -> SignalEntry:
    with_conditions = answer.experiment == ExperimentAnswer.CONDITIONS
    return SignalEntry.objects.create(
        signal=signal,
        organisation=organisation,
        kind=answer.kind,
        text=answer.text.strip(),
        experiment=answer.experiment,
        conditions=answer.conditions.strip() if with_conditions else "",
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
    )


def _touched(signal: Signal) -> Signal:
    signal.changed_at = timezone.now()
    signal.save(update_fields=["changed_at"])
    return signal


@transaction.atomic
def add_to_answer(*, actor: Actor, signal: Signal, text: str) -> SignalEntry:
    """Add something as an addressee beside the one in the lead, or after the answer; raises NotAllowed.

    TransitionRefused without a text, or once the signal is closed or withdrawn.
    """
    require(actor, "signal", "respond", signal)
    fresh = locked(signal)
    if fresh.state in (SignalState.CLOSED, SignalState.WITHDRAWN):
        raise TransitionRefused(_("This signal is closed."))
    if not text.strip():
        raise TransitionRefused(_("Write what you want to add."))
    part = own_part(actor, fresh)
    entry = SignalEntry.objects.create(
        signal=fresh,
        organisation=holder_of(part),
        kind=EntryKind.ADDITION,
        text=text.strip(),
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
    )
    audit.record(actor=actor, event=Event.SUBMITTED, obj=fresh, on_behalf_of=entry.organisation)
    _touched(fresh)
    return entry


def own_part(actor: Actor, signal: Signal) -> SignalAddressee:
    """Give the present addressee for which the actor answers, the one in the lead first; raises NotAllowed."""
    held = answering_keys(actor)
    present = signal.addressees.filter(until__isnull=True).select_related("organisation__successor__successor")
    for part in present:
        if holder_of(part).pk in held:
            return part
    raise NotAllowed(_("Only the addressee answers."))


def still_to_name(signal: Signal) -> bool:
    """Say whether the present lead is asked to name an owner."""
    return lead_of(signal).task == AddresseeTask.NAME
