"""The record of one signal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.models import Bottleneck, Signal, SignalFollowUp
from cities.models.signal import OPEN_STATES, AddresseeTask, Audience, CosignState, SignalState
from cities.models.signal_parts import EntryKind
from cities.presenting_signals import (
    entry_rows,
    facts_of,
    history_of,
    name_of,
    room_facts,
    steps_of,
)
from cities.rows_signals import TONES
from cities.selectors_signals import entries_of, present_addressees, sender_keys, signed_by, writes
from cities.services.signals.follow_up import AFTER_ANSWER, may_finish
from cities.services.signals.people import without_readers
from cities.views.signals.common import find, is_addressed, leads, unread_warning
from nss_portal.core.access import granted, standing_of
from nss_portal.core.kept import KeptPart
from nss_portal.core.rendering import render

Action = tuple[str, str]
# What one can do, but is not asked to.
QUIET = frozenset({"signal_publish", "signal_reopen", "signal_withdraw", "signal_add", "signal_close"})


def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One signal: what is asked of whom, what was answered, what became of it."""
    seen = Signal.objects.visible_to(request.user).only("public_id", "title")
    signal = get_object_or_404(seen, public_id=public_id)
    body = KeptPart(request, "signal", lambda: _context(request, find(request, public_id, history=True)))
    return render(request, "cities/signal.html", {"signal": signal, "body": body})


def _context(request: HttpRequest, signal: Signal) -> dict[str, Any]:
    experiment = getattr(signal, "experiment", None)
    entries = [] if signal.is_draft else list(entries_of(signal))
    first, more = _actions(request, signal, [entry.organisation_id for entry in entries if _is_reaction(entry)])
    visible = Bottleneck.objects.visible_to(request.user).filter(signals=signal).select_related("organisation")
    # The public record names organisations, not the people who typed for them.
    insider = bool(standing_of(request.user).organisations)
    bottlenecks = list(visible.only("public_id", "title", "organisation__short_name", "organisation__name"))
    return {
        "signal": signal,
        "tone": TONES[SignalState(signal.state)],
        "steps": steps_of(signal),
        "facts": facts_of(signal, with_reach=_takes_part(request, signal)),
        "room": room_facts(experiment, _cities(experiment)) if experiment else [],
        "bottlenecks": bottlenecks,
        "entries": entry_rows(entries, with_people=insider),
        "former": [(one, name_of(one)) for one in signal.addressees.all() if one.until is not None],
        "cosigners": _cosigners(signal) if signal.is_draft else [],
        "follow_ups": _follow_ups(request, signal),
        "history": history_of(signal, with_people=insider),
        "nobody_reads": _nobody_reads(request, signal),
        "first_action": first,
        "actions": more,
        "may_add_step": _may_add_step(request, signal),
    }


def _nobody_reads(request: HttpRequest, signal: Signal) -> dict[str, Any] | None:
    """Warn senders and the coordination team of addressees where nobody has an account. One query, for them."""
    if signal.state not in OPEN_STATES or not (_is_sender(request, signal) or _coordinates(request)):
        return None
    return unread_warning(request, without_readers(present_addressees(signal)))


def _is_reaction(entry: Any) -> bool:
    return bool(entry.kind == EntryKind.REACTION)


def _cities(experiment: Any) -> list[str]:
    return [city.short_name or city.name for city in experiment.cities.order_by("name")]


def _cosigners(signal: Signal) -> list[Any]:
    return list(signal.cosigners.select_related("organisation").order_by("organisation__name"))


def _takes_part(request: HttpRequest, signal: Signal) -> bool:
    return _is_sender(request, signal) or is_addressed(request, signal)


def _is_sender(request: HttpRequest, signal: Signal) -> bool:
    mine = {signal.organisation_id, *signed_by(signal)}
    return bool(mine & sender_keys(request.user))


def _coordinates(request: HttpRequest) -> bool:
    return "all" in granted(request.user, "signal", "send")


