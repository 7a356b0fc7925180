"""An organiser picks a moment: it becomes the session, everybody gets the appointment, the poll ends."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity, DatePoll, Participation, PollAnswer, PollMoment
from activities.models.activity import ActivityState, ParticipationState
from activities.models.date_poll import Reply
from activities.selectors.polls import unanswered
from activities.services import agenda
from activities.services.letters import Letter
from activities.services.letters import write as write_places
from activities.services.places import IN_LINE, free_places, put
from activities.services.poll_letters import PollLetter, readers_of, write
from activities.services.polls import LOOKED_FOR
from activities.services.sessions import SessionTime
from activities.workflow.date_poll import POLL
from nss_portal.core import audit, workflow
from nss_portal.core.access import Actor, require
from nss_portal.core.editing import locked
from nss_portal.core.models.audit import Event

# So many days before the last day those who have not answered are reminded.
DAYS_BEFORE = 2


@transaction.atomic
def choose(*, actor: Actor, poll: DatePoll, moment: PollMoment) -> Activity:
    """Take a moment as the session of the activity, and write to everybody with the appointment.

    Whoever said yes to it has a place at once (or waits, when it is full), in the order of the answers; others are
    invited and answer on the activity. A session that stood there before goes, except of a series, which gets one
    more. A draft goes into the planning, since those who come have to see it. Raises NotAllowed, ValidationError,
    TransitionRefused.
    """
    require(actor, "date_poll", "change", poll)
    activity = locked(poll.activity)
    if activity.state not in LOOKED_FOR:
        raise ValidationError(_("People can register already, or it is over: change the sessions instead."))
    fresh = locked(poll)
    if moment.poll_id != fresh.pk:
        raise ValidationError(_("This moment is not offered here."))
    if moment.starts_at <= timezone.now():
        raise ValidationError(_("This moment has passed. Choose another one, or offer new moments."))
    workflow.take(POLL, "decide", fresh, actor=actor)
    DatePoll.objects.filter(pk=fresh.pk).update(chosen=moment, changed_at=timezone.now())
    _meet(activity, moment, actor)
    if activity.state == ActivityState.DRAFT:
        agenda.move_activity(actor=actor, activity=activity, step="plan")
    activity.refresh_from_db()
    _seat(activity, fresh, moment, actor)
    return activity


def _meet(activity: Activity, moment: PollMoment, actor: Actor) -> None:
    """Let the activity meet at a moment, where and how that says."""
    before = list(activity.sessions.all()) if activity.is_series else []
    times = [SessionTime(one.starts_at, one.ends_at, one.place, one.agenda, one.pk) for one in before]
    times.append(SessionTime(moment.starts_at, moment.ends_at, moment.place if before else ""))
    if not before:
        values = {"meeting": moment.meeting, "place": moment.place or activity.place}
        changes = {
            name: [getattr(activity, name), value]
            for name, value in values.items()
            if getattr(activity, name) != value
        }
        if changes:
            Activity.objects.filter(pk=activity.pk).update(**values)
            audit.record(
                actor=actor,
                event=Event.CHANGED,
                obj=activity,
                changes=changes,
                on_behalf_of=activity.organisation,
            )
    agenda.change_sessions(actor=actor, activity=activity, version=activity.version, times=tuple(times))


def _seat(activity: Activity, poll: DatePoll, moment: PollMoment, actor: Actor) -> None:
    """Give places to who said yes, invite the others, and write to all of them."""
    yes = PollAnswer.objects.filter(guest=OuterRef("pk"), moment=moment, reply=Reply.YES)
    guests = poll.guests.select_related("user", "organisation", "answered_by").annotate(says_yes=Exists(yes))
    there = {row.user_id: row for row in activity.participations.select_related("user", "organisation")}
    asked = readers_of(guests)
    # Who answered first comes first where there are too few places.
    asked.sort(key=lambda one: (one[0].answered_at or timezone.now(), one[0].pk))
    letters: dict[Letter, list[Participation]] = {Letter.PLACE: [], Letter.WAITING: [], Letter.INVITED: []}
    free = free_places(activity)
    for guest, user in asked:
        row = there.pop(user.pk, None)
        row = row or Participation(activity=activity, user=user, organisation=guest.organisation)
        if row.state == ParticipationState.REFUSED and row.pk:
            continue
        if not (row.pk and row.state in IN_LINE):
            state = ParticipationState.INVITED
            if getattr(guest, "says_yes", False):
                state = ParticipationState.WAITING if free == 0 else ParticipationState.REGISTERED
                free = free - 1 if free else free
            row.queued_at = timezone.now()
            put(row, state, actor)
        _sort(row, activity, letters)
    for row in there.values():
        if row.state in (*IN_LINE, ParticipationState.INVITED):
            _sort(row, activity, letters)
    for letter, rows in letters.items():
        write_places(rows, letter)


def _sort(row: Participation, activity: Activity, letters: dict[Letter, list[Participation]]) -> None:
    row.activity = activity
    kinds = {
        ParticipationState.REGISTERED: Letter.PLACE,
        ParticipationState.WAITING: Letter.WAITING,
        ParticipationState.INVITED: Letter.INVITED,
    }
    letter = kinds.get(ParticipationState(row.state))
    if letter is not None:
        letters[letter].append(row)


@transaction.atomic
def remind(*, day: date, guard: Callable[[], None]) -> int:
    """Remind those who have not answered, once, two days before the last day; gives to how many people."""
    guard()
    polls = DatePoll.objects.select_for_update(of=("self",)).filter(
        state="open", closes_on__range=(day, day + timedelta(days=DAYS_BEFORE))
    )
    number = 0
    for poll in polls.select_related("activity__organisation").order_by("pk"):
        if poll.reminded_for == poll.closes_on or timezone.localdate(poll.created_at) >= day:
            continue
        waiting = unanswered(poll.guests.select_related("user", "organisation", "answered_by"))
        for guest in waiting:
            guest.poll = poll
        number += write(waiting, PollLetter.REMINDER)
        poll.reminded_for = poll.closes_on
        poll.save(update_fields=["reminded_for"])
    return number
