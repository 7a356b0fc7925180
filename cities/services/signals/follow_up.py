"""After the answer: reactions of the senders, what is done by whom, and what became of it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Signal, SignalEntry, SignalFollowUp
from cities.models.signal import SignalState
from cities.models.signal_parts import EntryKind, Verdict
from cities.selectors_signals import answering_keys, holder_of, sender_keys
from cities.services.signals.letters import senders, write
from cities.services.signals.people import people_at
from cities.workflow import SIGNAL
from governance.models import Organisation
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, may, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today
from nss_portal.core.workflow import TransitionRefused

AFTER_ANSWER = (SignalState.ANSWERED, SignalState.FOLLOW_UP)


@transaction.atomic
def react(*, actor: Actor, signal: Signal, organisation: Organisation, verdict: Verdict, text: str) -> SignalEntry:
    """Say as a sender what one makes of the answer; raises NotAllowed, TransitionRefused before the answer."""
    require(actor, "signal", "send", signal)
    fresh = locked(signal)
    if organisation.pk not in sender_keys(actor) or organisation not in senders(fresh):
        raise NotAllowed(_("Only a sender reacts on the answer."))
    if fresh.state not in AFTER_ANSWER:
        raise TransitionRefused(_("There is no answer to react on."))
    if not verdict or not text.strip():
        raise TransitionRefused(_("Say what you make of the answer, and why."))
    entry = SignalEntry.objects.create(
        signal=fresh,
        organisation=organisation,
        kind=EntryKind.REACTION,
        verdict=verdict,
        text=text.strip(),
        by_id=getattr(actor, "pk", None),
        by_label=str(actor)[:200],
    )
    audit.record(
        actor=actor,
        event=Event.SUBMITTED,
        obj=fresh,
        changes={"reaction": str(verdict)},
        on_behalf_of=organisation,
    )
    _touch(fresh)
    return entry


def taking_part(signal: Signal) -> list[Organisation]:
    """Give who can do something after the answer: senders, and who holds the addressees' task."""
    present = signal.addressees.filter(until__isnull=True).select_related("organisation__successor__successor")
    return list(dict.fromkeys([*senders(signal), *(holder_of(one) for one in present)]))


@transaction.atomic
def add_follow_up(*, actor: Actor, signal: Signal, what: str, owner: Organisation, due_on: date) -> SignalFollowUp:
    """Agree one step after the answer; the first brings the signal into follow-up.

    For senders, the coordinator and addressees. Raises NotAllowed, TransitionRefused for an owner who does not
    take part, a day that is past, or a signal that is not answered yet.
    """
    as_addressee = may(actor, "signal", "respond", signal)
    if not as_addressee:
        require(actor, "signal", "send", signal)
    fresh = locked(signal)
    if fresh.state not in AFTER_ANSWER:
        raise TransitionRefused(_("Steps are agreed after the answer, and until the signal is closed."))
    if owner not in taking_part(fresh):
        raise TransitionRefused(_("The owner is one of the senders or addressees."))
    if due_on < today():
        raise TransitionRefused(_("The day lies in the past."))
    if fresh.state == SignalState.ANSWERED:
        name = "follow_up" if as_addressee else "follow_up_by_sender"
        workflow.take(SIGNAL, name, fresh, actor=actor)
    step = SignalFollowUp.objects.create(signal=fresh, what=what.strip(), owner=owner, due_on=due_on)
    audit.record(actor=actor, event=Event.CHANGED, obj=fresh, changes={"step": step.what}, on_behalf_of=owner)
    _touch(fresh)
    return step


def may_finish(actor: Actor, step: SignalFollowUp) -> bool:
    """Say whether the actor may note that a step is done: its owner, and the signal's sender. No query."""
    mine = sender_keys(actor) | answering_keys(actor)
    return step.owner_id in mine or step.signal.organisation_id in sender_keys(actor)


@transaction.atomic
def finish_follow_up(*, actor: Actor, step: SignalFollowUp, result: str) -> SignalFollowUp:
    """Note that a step is done and what came of it; raises NotAllowed, TransitionRefused without a text."""
    signal = locked(step.signal)
    fresh = SignalFollowUp.objects.select_for_update().get(pk=step.pk)
    fresh.signal = signal
    if not may_finish(actor, fresh) or not Signal.objects.visible_to(actor).filter(pk=signal.pk).exists():
        raise NotAllowed(_("Only the owner of the step and the sender say that it is done."))
    if not result.strip():
        raise TransitionRefused(_("Say what came of it."))
    if fresh.done_on is not None:
        raise TransitionRefused(_("This has changed in the meantime. Look at the page again."))
    fresh.done_on, fresh.result = today(), result.strip()
    fresh.save(update_fields=["done_on", "result"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=signal,
        changes={"step_done": fresh.what},
        reason=fresh.result,
        on_behalf_of=fresh.owner,
    )
    _touch(signal)
    return fresh


@transaction.atomic
def close_signal(*, actor: Actor, signal: Signal, outcome: str) -> Signal:
    """Close a signal with what became of it; addressees get a mail. Raises as `workflow.take` does."""
    require(actor, "signal", "send", signal)
    fresh = locked(signal)
    fresh.outcome = outcome.strip()
    fresh.save(update_fields=["outcome"])
    row = workflow.take(SIGNAL, "close", fresh, actor=actor, reason=fresh.outcome)
    present = fresh.addressees.filter(until__isnull=True).select_related("organisation__successor__successor")
    holders = {holder_of(one).pk for one in present}
    users = {user.pk: user for found in people_at(holders).values() for user in found}
    write(users.values(), kind="closed", key=f"signal-closed:{row.pk}", signal=fresh)
    _touch(fresh)
    return fresh


@transaction.atomic
def reopen_signal(*, actor: Actor, signal: Signal, reason: str) -> Signal:
    """Open a closed signal again, for follow-up; raises as `workflow.take` does."""
    require(actor, "signal", "send", signal)
    fresh = locked(signal)
    workflow.take(SIGNAL, "reopen", fresh, actor=actor, reason=reason)
    _touch(fresh)
    return fresh


def _touch(signal: Signal) -> None:
    signal.changed_at = timezone.now()
    signal.save(update_fields=["changed_at"])