def _follow_ups(request: HttpRequest, signal: Signal) -> list[dict[str, Any]]:
    if signal.state not in (SignalState.FOLLOW_UP, SignalState.CLOSED):
        return []
    found = (
        SignalFollowUp.objects.filter(signal=signal)
        .select_related("owner")
        .defer("owner__about_nl", "owner__about_en")
    )
    rows = []
    for step in found:
        step.signal = signal
        finishes = step.done_on is None and signal.state != SignalState.CLOSED and may_finish(request.user, step)
        url = reverse("cities:signal_step_done", args=[signal.public_id, step.pk]) if finishes else ""
        rows.append({"step": step, "owner": step.owner.short_name or step.owner.name, "url": url})
    return rows


def _may_add_step(request: HttpRequest, signal: Signal) -> bool:
    if signal.state not in AFTER_ANSWER:
        return False
    return _is_sender(request, signal) or _coordinates(request) or is_addressed(request, signal)


def _actions(request: HttpRequest, signal: Signal, reacted: list[int]) -> tuple[Action | None, list[Action]]:
    """Give what this person can do now: the one strong button, and the rest as links."""
    found = [
        *_of_writer(request, signal),
        *_of_cosigner(request, signal),
        *_of_addressee(request, signal),
        *_of_senders(request, signal, reacted),
    ]
    pairs = [(label, reverse(f"cities:{name}", args=[signal.public_id])) for name, label in found]
    asked = bool(pairs) and found[0][0] not in QUIET
    return (pairs[0], pairs[1:]) if asked else (None, pairs)


def _of_writer(request: HttpRequest, signal: Signal) -> list[Action]:
    if not writes(request.user, signal):
        return []
    if signal.is_draft:
        return [
            ("signal_edit", _("Finish the draft")),
            ("signal_send", _("Read it over and send it")),
            ("signal_ask_cosigners", _("Ask others to co-sign")),
            ("signal_discard", _("Throw the draft away")),
        ]
    hidden = signal.audience == Audience.NETWORK and signal.state != SignalState.WITHDRAWN
    return [("signal_publish", _("Show it to everybody"))] if hidden else []


def _of_cosigner(request: HttpRequest, signal: Signal) -> list[Action]:
    if not signal.is_draft or writes(request.user, signal):
        return []
    mine = signal.cosigners.filter(organisation__in=sender_keys(request.user)).values_list("state", flat=True)
    states = set(mine)
    found = []
    if CosignState.INVITED in states:
        found += [("signal_cosign", _("Co-sign")), ("signal_cosign_decline", _("We do not co-sign"))]
    if CosignState.SIGNED in states:
        found.append(("signal_cosign_withdraw", _("Take our signature back")))
    return found


def _of_addressee(request: HttpRequest, signal: Signal) -> list[Action]:
    lead = next((one for one in signal.addressees.all() if one.until is None and one.is_lead), None)
    if signal.is_draft or lead is None:
        return []
    waits, found = signal.state in OPEN_STATES, []
    if waits and lead.task == AddresseeTask.NAME:
        if leads(request, signal) or _coordinates(request):
            found.append(("signal_name", _("Name an owner")))
    elif waits and leads(request, signal):
        found.append(("signal_answer", _("Answer the signal")))
        found.append(("signal_refer", _("Refer it on")))
        if signal.state == SignalState.SENT:
            found.append(("signal_receive", _("Confirm receipt")))
    is_open = signal.state not in (SignalState.CLOSED, SignalState.WITHDRAWN)
    if is_open and is_addressed(request, signal) and not (waits and leads(request, signal)):
        found.append(("signal_add", _("Add to the answer")))
    return found


def _of_senders(request: HttpRequest, signal: Signal, reacted: list[int]) -> list[Action]:
    sends, coordinates, found = _is_sender(request, signal), _coordinates(request), []
    if signal.state in AFTER_ANSWER:
        if sends:
            done = (signal.organisation_id in reacted) and writes(request.user, signal)
            found.append(("signal_react", _("React once more") if done else _("React on the answer")))
        if sends or coordinates:
            found.append(("signal_close", _("Close the signal")))
    if signal.state == SignalState.CLOSED and (sends or coordinates):
        found.append(("signal_reopen", _("Open it again")))
    if signal.state in OPEN_STATES and writes(request.user, signal):
        found.append(("signal_withdraw", _("Withdraw the signal")))
    return found
