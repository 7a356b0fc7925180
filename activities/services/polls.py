"""Find a date: offer moments, ask people and organisations, answer, and call the poll off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.models import Activity, DatePoll, PollAnswer, PollGuest, PollMoment
from activities.models.activity import ActivityState, Meeting, ParticipationState
from activities.models.date_poll import Reply, ShownAnswers
from activities.services.places import IN_LINE
from activities.services.poll_letters import PollLetter, write
from activities.services.sessions import SessionTime, in_words, is_slip
from activities.workflow.date_poll import POLL
from cities.selectors_team import contact_persons
from governance.models import Membership, Organisation, User
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, NotAllowed, require, standing_of
from nss_portal.core.editing import apply_changes, locked, readable
from nss_portal.core.models.audit import Event
from nss_portal.core.time import today

FEWEST, MOST = 2, 20
MOST_GUESTS = 300
# A date is looked for before people can register.
LOOKED_FOR = (ActivityState.DRAFT, ActivityState.PLANNED)


class PollClosed(ValidationError):
    """One can no longer answer: the last day has passed, a date was chosen, or the poll was called off."""


@dataclass(frozen=True)
class MomentValues:
    """One moment that is offered, in moments that know their zone; `pk` is that of a moment that stays."""

    starts_at: datetime
    ends_at: datetime
    meeting: str = Meeting.ON_SITE
    place: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class PollValues:
    """All that a form says of a poll besides its moments."""

    closes_on: date
    note: str = ""
    shown: str = ShownAnswers.TOTALS

    def columns(self) -> dict[str, Any]:
        """Give what stands on the poll itself."""
        shown = ShownAnswers(self.shown).value
        return {"closes_on": self.closes_on, "note": self.note.strip()[:500], "shown": shown}


def problems(activity: Activity, values: PollValues, moments: Sequence[MomentValues]) -> Iterable[str]:
    """Say what is wrong with the moments of a poll and its last day."""
    zone = activity.zone
    if not FEWEST <= len(moments) <= MOST:
        yield _("Offer {fewest} to {most} moments; these are {number}.").format(
            fewest=FEWEST, most=MOST, number=len(moments)
        )
    seen: set[tuple[datetime, datetime, str, str]] = set()
    for one in moments:
        offered = SessionTime(one.starts_at, one.ends_at)
        words = in_words(offered, zone)
        if one.starts_at <= timezone.now():
            yield _("{when}: this moment lies in the past.").format(when=words)
        if one.ends_at <= one.starts_at or is_slip(offered, zone):
            yield _("{when}: the end lies before the beginning.").format(when=words)
        key = (one.starts_at, one.ends_at, one.meeting, one.place.strip())
        if key in seen:
            yield _("{when}: this moment stands there twice.").format(when=words)
        seen.add(key)
    if values.closes_on < today():
        yield _("The last day to answer lies in the past.")
    first = min((one.starts_at for one in moments), default=None)
    if first is not None and values.closes_on > first.astimezone(zone).date():
        yield _("The last day to answer lies after the first moment, {day}.").format(
            day=date_format(first.astimezone(zone), "j F Y")
        )


@transaction.atomic
def start_poll(
    *,
    actor: Actor,
    activity: Activity,
    values: PollValues,
    moments: Sequence[MomentValues],
    ask_those_there: bool = True,
) -> DatePoll:
    """Begin to look for a date; whoever takes part or is invited already is asked along unless told otherwise.

    Raises NotAllowed, and ValidationError with all that is wrong, also when a date is being looked for already.
    """
    require(actor, "activity", "change", activity)
    fresh = locked(activity)
    if fresh.state not in LOOKED_FOR:
        raise ValidationError(_("People can register already, or it is over: change the sessions instead."))
    if found := list(problems(fresh, values, moments)):
        raise ValidationError(found)
    if fresh.polls.filter(state="open").exists():
        raise ValidationError(_("A date is being looked for already."))
    poll = DatePoll.objects.create(activity=fresh, created_by_id=getattr(actor, "pk", None), **values.columns())
    PollMoment.objects.bulk_create(_row(poll, one) for one in moments)
    _record(actor, Event.CREATED, poll)
    if ask_those_there:
        there = fresh.participations.filter(state__in=(*IN_LINE, ParticipationState.INVITED))
        guests = [
            PollGuest.objects.create(poll=poll, user=row.user, organisation=row.organisation)
            for row in there.select_related("user", "organisation").order_by("pk")
        ]
        write(guests, PollLetter.ASKED)
    return poll


def _row(poll: DatePoll, one: MomentValues) -> PollMoment:
    return PollMoment(
        poll=poll,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        meeting=Meeting(one.meeting).value,
        place=one.place.strip()[:200],
    )


def _record(actor: Actor, event: Event, poll: DatePoll, changes: Mapping[str, object] | None = None) -> None:
    audit.record(
        actor=actor, event=event, obj=poll, changes=dict(changes or {}), on_behalf_of=poll.activity.organisation
    )


@transaction.atomic
def change_poll(
    *, actor: Actor, poll: DatePoll, version: int, values: PollValues, moments: Sequence[MomentValues]
) -> DatePoll:
    """Change an open poll: its last day, its moments. Whoever answered and meets a new moment is asked again.

    A moment that keeps its `pk` keeps its answers only while it stays the same. Raises NotAllowed, EditConflict
    when a colleague was first, ValidationError.
    """
    require(actor, "date_poll", "change", poll)
    fresh = locked(poll)
    if fresh.state != "open":
        raise ValidationError(_("This poll has ended and does not change any more."))
    if found := list(problems(fresh.activity, values, moments)):
        raise ValidationError(found)
    # Two people who change the moments both touch this.
    changes = apply_changes(fresh, version, {**values.columns(), "changed_at": timezone.now()})
    del changes["changed_at"]
    new, removed = _replace_moments(fresh, moments)
    if not changes and not new and not removed:
        return fresh
    fresh.version += 1
    fresh.save()
    _record(actor, Event.CHANGED, fresh, {**readable(changes), "moments": len(moments)})
    if new:
        answered = fresh.guests.filter(answered_at__isnull=False).select_related("user", "organisation")
        write(answered, PollLetter.CHANGED)
    return fresh


def _replace_moments(poll: DatePoll, moments: Sequence[MomentValues]) -> tuple[int, int]:
    """Let a poll offer these moments and no others; gives how many are new or another, and how many went."""
    held = {one.pk: one for one in poll.moments.all()}
    kept: set[int] = set()
    new = []
    for one in moments:
        row, before = _row(poll, one), held.get(one.pk or 0)
        names = ("starts_at", "ends_at", "meeting", "place")
        if before is not None and all(getattr(before, name) == getattr(row, name) for name in names):
            kept.add(before.pk)
        else:
            new.append(row)
    removed = held.keys() - kept
    poll.moments.filter(pk__in=removed).delete()
    PollMoment.objects.bulk_create(new)
    return len(new), len(removed)


@transaction.atomic
def ask(
    *,
    actor: Actor,
    poll: DatePoll,
    members: Iterable[Membership] = (),
    organisations: Iterable[Organisation] = (),
) -> list[PollGuest]:
    """Ask people, and organisations as a whole, by mail; gives those who were not asked before.

    Raises NotAllowed for somebody whom the actor may not see, ValidationError for a poll that takes no answers.
    """
    require(actor, "date_poll", "change", poll)
    fresh = locked(poll)
    if not fresh.takes_answers():
        raise ValidationError(_("This poll takes no answers any more. Give it a later last day first."))
    people = {one.user_id: one for one in members}
    seen = contact_persons(actor).filter(pk__in=[one.pk for one in people.values()])
    if len(set(seen.values_list("pk", flat=True))) < len(people):
        raise NotAllowed(_("You can invite only people whom you may see as contact persons."))
    there = fresh.guests.values_list("user", "organisation")
    persons = {user for user, _organisation in there if user}
    whole = {organisation for user, organisation in there if not user}
    rows = [
        PollGuest(poll=fresh, user=one.user, organisation=one.organisation)
        for one in people.values()
        if one.user_id not in persons
    ] + [PollGuest(poll=fresh, organisation=one) for one in organisations if one.pk not in whole]
    if len(there) + len(rows) > MOST_GUESTS:
        raise ValidationError(_("A poll asks at most {number}.").format(number=MOST_GUESTS))
    PollGuest.objects.bulk_create(rows)
    if rows:
        _record(actor, Event.CHANGED, fresh, {"asked": [str(row) for row in rows][:50]})
        write(rows, PollLetter.ASKED)
    return rows


@transaction.atomic
def take_off(*, actor: Actor, guest: PollGuest) -> None:
    """Ask somebody no longer; what they answered goes too. Raises NotAllowed, ValidationError after the end."""
    require(actor, "date_poll", "change", guest.poll)
    fresh = locked(guest.poll)
    if fresh.state != "open":
        raise ValidationError(_("This poll has ended and does not change any more."))
    _record(actor, Event.CHANGED, fresh, {"not_asked_any_more": str(guest)})
    PollGuest.objects.filter(pk=guest.pk).delete()


def guests_of(actor: Actor, poll: DatePoll, guests: list[PollGuest] | None = None) -> list[PollGuest]:
    """Give for whom the actor answers in a poll: in person first, then own organisations as a whole. One query.

    None when all `guests` of the poll are given.
    """
    standing = standing_of(actor)
    rows = guests
    if rows is None:
        rows = list(poll.guests.select_related("user", "organisation", "answered_by"))
    mine = [row for row in rows if row.user_id and row.user_id == standing.user_id]
    return mine + [row for row in rows if not row.user_id and row.organisation_id in standing.organisations]


@transaction.atomic
def answer(
    *, actor: User, poll: DatePoll, guest: PollGuest, replies: Mapping[int, str], note: str = ""
) -> PollGuest:
    """Answer about every moment (by primary key), or answer anew.

    Raises NotAllowed when this is not the actor's to answer, PollClosed after the end, ValidationError when a
    moment has no answer or the moments were changed meanwhile.
    """
    require(actor, "date_poll", "answer", poll)
    fresh = locked(poll)
    if guest.pk not in {one.pk for one in guests_of(actor, fresh)}:
        raise NotAllowed(_("Somebody else is asked here."))
    if not fresh.takes_answers():
        raise PollClosed(closed_in_words(fresh))
    moments = set(fresh.moments.values_list("pk", flat=True))
    if set(replies) - moments:
        raise ValidationError(_("The moments have changed. Look at them again; what you chose is still here."))
    if moments - set(replies):
        raise ValidationError(_("Answer about every moment."))
    for pk, reply in replies.items():
        PollAnswer.objects.update_or_create(guest=guest, moment_id=pk, defaults={"reply": Reply(reply).value})
    guest.note, guest.answered_by, guest.answered_at = note.strip()[:300], actor, timezone.now()
    guest.save(update_fields=["note", "answered_by", "answered_at"])
    audit.record(
        actor=actor,
        event=Event.CHANGED,
        obj=fresh,
        changes={"answered": str(guest)},
        on_behalf_of=guest.organisation,
    )
    return guest


def closed_in_words(poll: DatePoll) -> str:
    """Say why one can no longer answer, and what came of it."""
    if poll.state == "stopped":
        return _("The organiser called this poll off. Your answers were not saved; nothing is expected of you.")
    if poll.state == "decided" and poll.chosen is not None:
        when = in_words(SessionTime(poll.chosen.starts_at, poll.chosen.ends_at), poll.activity.zone)
        text = _(
            "The date has been chosen: {when}. Your answers were not saved; on the activity you say if you come."
        )
        return text.format(when=when)
    text = _(
        "The last day to answer was {day}. Your answers were not saved, but they are still here: ask the "
        "organiser for a later last day and send them again."
    )
    return text.format(day=date_format(poll.closes_on, "j F Y"))


@transaction.atomic
def stop_poll(*, actor: Actor, poll: DatePoll, reason: str = "") -> DatePoll:
    """Call a poll off; whoever was asked gets a mail. Raises NotAllowed, TransitionRefused."""
    workflow.take(POLL, "stop", poll, actor=actor, reason=reason)
    poll.refresh_from_db()
    guests = poll.guests.select_related("user", "organisation", "answered_by")
    write(guests, PollLetter.STOPPED, reason=reason.strip())
    return poll
