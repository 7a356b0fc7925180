"""Reminders by the clock, and what is put before the steering group: grouped per person, each effect once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.models import SignalAddressee, SignalReminder
from cities.models.signal import OPEN_STATES, AddresseeTask
from cities.selectors_signals import holder_of
from cities.services.signals.people import people_at, steering_group
from governance.models import Organisation, User
from nss_portal.core.locks import lock
from nss_portal.core.mail import address_key, queue_mail

# Days around the due date on which the addressee is reminded; before it negative.
OFFSETS = (-14, -7, -1, 1, 7)
# Days after the due date on which the steering group is told.
ESCALATIONS = (7, 28)
Kind = SignalReminder.Kind
Guard = Callable[[], None]
Part = tuple[SignalAddressee, int]


def open_parts() -> QuerySet[SignalAddressee]:
    """Give the addressees in the lead from whom something is still due."""
    return (
        SignalAddressee.objects.filter(
            is_lead=True, until__isnull=True, answered_on__isnull=True, signal__state__in=OPEN_STATES
        )
        .select_related("signal__organisation", "organisation__successor__successor")
        .order_by("due_on", "pk")
    )


def due_offset(part: SignalAddressee, offsets: Sequence[int], day: date) -> int | None:
    """Give the newest offset that is due on a day, or None.

    A day that was missed is made up for with the newest one alone; what lies on the day of addressing or before it
    is not sent.
    """
    if part.due_on is None or part.addressed_on is None:
        return None
    for offset in reversed(offsets):
        if part.addressed_on < part.due_on + timedelta(days=offset) <= day:
            return offset
    return None


def _due(parts: Iterable[SignalAddressee], kind: Kind, offsets: Sequence[int], day: date) -> list[Part]:
    """Give the parts about which a mail of this kind is due and not written yet, and note that it is written."""
    found = [(part, offset) for part in parts if (offset := due_offset(part, offsets, day)) is not None]
    written = set(
        SignalReminder.objects.filter(kind=kind, addressee__in=[part.pk for part, _offset in found]).values_list(
            "addressee", "due_on", "offset"
        )
    )
    new = [(part, offset) for part, offset in found if (part.pk, part.due_on, offset) not in written]
    SignalReminder.objects.bulk_create(
        SignalReminder(addressee=part, kind=kind, due_on=part.due_on, offset=offset)
        for part, offset in new
        if part.due_on
    )
    return new


@transaction.atomic
def remind(*, day: date, guard: Guard) -> int:
    """Write to everybody from whom an answer or a name is due around this day; gives to how many people."""
    guard()
    lock("signal reminders")
    due = _due(open_parts(), Kind.REMINDER, OFFSETS, day)
    holders = {part.pk: holder_of(part, day) for part, _offset in due}
    people = people_at(holder.pk for holder in holders.values())
    asked: dict[User, list[tuple[SignalAddressee, Organisation]]] = defaultdict(list)
    for part, _offset in due:
        for user in people[holders[part.pk].pk]:
            asked[user].append((part, holders[part.pk]))
    for user, parts in asked.items():
        _write(user, parts, kind="reminder", day=day)
    return len(asked)


@transaction.atomic
def escalate(*, day: date, guard: Guard) -> int:
    """Tell the steering group which signals have gone without an answer for long; gives to how many people."""
    guard()
    lock("signal reminders")
    due = _due(open_parts(), Kind.ESCALATION, ESCALATIONS, day)
    parts = [(part, holder_of(part, day)) for part, _offset in due]
    members = steering_group() if parts else []
    for user in members:
        _write(user, parts, kind="escalation", day=day)
    return len(members)


def _write(user: User, parts: Sequence[tuple[SignalAddressee, Organisation]], *, kind: str, day: date) -> None:
    """Write one mail to one person about all their parts."""
    with translation.override(user.language):
        items = [_item(part, holder, day) for part, holder in parts]
        context = {"name": user.name, "items": items}
        body = render_to_string(f"cities/mail/signals_{kind}.txt", context)
        subject = _subject(kind, items)
    queue_mail(
        key=f"signals-{kind}:{day.isoformat()}:{address_key(user.email)}",
        to=user.email,
        subject=subject,
        body=body,
        about=parts[0][0].signal,
        language=user.language,
    )


def _subject(kind: str, items: Sequence[dict[str, object]]) -> str:
    if kind == "escalation":
        text = ngettext(
            "%(number)s signal is still without an answer",
            "%(number)s signals are still without an answer",
            len(items),
        )
    elif len(items) == 1:
        return _("Reminder: %(title)s") % {"title": items[0]["title"]}
    else:
        text = ngettext(
            "Reminder: %(number)s signal waits for you", "Reminder: %(number)s signals wait for you", len(items)
        )
    return text % {"number": len(items)}


def _item(part: SignalAddressee, holder: Organisation, day: date) -> dict[str, object]:
    signal = part.signal
    late = (day - part.due_on).days if part.due_on else 0
    return {
        "title": signal.title,
        "sender": str(signal.organisation),
        "holder": str(holder),
        "is_name": part.task == AddresseeTask.NAME,
        "due_on": date_format(part.due_on, "DATE_FORMAT") if part.due_on else "",
        "late": ngettext("%(days)s day late", "%(days)s days late", late) % {"days": late} if late > 0 else "",
        "url": settings.NSS_BASE_URL + signal.get_absolute_url(),
    }
