"""What pages about signals say, in words and lists for the components."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.models import Signal, SignalAddressee, SignalEntry, SignalExperiment
from cities.models.signal import OPEN_STATES, AddresseeTask, SignalState
from cities.models.signal_parts import EntryKind, ExperimentAnswer, Verdict
from cities.rows_signals import days_late
from cities.selectors_signals import ResponseTime, holder_of, signed_by
from nss_portal.core import charts, workflow
from nss_portal.core.charts import Chart
from nss_portal.core.exports import Column, Sheet
from nss_portal.core.formats import format_date, format_number
from nss_portal.core.time import today

ENTRY_TONES = {EntryKind.TAKEN_UP: "good", EntryKind.DECLINED: "bad"}
ROOM_TONES = {
    ExperimentAnswer.GRANTED: "good",
    ExperimentAnswer.CONDITIONS: "good",
    ExperimentAnswer.DECLINED: "bad",
}
VERDICT_TONES = {Verdict.HELPED: "good", Verdict.PARTLY: "attention", Verdict.NOT_HELPED: "bad"}
WAY = (
    SignalState.DRAFT,
    SignalState.SENT,
    SignalState.RECEIVED,
    SignalState.ANSWERED,
    SignalState.FOLLOW_UP,
    SignalState.CLOSED,
)
MOVES = {
    "send": gettext_lazy("Sent"),
    "receive": gettext_lazy("Receipt confirmed"),
    "name": gettext_lazy("Owner named"),
    "name_for": gettext_lazy("Owner named"),
    "refer": gettext_lazy("Referred on"),
    "take_up": gettext_lazy("Answered: taken up"),
    "decline": gettext_lazy("Answered: declined"),
    "follow_up": gettext_lazy("Follow-up agreed"),
    "follow_up_by_sender": gettext_lazy("Follow-up agreed"),
    "close": gettext_lazy("Rounded off"),
    "reopen": gettext_lazy("Opened again"),
    "withdraw": gettext_lazy("Withdrawn"),
}
# Their reason stands on the page as an answer already.
TOLD_ELSEWHERE = frozenset({"name", "name_for", "refer", "take_up", "decline", "close"})


@dataclass(frozen=True)
class Name:
    """What an addressee is called: as it was on the day, and as whoever holds the task is called now."""

    then: str
    now: str

    @property
    def has_changed(self) -> bool:
        """Whether the two differ."""
        return self.then != self.now

    def __str__(self) -> str:
        text = _("{then} (now: {now})")
        return text.format(then=self.then, now=self.now) if self.has_changed else self.now


def name_of(addressee: SignalAddressee) -> Name:
    """Name an addressee from `selectors_signals.addressees`; no query."""
    now = holder_of(addressee).local_name
    return Name(getattr(addressee, "name_then", None) or addressee.organisation.local_name, now)


def lateness(addressee: SignalAddressee, day: date) -> str:
    """Say how late an answer is, or nothing."""
    return "" if addressee.answered_on else days_late(addressee.due_on, day)


def sender_names(signal: Signal) -> list[str]:
    """Give who sends a signal from `with_people_of`: whose it is first."""
    return [signal.organisation.short_name or signal.organisation.name, *signed_by(signal).values()]


def steps_of(signal: Signal) -> list[dict[str, str]]:
    """Give where a signal stands, for the steps of the page's head."""
    if signal.state == SignalState.WITHDRAWN:
        return []
    here = WAY.index(SignalState(signal.state))
    last = here == len(WAY) - 1
    return [
        {
            "label": str(state.label).capitalize(),
            "state": "done" if number < here or last else "current" if number == here else "todo",
        }
        for number, state in enumerate(WAY)
    ]


def facts_of(signal: Signal, *, with_reach: bool) -> list[tuple[str, Any]]:
    """Give the facts of a signal; how to reach the contact person only for who takes part."""
    present = [one for one in signal.addressees.all() if one.until is None]
    facts: list[tuple[str, Any]] = [(_("Sender"), ", ".join(sender_names(signal)))]
    for one in present:
        facts.append((_addressee_label(one), str(name_of(one))))
    if not present:
        facts.append((_("Addressee"), _("no owner known") if signal.no_owner else _("not chosen yet")))
    if signal.no_owner and any(one.task == AddresseeTask.ANSWER for one in present):
        facts.append((_("Owner"), _("was not known when it was sent")))
    if signal.sent_on:
        facts.append((_("Sent on"), format_date(signal.sent_on)))
    lead = next((one for one in present if one.is_lead), None)
    if lead and lead.due_on and signal.state in OPEN_STATES:
        late = lateness(lead, today())
        facts.append((_("Answer due on"), format_date(lead.due_on) + (f" ({late})" if late else "")))
    elif signal.answer_by:
        facts.append((_("Answer asked by"), format_date(signal.answer_by)))
    if signal.contact_function:
        reach = f", {signal.contact_reach}" if with_reach and signal.contact_reach else ""
        facts.append((_("Contact person"), f"{signal.contact_function}{reach}"))
    facts.append((_("Who reads it"), signal.get_audience_display()))
    return facts


def _addressee_label(addressee: SignalAddressee) -> str:
    if addressee.task == AddresseeTask.NAME:
        return _("Names an owner")
    return _("To, in the lead") if addressee.is_lead else _("Also to")


