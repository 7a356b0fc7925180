"""Rows of the register of signals, without models in between: a register is opened often, and has many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cities.models import SignalAddressee, SignalCosigner
from cities.models.signal import OPEN_STATES, AddresseeTask, CosignState, SignalQuerySet, SignalState
from cities.selectors_signals import NAMING, holder_on
from governance.models import Organisation
from nss_portal.core.time import today

TONES = {
    SignalState.DRAFT: "neutral",
    SignalState.SENT: "attention",
    SignalState.RECEIVED: "attention",
    SignalState.ANSWERED: "info",
    SignalState.FOLLOW_UP: "info",
    SignalState.CLOSED: "good",
    SignalState.WITHDRAWN: "neutral",
}
SHORT_NAME = Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name")


class Found(NamedTuple):
    """What the register reads of a signal."""

    pk: int
    public_id: str
    title: str
    state: str
    is_illustrative: bool
    sent_on: date | None
    no_owner: bool
    sender: str
    signed: list[str]


class Part(NamedTuple):
    """What the register reads of an addressee of today."""

    signal: int
    organisation: int
    is_lead: bool
    task: str
    addressed_on: date | None
    due_on: date | None
    answered_on: date | None


def to_show(signals: SignalQuerySet) -> QuerySet[Any, tuple[Any, ...]]:
    """Ask of signals what `rows` takes; co-signers come along in the same query."""
    signed = SignalCosigner.objects.filter(signal=OuterRef("pk"), state=CosignState.SIGNED)
    names = signed.annotate(shown=SHORT_NAME).order_by("organisation__name").values("shown")
    asked = signals.annotate(sender=SHORT_NAME, signed=ArraySubquery(names))
    return asked.values_list(*Found._fields)


def rows(found: Iterable[tuple[Any, ...]], day: date | None = None) -> list[dict[str, Any]]:
    """Give the rows of a register for what `to_show` asked; two queries for any number of signals."""
    day, signals = day or today(), [Found._make(one) for one in found]
    parts: dict[int, list[Part]] = defaultdict(list)
    present = SignalAddressee.objects.filter(signal__in=[one.pk for one in signals], until__isnull=True)
    for values in present.order_by("pk").values_list(*Part._fields):
        parts[values[0]].append(Part._make(values))
    organisations = _organisations({part.organisation for some in parts.values() for part in some})
    labels = {state.value: (str(state.label), TONES[state]) for state in SignalState}
    base = reverse("cities:signals")
    return [_row(one, parts[one.pk], organisations, labels, base, day) for one in signals]


def _organisations(keys: set[int]) -> dict[int, Organisation]:
    """Give organisations by primary key, with those that took their task over; one query a generation."""
    found: dict[int, Organisation] = {}
    while missing := keys - found.keys():
        read = Organisation.objects.filter(pk__in=missing).order_by().only(*NAMING)
        found |= {one.pk: one for one in read}
        keys = keys | {one.successor_id for one in found.values() if one.successor_id}
    for one in found.values():
        if one.successor_id:
            one.successor = found[one.successor_id]
    return found


def _row(
    signal: Found,
    parts: Sequence[Part],
    organisations: dict[int, Organisation],
    labels: dict[str, tuple[str, str]],
    base: str,
    day: date,
) -> dict[str, Any]:
    lead = next((part for part in parts if part.is_lead), None)
    waits = lead is not None and signal.state in OPEN_STATES
    label, tone = labels[signal.state]
    now, then = _names(lead, organisations, day) if lead else ("", "")
    if lead and lead.task == AddresseeTask.NAME:
        now = _("no owner yet; {name} names one").format(name=now)
    return {
        "pk": signal.pk,
        "url": f"{base}{signal.public_id}/",
        "title": signal.title,
        "made_up": signal.is_illustrative,
        "senders": ", ".join([signal.sender, *signal.signed]),
        "lead": now or (_("no owner known") if signal.no_owner else ""),
        "lead_before": then if then != now and lead and lead.task == AddresseeTask.ANSWER else "",
        "others": len(parts) - (1 if lead else 0),
        "state": label,
        "tone": tone,
        "sent": short_day(signal.sent_on, get_language()) if signal.sent_on else "",
        "due": short_day(lead.due_on, get_language()) if waits and lead and lead.due_on else "",
        "late": days_late(lead.due_on, day) if waits and lead and not lead.answered_on else "",
    }


def _names(lead: Part, organisations: dict[int, Organisation], day: date) -> tuple[str, str]:
    """Name an addressee as it is called now, and as it was called that day."""
    organisation = organisations[lead.organisation]
    holder = holder_on(organisation, lead.addressed_on or day, day)
    return tuple(one.short_name or one.local_name for one in (holder, organisation))  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def short_day(day: date, language: str | None) -> str:
    """Write a day as a register does: '3 mrt 2027'."""
    return date_format(day, "j b Y")


def days_late(due_on: date | None, day: date) -> str:
    """Say how late an answer is, or nothing."""
    if due_on is None or due_on >= day:
        return ""
    days = (day - due_on).days
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