def room_facts(experiment: SignalExperiment, cities: Sequence[str]) -> list[tuple[str, Any]]:
    """Give the facts of the room to experiment that is asked for."""
    facts: list[tuple[str, Any]] = [(_("Rule"), experiment.rule or "–"), (_("Cities"), ", ".join(cities) or "–")]
    if experiment.valid_from and experiment.valid_to:
        text = _("{first} until and including {last}")
        period = text.format(first=format_date(experiment.valid_from), last=format_date(experiment.valid_to))
        facts.append((_("Period"), period))
    facts.append((_("What is learned"), experiment.learned or "–"))
    if experiment.conditions:
        facts.append((_("Conditions"), experiment.conditions))
    return facts


def entry_rows(entries: Iterable[SignalEntry], *, with_people: bool) -> list[dict[str, Any]]:
    """Give what was said, from `entries_of`, oldest first; who typed it only for who takes part in the network."""
    return [
        {
            "entry": entry,
            "label": _entry_label(entry),
            "tone": _entry_tone(entry),
            "room": entry.get_experiment_display() if entry.experiment else "",
            "room_tone": ROOM_TONES.get(ExperimentAnswer(entry.experiment), ""),
            "who": str(_speaker(entry)),
            "by": entry.by_label if with_people else "",
        }
        for entry in entries
    ]


def _speaker(entry: SignalEntry) -> Name:
    now = entry.organisation.local_name
    return Name(getattr(entry, "name_then", None) or now, now)


def _entry_label(entry: SignalEntry) -> str:
    if entry.kind == EntryKind.REACTION:
        return str(entry.get_verdict_display())
    if entry.referred_to is not None:
        text = _("owner named: {name}") if entry.kind == EntryKind.NAMED else _("referred to {name}")
        return text.format(name=entry.referred_to.local_name)
    return str(entry.get_kind_display())


def _entry_tone(entry: SignalEntry) -> str:
    if entry.kind == EntryKind.REACTION:
        return VERDICT_TONES.get(Verdict(entry.verdict), "")
    return ENTRY_TONES.get(EntryKind(entry.kind), "info")


def history_of(signal: Signal, *, with_people: bool) -> list[dict[str, Any]]:
    """Give the changes of state for history.html, the latest first; people as in `entry_rows`. One query."""
    return [
        {
            "text": MOVES.get(row.name, row.name),
            "when": row.at,
            "who": row.actor_label if with_people else "",
            "reason": "" if row.name in TOLD_ELSEWHERE else row.reason,
        }
        for row in reversed(list(workflow.history(signal)))
    ]


def times_chart(times: Sequence[ResponseTime]) -> Chart | None:
    """Draw the median number of days per organisation, or give None where nothing was answered."""
    answered = [one for one in times if one.median_days is not None]
    if not answered:
        return None
    days = [one.median_days for one in answered]
    names = [one.organisation.short_name or one.organisation.local_name for one in answered]
    told = ", ".join(
        _("{name} {days} days").format(name=name, days=format_number(value))
        for name, value in zip(names, days, strict=True)
    )
    return charts.bar(
        charts.BarChart(
            title=_("Days until the answer"),
            description=_("Half of the answers came within so many days: {told}.").format(told=told),
            unit=_("days (median)"),
            source=_("signals in this portal"),
            categories=names,
            category_title=_("Addressee"),
            series=[charts.Series(_("days"), days, charts.Style.MAIN)],
        )
    )


def times_sheet(times: Sequence[ResponseTime]) -> Sheet:
    """Give the response times as a sheet to take along."""
    columns = [
        Column(_("Addressee")),
        Column(_("Answered")),
        Column(_("Days until the answer (median)"), decimals=1),
        Column(_("Answered in time (%)"), decimals=0),
        Column(_("Waits for an answer")),
        Column(_("Late")),
    ]
    cells = [
        (
            one.organisation.local_name,
            one.answered,
            one.median_days,
            None if one.in_time is None else round(100 * one.in_time),
            one.waiting,
            one.overdue,
        )
        for one in times
    ]
    return Sheet(_("Response times"), columns, cells)


def signals_sheet(signals: QuerySet[Signal]) -> Sheet:
    """Give signals from `with_people_of` as a sheet to take along."""
    heads = [
        _("Identifier"),
        _("Signal"),
        _("What is asked"),
        _("Sender"),
        _("To, in the lead"),
        _("Name on the day of sending"),
        _("State"),
        _("Sent on"),
        _("Answer due on"),
        _("Answered on"),
        _("What became of it"),
        _("Illustrative"),
    ]
    return Sheet(_("Signals"), [Column(head) for head in heads], [_cells(signal) for signal in signals])


def _cells(signal: Signal) -> tuple[Any, ...]:
    lead = next((one for one in signal.addressees.all() if one.is_lead and one.until is None), None)
    name = name_of(lead) if lead else None
    return (
        signal.public_id,
        signal.title,
        signal.question,
        ", ".join(sender_names(signal)),
        name.now if name else _("no owner known"),
        name.then if name else "",
        str(signal.get_state_display()),
        signal.sent_on,
        lead.due_on if lead else signal.answer_by,
        lead.answered_on if lead else None,
        signal.outcome,
        signal.is_illustrative,
    )
